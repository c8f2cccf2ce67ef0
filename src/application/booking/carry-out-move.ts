import { safeTry, type ResultAsync } from 'neverthrow';
import type { BookingPolicy } from '../../domain/booking/booking-policy.ts';
import type { InvalidTransition } from '../../domain/booking/booking-transitions.ts';
import type { Booking } from '../../domain/booking/booking.ts';
import { lapsesAt } from '../../domain/booking/taking-rules.ts';
import { moveBooking, startBooking, type Standing } from '../../domain/booking/transition-booking.ts';
import type { Slot } from '../../domain/slot/slot.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import type { Accepted } from './applied-transition.ts';
import type { LockedMove } from './lock-move.ts';
import {
  storeMoved,
  storeStarted,
  type StoreMovedError,
  type StoreStartedError,
} from './store-transition.ts';

export type CarryOutError = InvalidTransition | StoreMovedError | StoreStartedError;

interface Target {
  readonly slot: Slot;
  /** The hold by which the candidate keeps the slot already. */
  readonly held: Standing | undefined;
  readonly policy: BookingPolicy;
  readonly command: 'book' | 'request';
}

/**
 * Ends the booking in favour of another one on the target: both are written in one transaction, the old slot is free first
 * so that the guards of the database never see the candidate in two.
 */
export const carryOutMove = (
  uow: UnitOfWork,
  { from, candidate }: LockedMove,
  { slot, held, policy, command }: Target,
  accepted: Accepted,
): ResultAsync<Booking, CarryOutError> =>
  safeTry<Booking, CarryOutError>(async function* () {
    const { at } = accepted;
    const free = held === undefined ? slot : yield* release(uow, held, accepted);
    const id = yield* uow.bookings.nextId();
    const moved = yield* moveBooking('move', from, { ...accepted, movedToId: id });
    yield* storeMoved(uow, { ...accepted, command: 'move', before: from, after: moved });

    const expiresAt = command === 'book' ? undefined : lapsesAt(policy.approvalMinutes, free, at);
    const start = { id, candidateId: candidate.id, at, expiresAt, movedFrom: from.booking };
    const after = yield* startBooking(command, free, start);
    return storeStarted(uow, { ...accepted, command, before: { slot: free }, after }).map(
      ({ booking }) => booking,
    );
  });

/** A slot that the candidate held while choosing becomes free for what they have chosen. */
const release = (
  uow: UnitOfWork,
  held: Standing,
  accepted: Accepted,
): ResultAsync<Slot, InvalidTransition | StoreMovedError> =>
  moveBooking('release', held, accepted).asyncAndThen((after) =>
    storeMoved(uow, { ...accepted, command: 'release', before: held, after }).map(({ slot }) => slot),
  );
