import { err, ok, safeTry, type ResultAsync } from 'neverthrow';
import type { Actor } from '../../domain/shared/actor.ts';
import { fail } from '../../domain/shared/fail.ts';
import type { Instant } from '../../domain/shared/instant.ts';
import type { Page, PageRequest } from '../../domain/shared/page.ts';
import type { RepositoryError } from '../../domain/shared/repository-error.ts';
import { invalid, type ValidationError } from '../../domain/shared/validation-error.ts';
import type { SlotFilter } from '../../domain/slot/slot-queries.ts';
import { activeSlotStatuses } from '../../domain/slot/slot-status.ts';
import type { Slot } from '../../domain/slot/slot.ts';
import type { StillBooked } from '../../domain/slot/still-booked.ts';
import type { TransactionError, UnitOfWork } from '../ports/unit-of-work.ts';
import { withdrawSlot, type WithdrawSlotError } from '../slot/withdraw-slot.ts';
import type { UseCaseContext } from '../use-case.ts';

/** What becomes of the slots ahead that candidates have. */
export type FutureSlots = 'refuse' | 'release';

export const parseFutureSlots = (given: FutureSlots | undefined) =>
  given === undefined || given === 'refuse' || given === 'release'
    ? ok<FutureSlots, ValidationError>(given ?? 'refuse')
    : invalid('futureSlots', 'must be refuse or release');

export type FreeOfBookingsError = StillBooked | WithdrawSlotError | RepositoryError | TransactionError;

/** What is to be archived, and how. */
interface Clearing<T, E> {
  readonly entity: StillBooked['entity'];
  readonly id: number;
  readonly filter: SlotFilter;
  readonly futureSlots: FutureSlots;
  readonly actor: Actor;
  readonly reason: string | undefined;
  /** Locks and changes the row: from then on nobody can take a slot of it. */
  readonly archive: (uow: UnitOfWork) => ResultAsync<T, E>;
}

/** The archived row, and the slots that were withdrawn for it. */
export interface Cleared<T> {
  readonly archived: T;
  readonly withdrawn: readonly Slot[];
}

/** Somebody took a slot after it was looked for and before the row was locked. */
interface TakenMeanwhile {
  readonly type: 'TakenMeanwhile';
}

const ATTEMPTS = 5;

/**
 * Archives a row when no candidate has a slot of it ahead: none is there, or all are withdrawn. Slots are locked before the
 * row, as everywhere; whoever takes one in between makes it start again, in a savepoint that has undone everything.
 */
export const freeOfBookings = <T, E extends { readonly type: string }>(
  context: UseCaseContext,
  uow: UnitOfWork,
  clearing: Clearing<T, E>,
): ResultAsync<Cleared<T>, E | FreeOfBookingsError> =>
  safeTry<Cleared<T>, E | FreeOfBookingsError>(async function* () {
    const { entity, id, filter } = clearing;
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      const outcome = await uow.savepoint((inner) => clear(context, inner, clearing));
      if (outcome.isOk()) return ok(outcome.value);
      if (outcome.error.type !== 'TakenMeanwhile') return err(outcome.error as E | FreeOfBookingsError);
    }
    return err(stillBooked(entity, id, yield* taken(uow, filter)));
  });

const clear = <T, E>(
  context: UseCaseContext,
  uow: UnitOfWork,
  { entity, id, filter, futureSlots, actor, reason, archive }: Clearing<T, E>,
): ResultAsync<Cleared<T>, E | FreeOfBookingsError | TakenMeanwhile> =>
  safeTry<Cleared<T>, E | FreeOfBookingsError | TakenMeanwhile>(async function* () {
    const ahead = yield* taken(uow, filter);
    if (futureSlots === 'refuse' && ahead.length > 0) return err(stillBooked(entity, id, ahead));
    const withdrawn: Slot[] = [];
    for (const { id: slotId } of ahead.toSorted((a, b) => a.id - b.id))
      withdrawn.push(
        yield* withdrawSlot(context)({ slotId, actor, ...(reason === undefined ? {} : { reason }) }, { uow }),
      );
    const archived = yield* archive(uow);
    const meanwhile = yield* taken(uow, filter);
    return meanwhile.length > 0 ? fail({ type: 'TakenMeanwhile' }) : ok({ archived, withdrawn });
  });

const stillBooked = (entity: StillBooked['entity'], id: number, slots: readonly Slot[]): StillBooked => ({
  type: 'StillBooked',
  entity,
  id,
  slotIds: slots.map((slot) => slot.id),
});

/** The slots that candidates have ahead; what has lapsed is nobody's any more. */
const taken = (uow: UnitOfWork, filter: SlotFilter): ResultAsync<readonly Slot[], RepositoryError> =>
  safeTry<readonly Slot[], RepositoryError>(async function* () {
    const now: Instant = yield* uow.now();
    const found: Slot[] = [];
    let position: PageRequest | undefined = { limit: 100 };
    while (position !== undefined) {
      const wanted = { ...filter, statuses: activeSlotStatuses, from: now };
      const page: Page<Slot> = yield* uow.slots.search(wanted, position);
      found.push(...page.items.filter((slot) => slot.startsAt.isAfter(now) && !slot.hasLapsedAt(now)));
      position = page.nextCursor === undefined ? undefined : { limit: 100, cursor: page.nextCursor };
    }
    return ok(found);
  });
