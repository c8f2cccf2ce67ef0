import { ok, Result, safeTry, type ResultAsync } from 'neverthrow';
import type { BookingNotFound } from '../../domain/booking/booking-errors.ts';
import type { BookingOutcome } from '../../domain/booking/booking-state.ts';
import type { Booking } from '../../domain/booking/booking.ts';
import type { Standing } from '../../domain/booking/transition-booking.ts';
import { parseActor, type Actor } from '../../domain/shared/actor.ts';
import { parseItems, refusedOf, type RefusedItem } from '../../domain/shared/bulk.ts';
import { parseBookingId, type BookingId } from '../../domain/shared/id.ts';
import { parseObject } from '../../domain/shared/input.ts';
import { present } from '../../domain/shared/present.ts';
import type { RepositoryError } from '../../domain/shared/repository-error.ts';
import type { ValidationError } from '../../domain/shared/validation-error.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import { runCommand, type CommandError } from '../run-command.ts';
import type { UseCaseContext, UseCaseOptions } from '../use-case.ts';
import type { Accepted, AppliedMove } from './applied-transition.ts';
import { decideOutcome, parseOutcome, type OutcomeRefused } from './decide-outcome.ts';
import { parseReason } from './reason.ts';
import type { RecordOutcome } from './record-outcome.ts';
import { storeMany, type StoreMovedError } from './store-transition.ts';

/** What became of several interviews. */
export interface RecordOutcomes {
  /** 1 to 1,000. */
  readonly outcomes: readonly Omit<RecordOutcome, 'actor'>[];
  readonly actor: Actor;
}

/** Why one of many outcomes was not recorded. */
export type OutcomeNotRecorded = ValidationError | BookingNotFound | OutcomeRefused;

/** What became of each, in the order given. */
export interface RecordedOutcomes {
  readonly bookings: readonly Booking[];
  readonly refused: readonly RefusedItem<OutcomeNotRecorded>[];
}

export type RecordOutcomesError = StoreMovedError | CommandError;

const MOST = 1_000;

interface ParsedOutcome {
  readonly id: BookingId;
  readonly outcome: BookingOutcome;
  readonly reason: string | undefined;
}

/**
 * Records many outcomes in one transaction, each by the rules of `recordOutcome`; one that is refused keeps none of the
 * others from being recorded. Only what keeps the database from answering at all is an error of the whole. About ten
 * statements for all of them, and three more for each request to reschedule that ends.
 */
export const recordOutcomes =
  (context: UseCaseContext) =>
  (
    command: RecordOutcomes,
    options: UseCaseOptions = {},
  ): ResultAsync<RecordedOutcomes, RecordOutcomesError> =>
    runCommand(context, options, { name: 'booking.recordOutcomes', input: command }, (uow) =>
      safeTry<RecordedOutcomes, RecordOutcomesError>(async function* () {
        const actor = yield* parseActor(command.actor);
        const items = yield* parseItems(command.outcomes, 'outcomes', MOST);
        const parsed = items.map((item) => parseItem(item, actor));
        const ids = parsed.flatMap((item) => (item.isOk() ? [item.value.id] : []));
        const standings = yield* lockStandings(uow, ids);
        const { results, moves } = decideAll(parsed, standings, { at: yield* uow.now(), actor });
        for (const { after } of yield* storeMany(uow, moves)) standings.set(after.booking.id, after);
        return ok({
          bookings: results.flatMap((result) => {
            const standing = result.isOk() ? standings.get(result.value) : undefined;
            return standing === undefined ? [] : [standing.booking];
          }),
          refused: refusedOf(results),
        });
      }),
    );

const parseItem = (
  item: Omit<RecordOutcome, 'actor'>,
  actor: Actor,
): Result<ParsedOutcome, ValidationError> =>
  parseObject(item, 'outcomes').andThen(({ bookingId, outcome, reason }) =>
    Result.combine([
      parseBookingId(bookingId, 'bookingId'),
      parseOutcome(outcome),
      parseReason(reason, actor),
    ]).map(([id, valid, why]) => ({ id, outcome: valid, reason: why })),
  );

/** Locks the slots of bookings by ascending id, so that two lists never wait for each other, then reads both. */
const lockStandings = (
  uow: UnitOfWork,
  ids: readonly BookingId[],
): ResultAsync<Map<BookingId, Standing>, RepositoryError> =>
  safeTry<Map<BookingId, Standing>, RepositoryError>(async function* () {
    // Whose slot a booking is of never changes.
    const found = yield* uow.bookings.getMany(ids);
    const locked = yield* uow.slots.lockMany([...found.values()].map(({ slotId }) => slotId));
    const slots = new Map(locked.map((slot) => [slot.id, slot]));
    const bookings = yield* uow.bookings.getMany([...found.keys()]);
    return ok(
      new Map(
        [...bookings].flatMap(([id, booking]) => {
          const slot = slots.get(booking.slotId);
          return slot === undefined ? [] : [[id, { slot, booking }] as const];
        }),
      ),
    );
  });

/** What each outcome comes to, one after the other: a booking that is named twice has its outcome the second time. */
function decideAll(
  parsed: readonly Result<ParsedOutcome, ValidationError>[],
  standings: ReadonlyMap<BookingId, Standing>,
  accepted: Accepted,
): {
  readonly results: readonly Result<BookingId, OutcomeNotRecorded>[];
  readonly moves: readonly AppliedMove[];
} {
  const moves = new Map<BookingId, AppliedMove>();
  const results = parsed.map((item): Result<BookingId, OutcomeNotRecorded> =>
    item.andThen(({ id, outcome, reason }): Result<BookingId, OutcomeNotRecorded> =>
      present<BookingNotFound>({ type: 'BookingNotFound', id })(moves.get(id)?.after ?? standings.get(id))
        .andThen((before): Result<AppliedMove | undefined, OutcomeNotRecorded> =>
          decideOutcome(before, { ...accepted, outcome, reason }),
        )
        .map((move) => {
          if (move !== undefined) moves.set(id, move);
          return id;
        }),
    ),
  );
  return { results, moves: [...moves.values()] };
}
