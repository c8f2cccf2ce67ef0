import { err, ok, type Result } from 'neverthrow';
import type { Actor } from '../shared/actor.ts';
import type { BookingId, CandidateId } from '../shared/id.ts';
import type { Instant } from '../shared/instant.ts';
import { slotInStatus } from '../slot/slot-in-status.ts';
import type { occupiedSlotStatuses } from '../slot/slot-status.ts';
import type { Slot } from '../slot/slot.ts';
import { isLive, type BookingOutcome, type BookingState } from './booking-state.ts';
import { transitions, type BookingCommand, type InvalidTransition } from './booking-transitions.ts';
import { Booking, type BookingProps } from './booking.ts';

/** A slot and the booking it points at: they only ever change together. */
export interface Standing {
  readonly slot: Slot;
  readonly booking: Booking;
}

/** The states a booking can be in while a slot in this status points at it. */
export const bookingStatesUnder = {
  pending: ['held', 'offered', 'requested'],
  booked: ['booked'],
  confirmed: ['confirmed'],
  completed: ['completed'],
} as const satisfies Readonly<Record<(typeof occupiedSlotStatuses)[number], readonly BookingState[]>>;

type Starting = 'hold' | 'request' | 'book' | 'offer';
type Moving = Exclude<BookingCommand, Starting | 'withdraw'>;

/** What a command brings along beside the standing it changes. */
export interface Change {
  readonly at: Instant;
  readonly actor: Actor;
  readonly reason?: string | undefined;
  /** New end of the hold or request; only `requestHeld` needs one. */
  readonly expiresAt?: Instant | undefined;
  /** The booking that takes over; only `move` has one. */
  readonly movedToId?: BookingId | undefined;
  /** What became of the interview; `complete` may leave it out, `recordOutcome` may not. */
  readonly outcome?: BookingOutcome | undefined;
}

/** What a booking begins with. */
export interface Start {
  readonly id: BookingId;
  readonly candidateId: CandidateId;
  readonly at: Instant;
  readonly expiresAt?: Instant | undefined;
  /** The booking it takes over from. */
  readonly movedFrom?: Booking | undefined;
}

/** Starts a booking of a free slot. The booking's id is drawn before, so that the slot can point at it. */
export function startBooking(
  command: Starting,
  slot: Slot,
  start: Start,
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
      outcome: undefined,
      movedFromId: start.movedFrom?.id,
      movedToId: undefined,
      rescheduleCount: start.movedFrom === undefined ? 0 : start.movedFrom.rescheduleCount + 1,
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
        // Whoever accepts an offer was approved by it.
        approvedAt: booking.approvedAt ?? (isApproved(state) ? change.at : undefined),
        confirmedAt: state === 'confirmed' ? change.at : booking.confirmedAt,
        ...(ended ? endOf(booking, change) : {}),
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

const isApproved = (state: BookingState): boolean => state === 'booked' || state === 'confirmed';

/** How a booking ends; what is recorded of one that has ended does not change when and how it did. */
const endOf = (
  { endedAt, endedBy, endReason }: Booking,
  { at, actor, reason, movedToId, outcome }: Change,
): Partial<BookingProps> => ({
  ...(endedAt === undefined
    ? { endedAt: at, endedBy: actor, endReason: reason }
    : { endedAt, endedBy, endReason }),
  movedToId,
  outcome,
});

/** Whether a booking is in a state in which the command exists, for those who must know before they lock its slot. */
export const mayMove = (command: Moving, { state }: Booking): Result<void, InvalidTransition> =>
  allow(command, state, transitions[command].booking);

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
