import { err, ok, type Result } from 'neverthrow';
import type { Actor } from '../shared/actor.ts';
import type { BookingId, CandidateId } from '../shared/id.ts';
import type { Instant } from '../shared/instant.ts';
import { slotInStatus } from '../slot/slot-in-status.ts';
import type { occupiedSlotStatuses } from '../slot/slot-status.ts';
import type { Slot } from '../slot/slot.ts';
import { isLive, type BookingState } from './booking-state.ts';
import { transitions, type BookingCommand, type InvalidTransition } from './booking-transitions.ts';
import { Booking } from './booking.ts';

/** A slot and the booking it points at: they only ever change together. */
export interface Standing {
  readonly slot: Slot;
  readonly booking: Booking;
}

/** The states a booking can be in while a slot in this status points at it. */
export const bookingStatesUnder = {
  pending: ['held', 'requested'],
  booked: ['booked'],
  confirmed: ['confirmed'],
  completed: ['completed'],
} as const satisfies Readonly<Record<(typeof occupiedSlotStatuses)[number], readonly BookingState[]>>;

type Starting = 'hold' | 'request' | 'book';
type Moving = Exclude<BookingCommand, Starting | 'withdraw'>;

/** What a command brings along beside the standing it changes. */
export interface Change {
  readonly at: Instant;
  readonly actor: Actor;
  readonly reason?: string | undefined;
  /** New end of the hold or request; only `requestHeld` needs one. */
  readonly expiresAt?: Instant | undefined;
}

/** Starts a booking of a free slot. The booking's id is drawn before, so that the slot can point at it. */
export function startBooking(
  command: Starting,
  slot: Slot,
  start: { id: BookingId; candidateId: CandidateId; at: Instant; expiresAt?: Instant | undefined },
): Result<Standing, InvalidTransition> {
  const { slot: slotMove, booking: bookingMove } = transitions[command];
  return allow(command, slot.status, slotMove).map(() => {
    const booking = new Booking({
      id: start.id,
      slotId: slot.id,
      candidateId: start.candidateId,
      purpose: slot.purpose,
      state: bookingMove.to,
      createdAt: start.at,
      expiresAt: start.expiresAt,
      approvedAt: bookingMove.to === 'booked' ? start.at : undefined,
      confirmedAt: undefined,
      endedAt: undefined,
      endedBy: undefined,
      endReason: undefined,
      version: 1,
    });
    return {
      booking,
      slot: slotInStatus(slot, slotMove.to, {
        candidateId: start.candidateId,
        currentBookingId: start.id,
        holdExpiresAt: start.expiresAt,
      }),
    };
  });
}

/** Moves a live booking and its slot on, or ends the booking. */
export function moveBooking(
  command: Moving,
  { slot, booking }: Standing,
  change: Change,
): Result<Standing, InvalidTransition> {
  const { slot: slotMove, booking: bookingMove } = transitions[command];
  return allow(command, booking.state, bookingMove)
    .andThen(() => allow(command, slot.status, slotMove))
    .map(() => {
      const state: BookingState = bookingMove.to;
      const ended = !isLive(state);
      const expiresAt = slotMove.to === 'pending' ? change.expiresAt : undefined;
      const moved = new Booking({
        ...booking,
        state,
        expiresAt,
        approvedAt: state === 'booked' ? change.at : booking.approvedAt,
        confirmedAt: state === 'confirmed' ? change.at : booking.confirmedAt,
        endedAt: ended ? change.at : undefined,
        endedBy: ended ? change.actor : undefined,
        endReason: ended ? change.reason : undefined,
      });
      return {
        booking: moved,
        slot: slotInStatus(slot, slotMove.to, {
          candidateId: booking.candidateId,
          currentBookingId: booking.id,
          holdExpiresAt: expiresAt,
        }),
      };
    });
}

/** Takes a free slot off the board. */
export const withdrawFree = (slot: Slot): Result<Slot, InvalidTransition> =>
  allow('withdraw', slot.status, transitions.withdraw.slot).map(() =>
    slotInStatus(slot, transitions.withdraw.slot.to),
  );

function allow<State extends InvalidTransition['from']>(
  command: BookingCommand,
  from: State,
  move: { readonly from: readonly State[]; readonly to: State },
): Result<void, InvalidTransition> {
  return move.from.includes(from) ? ok() : err({ type: 'InvalidTransition', command, from, to: move.to });
}
