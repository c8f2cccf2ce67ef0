import { ok, Result } from 'neverthrow';
import type { SlotId } from '../../../domain/shared/id.ts';
import type { CorruptRecord } from '../../../domain/shared/repository-error.ts';
import type { Slot } from '../../../domain/slot/slot.ts';
import { readSlotId, slotsAsJson } from '../../records/slot-record.ts';
import { toStatementFailure } from '../error-mapping.ts';
import { rawRows } from '../raw-rows.ts';
import type { Db } from '../rows/tables.ts';
import { insertFittingSlots, insertSlots } from './slot-statements.ts';

/**
 * Stores the new slots of one batch that collide with nothing; answers their ids. Looking for collisions before each row
 * costs an eighth of the time, so at first it is done without: mostly there is none.
 */
export async function storeBatch(
  db: Db,
  schema: string,
  batch: readonly Slot[],
): Promise<Result<readonly SlotId[], CorruptRecord>> {
  const slots = slotsAsJson(batch);
  await rawRows(db, 'savepoint slotwise_batch', []);
  try {
    await rawRows(db, insertSlots(schema), [slots]);
  } catch (cause) {
    if (!isCollision(cause)) throw cause;
    await rawRows(db, 'rollback to savepoint slotwise_batch', []);
    const stored = await rawRows(db, insertFittingSlots(schema), [slots]);
    await rawRows(db, 'release savepoint slotwise_batch', []);
    return Result.combine(stored.map(readSlotId));
  }
  await rawRows(db, 'release savepoint slotwise_batch', []);
  return ok(batch.map(({ id }) => id));
}

function isCollision(cause: unknown): boolean {
  const failure = toStatementFailure('slots.addMany', cause);
  return failure.type === 'ConstraintViolation' && failure.sqlState === '23P01';
}
