import type { BookingCommand } from '../../domain/booking/booking-transitions.ts';
import type { Booking } from '../../domain/booking/booking.ts';
import type { Standing } from '../../domain/booking/transition-booking.ts';
import type { Actor } from '../../domain/shared/actor.ts';
import type { Instant } from '../../domain/shared/instant.ts';
import type { Slot } from '../../domain/slot/slot.ts';

/** When a command was accepted, whose it was and why. */
export interface Accepted {
  readonly at: Instant;
  readonly actor: Actor;
  readonly reason?: string | undefined;
}

/** A row of the state machine, as it was applied. */
export interface AppliedTransition extends Accepted {
  readonly command: BookingCommand;
  readonly before: { readonly slot: Slot; readonly booking?: Booking | undefined };
  readonly after: { readonly slot: Slot; readonly booking?: Booking | undefined };
}

/** One of a slot that somebody had. */
export interface AppliedMove extends AppliedTransition {
  readonly before: Standing;
  readonly after: Standing;
}

export const isMove = (transition: AppliedTransition): transition is AppliedMove =>
  transition.before.booking !== undefined && transition.after.booking !== undefined;
