import { ok, safeTry, type Result, type ResultAsync } from 'neverthrow';
import type { TransactionError } from '../../application/ports/unit-of-work.ts';
import type { BookingNotFound } from '../../domain/booking/booking-errors.ts';
import type { BookingState } from '../../domain/booking/booking-state.ts';
import type { InvalidTransition } from '../../domain/booking/booking-transitions.ts';
import { moveBooking, startBooking, type Standing } from '../../domain/booking/transition-booking.ts';
import type { CandidateNotFound } from '../../domain/candidate/candidate-errors.ts';
import type { Candidate } from '../../domain/candidate/candidate.ts';
import type { BookingId } from '../../domain/shared/id.ts';
import type { Instant } from '../../domain/shared/instant.ts';
import type { RepositoryError, StaleVersion } from '../../domain/shared/repository-error.ts';
import { MINUTE } from '../../domain/shared/time-range.ts';
import type { SlotNotFound } from '../../domain/slot/slot-errors.ts';
import type { SlotConflict } from '../../domain/slot/slot-repository.ts';
import type { Slot } from '../../domain/slot/slot.ts';
import type { Slotwise } from '../../infrastructure/slotwise.ts';

export interface SeedBooking {
  /** A free slot, as it is stored. */
  readonly slot: Slot;
  readonly candidate: Candidate;
  /** `requested` when left out. */
  readonly state?: BookingState;
  /** When a hold or request lapses, possibly in the past; in an hour when left out. */
  readonly expiresAt?: Instant;
}

export type SeedBookingError =
  | InvalidTransition
  | SlotNotFound
  | SlotConflict
  | CandidateNotFound
  | BookingNotFound
  | StaleVersion
  | RepositoryError
  | TransactionError;

type Start = Parameters<typeof startBooking>[0];
type Move = Parameters<typeof moveBooking>[0];

const paths: Readonly<Record<BookingState, readonly [Start, Move?]>> = {
  held: ['hold'],
  offered: ['offer'],
  requested: ['request'],
  booked: ['book'],
  confirmed: ['book', 'confirm'],
  completed: ['book', 'complete'],
  canceled: ['book', 'cancel'],
  rejected: ['request', 'reject'],
  expired: ['hold', 'expire'],
  moved: ['book', 'move'],
};

/** Stores a booking in any state, and its slot as that state leaves it, without asking the rules of the use cases. */
export const seedBooking = (sdk: Slotwise, seed: SeedBooking): ResultAsync<Standing, SeedBookingError> =>
  sdk.transaction((uow) =>
    safeTry<Standing, SeedBookingError>(async function* () {
      const id = yield* uow.bookings.nextId();
      const now = yield* uow.now();
      // One that was moved has another one to have been moved to, which may have come to nothing.
      const movedToId = seed.state === 'moved' ? yield* uow.bookings.nextId() : undefined;
      const standing = yield* standingOf(seed, { id, now, movedToId });
      const slot = yield* uow.slots.update(standing.slot);
      const booking = yield* uow.bookings.add(standing.booking);
      if (movedToId !== undefined) {
        const successor = yield* standingOf({ ...seed, state: 'canceled' }, { id: movedToId, now });
        yield* uow.bookings.add(successor.booking);
      }
      return ok({ slot, booking });
    }),
  );

function standingOf(
  { slot, candidate, state = 'requested', expiresAt }: SeedBooking,
  { id, now, movedToId }: { id: BookingId; now: Instant; movedToId?: BookingId | undefined },
): Result<Standing, InvalidTransition> {
  const [start, move] = paths[state];
  const lapses = start === 'book' ? undefined : (expiresAt ?? now.plus(60 * MINUTE));
  const started = startBooking(start, slot, { id, candidateId: candidate.id, at: now, expiresAt: lapses });
  return move === undefined
    ? started
    : started.andThen((standing) =>
        moveBooking(move, standing, { at: now, actor: { kind: 'system' }, movedToId }),
      );
}
