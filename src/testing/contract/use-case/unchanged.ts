import assert from 'node:assert/strict';
import type { Candidate } from '../../../domain/candidate/candidate.ts';
import type { Slot } from '../../../domain/slot/slot.ts';
import type { Slotwise } from '../../../infrastructure/slotwise.ts';
import { ending } from '../contract-subject.ts';
import { expectErr, expectOk, type Outcome } from '../outcome.ts';

/** The rows that a command could touch. */
export interface Witnesses {
  readonly slots?: readonly Slot[];
  readonly candidates?: readonly Candidate[];
}

/** Expects this error of a command, and that the command left everything as it was. */
export async function refuses<E extends { readonly type: string }, Type extends E['type']>(
  sdk: Slotwise,
  witnesses: Witnesses,
  command: () => Outcome<unknown, E>,
  type: Type,
  fields: Partial<Extract<E, { readonly type: Type }>> = {},
): Promise<Extract<E, { readonly type: Type }>> {
  const before = await picture(sdk, witnesses);
  const error = await expectErr(command(), type, fields);
  assert.deepEqual(await picture(sdk, witnesses), before, `${type}, but something was written`);
  return error;
}

/** Everything about the witnesses as it is stored, past every cache. */
const picture = (sdk: Slotwise, { slots = [], candidates = [] }: Witnesses): Promise<unknown> =>
  ending(sdk, async (open) => {
    const uow = open();
    const rows: unknown[] = [];
    for (const { id, recruiterId } of slots) {
      rows.push(await expectOk(uow.slots.getForUpdate(id)));
      rows.push(await expectOk(uow.slots.getFreeForRecruiter(recruiterId)));
    }
    for (const { id } of candidates)
      rows.push(await expectOk(uow.bookings.listForCandidate(id, { limit: 100 })));
    return rows;
  });
