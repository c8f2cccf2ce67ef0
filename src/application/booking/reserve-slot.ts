import type { ResultAsync } from 'neverthrow';
import type { Booking } from '../../domain/booking/booking.ts';
import type { UseCaseContext, UseCaseOptions } from '../use-case.ts';
import { takeSlot, type TakeSlot, type TakeSlotError } from './take-slot.ts';

/** Reserves a free slot, or the one the candidate holds. */
export type ReserveSlot = TakeSlot;
export type ReserveSlotError = TakeSlotError;

/**
 * Reserves the slot: requested until a recruiter approves, or booked at once where the policy says `auto`. Of any
 * number of candidates at the same time exactly one wins; the others get `SlotTaken` with alternatives. Reserving a
 * slot one already has answers the same booking, so a repeated call is safe.
 */
export const reserveSlot =
  (context: UseCaseContext) =>
  (command: ReserveSlot, options: UseCaseOptions = {}): ResultAsync<Booking, ReserveSlotError> =>
    takeSlot(context, 'reserve', command, options);
