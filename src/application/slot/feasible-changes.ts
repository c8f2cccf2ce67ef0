import { ok, safeTry, type Result, type ResultAsync } from 'neverthrow';
import { periodBlocked, type PeriodBlocked } from '../../domain/blocked-period/blocked-period-errors.ts';
import type { RefusedItem } from '../../domain/shared/bulk.ts';
import type { RepositoryError } from '../../domain/shared/repository-error.ts';
import { settleChanges, type PlacedChange } from '../../domain/slot/settle-changes.ts';
import type { SlotConflict } from '../../domain/slot/slot-repository.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import { partition, type NamedSlot } from './bulk-change.ts';

/** What can be made of what is wanted. */
export interface Feasible<E> {
  readonly changes: readonly PlacedChange[];
  readonly refused: readonly RefusedItem<E | SlotConflict | PeriodBlocked>[];
}

/**
 * Which of the wanted changes can be made together: none into a blocked period, none over another slot, be it one that
 * was not named, one that cannot be changed, or another one that changes too.
 */
export const feasibleChanges = <E>(
  uow: UnitOfWork,
  named: readonly NamedSlot[],
  change: (slot: NamedSlot['slot']) => Result<NamedSlot['slot'], E>,
): ResultAsync<Feasible<E>, RepositoryError> =>
  safeTry<Feasible<E>, RepositoryError>(async function* () {
    const wanted = partition(
      named.map(({ index, slot }) => ({
        index,
        outcome: change(slot).map((after): PlacedChange => ({ index, before: slot, after })),
      })),
    );
    const afterwards = wanted.done.map(({ after }) => after);
    const blocking = yield* uow.blockedPeriods.lockBlocking(afterwards);
    const conflicts = yield* uow.slots.findConflicts(afterwards);
    const impossible: RefusedItem<SlotConflict | PeriodBlocked>[] = [];
    const possible: PlacedChange[] = [];
    for (const [place, item] of wanted.done.entries()) {
      const period = blocking.get(place);
      const error = period === undefined ? conflicts.get(place) : periodBlocked(period);
      if (error === undefined) possible.push(item);
      else impossible.push({ index: item.index, error });
    }
    // Those that were asked about did not count as others, so whoever stays of them is looked at here.
    const staying = wanted.done.filter((item) => !possible.includes(item)).map(({ before }) => before);
    const settled = settleChanges(possible, staying);
    return ok({
      changes: settled.changes,
      refused: [...wanted.refused, ...impossible, ...settled.refused],
    });
  });
