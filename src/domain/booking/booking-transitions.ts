import type { SlotStatus } from '../slot/slot-status.ts';
import type { BookingState } from './booking-state.ts';

/** One row of the state machine: what a command takes the slot, and the booking that holds it, from and to. */
interface Transition {
  readonly slot: { readonly from: readonly SlotStatus[]; readonly to: SlotStatus };
  /** `from: 'none'` starts a booking; without `booking` the slot has none before and after. */
  readonly booking?: { readonly from: readonly BookingState[] | 'none'; readonly to: BookingState };
}

/**
 * Every change of status there is; a pair that is not listed is an `InvalidTransition`.
 * `publish` has no row: it creates the slot as `free`.
 */
export const transitions = {
  hold: { slot: { from: ['free'], to: 'pending' }, booking: { from: 'none', to: 'held' } },
  request: { slot: { from: ['free'], to: 'pending' }, booking: { from: 'none', to: 'requested' } },
  book: { slot: { from: ['free'], to: 'booked' }, booking: { from: 'none', to: 'booked' } },
  offer: { slot: { from: ['free'], to: 'pending' }, booking: { from: 'none', to: 'offered' } },
  requestHeld: { slot: { from: ['pending'], to: 'pending' }, booking: { from: ['held'], to: 'requested' } },
  bookHeld: { slot: { from: ['pending'], to: 'booked' }, booking: { from: ['held'], to: 'booked' } },
  approve: { slot: { from: ['pending'], to: 'booked' }, booking: { from: ['requested'], to: 'booked' } },
  reject: { slot: { from: ['pending'], to: 'free' }, booking: { from: ['requested'], to: 'rejected' } },
  release: {
    slot: { from: ['pending'], to: 'free' },
    booking: { from: ['held', 'requested'], to: 'canceled' },
  },
  acceptOffer: {
    slot: { from: ['pending'], to: 'confirmed' },
    booking: { from: ['offered'], to: 'confirmed' },
  },
  declineOffer: { slot: { from: ['pending'], to: 'free' }, booking: { from: ['offered'], to: 'rejected' } },
  retractOffer: { slot: { from: ['pending'], to: 'free' }, booking: { from: ['offered'], to: 'canceled' } },
  expire: {
    slot: { from: ['pending'], to: 'free' },
    booking: { from: ['held', 'offered', 'requested'], to: 'expired' },
  },
  confirm: { slot: { from: ['booked'], to: 'confirmed' }, booking: { from: ['booked'], to: 'confirmed' } },
  cancel: {
    slot: { from: ['booked', 'confirmed'], to: 'free' },
    booking: { from: ['booked', 'confirmed'], to: 'canceled' },
  },
  move: {
    slot: { from: ['pending', 'booked', 'confirmed'], to: 'free' },
    booking: { from: ['requested', 'booked', 'confirmed'], to: 'moved' },
  },
  complete: {
    slot: { from: ['booked', 'confirmed'], to: 'completed' },
    booking: { from: ['booked', 'confirmed'], to: 'completed' },
  },
  recordOutcome: {
    slot: { from: ['completed'], to: 'completed' },
    booking: { from: ['completed'], to: 'completed' },
  },
  withdraw: { slot: { from: ['free'], to: 'canceled' } },
  withdrawOccupied: {
    slot: { from: ['pending', 'booked', 'confirmed'], to: 'canceled' },
    booking: { from: ['held', 'offered', 'requested', 'booked', 'confirmed'], to: 'canceled' },
  },
} as const satisfies Readonly<Record<string, Transition>>;

export type BookingCommand = keyof typeof transitions;

/** The transition that a command would make does not exist from the present state. */
export interface InvalidTransition {
  readonly type: 'InvalidTransition';
  readonly command: string;
  readonly from: SlotStatus | BookingState;
  readonly to: SlotStatus | BookingState;
}
