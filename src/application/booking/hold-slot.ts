import type { ResultAsync } from 'neverthrow';
import type { Booking } from '../../domain/booking/booking.ts';
import type { UseCaseContext, UseCaseOptions } from '../use-case.ts';
import { takeSlot, type TakeSlot, type TakeSlotError } from './take-slot.ts';

/** Keeps a free slot for a candidate who is still choosing. */
export type HoldSlot = TakeSlot;
export type HoldSlotError = TakeSlotError;

/**
 * Holds the slot for the policy's hold time; `reserve` then turns the hold into a reservation. Holding a slot one
 * already has answers the same booking.
 */
export const holdSlot =
  (context: UseCaseContext) =>
  (command: HoldSlot, options: UseCaseOptions = {}): ResultAsync<Booking, HoldSlotError> =>
    takeSlot(context, 'hold', command, options);
