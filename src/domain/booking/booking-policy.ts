import { ok, type Result } from 'neverthrow';
import { parseObject } from '../shared/input.ts';
import { MINUTE } from '../shared/time-range.ts';
import { invalid, type ValidationError } from '../shared/validation-error.ts';
import { slotLimits } from '../slot/slot.ts';

/** The rules bookings follow; all times in minutes. */
export interface BookingPolicy {
  /** `manual`: a recruiter approves each request. `auto`: a reservation is booked at once. */
  readonly approval: 'manual' | 'auto';
  /** How long a candidate may hold a slot while choosing. */
  readonly holdMinutes: number;
  /** How long a recruiter has to approve a request. */
  readonly approvalMinutes: number;
  /** How long before the start a slot can last be reserved. */
  readonly minNoticeMinutes: number;
  /** How far ahead slots can be reserved; unset for no limit. */
  readonly horizonMinutes: number | undefined;
  /** Minutes around the displayed time in which the recruiter is not free either. */
  readonly bufferBeforeMinutes: number;
  readonly bufferAfterMinutes: number;
  /** How long before the start a candidate can last cancel. */
  readonly freezeMinutes: number;
  /** Active bookings one candidate may have at a time; unset for no limit. */
  readonly maxActivePerCandidate: number | undefined;
}

export const defaultBookingPolicy: BookingPolicy = Object.freeze({
  approval: 'manual',
  holdMinutes: 5,
  approvalMinutes: 48 * 60,
  minNoticeMinutes: 0,
  horizonMinutes: undefined,
  bufferBeforeMinutes: 0,
  bufferAfterMinutes: 0,
  freezeMinutes: 0,
  maxActivePerCandidate: undefined,
});

/** A century: with more, a deadline could lie outside the range of instants. */
const LARGEST = 100 * 366 * 24 * 60;

/** Fills what is left out from the defaults; fractions of a minute are allowed except in buffers. */
export const parseBookingPolicy = (
  input: Partial<BookingPolicy> = {},
): Result<BookingPolicy, ValidationError> => parseObject(input, 'policies.booking').andThen(parseRules);

function parseRules(input: Partial<BookingPolicy>): Result<BookingPolicy, ValidationError> {
  // A rule whose name is misspelt would silently not apply.
  const unknown = Object.keys(input).find((key) => !Object.hasOwn(defaultBookingPolicy, key));
  if (unknown !== undefined) return invalid(`policies.booking.${unknown}`, 'is no rule of bookings');
  const given = Object.entries(input).filter(([, value]) => value !== undefined);
  const policy: BookingPolicy = { ...defaultBookingPolicy, ...Object.fromEntries(given) };
  if (policy.approval !== 'manual' && policy.approval !== 'auto')
    return invalid('policies.booking.approval', 'must be manual or auto');
  for (const [field, value] of Object.entries(policy)) {
    if (field === 'approval' || value === undefined) continue;
    if (typeof value !== 'number' || !(value >= 0 && value <= LARGEST))
      return invalid(`policies.booking.${field}`, `must be a number from 0 to ${LARGEST}`);
  }
  for (const field of ['bufferBeforeMinutes', 'bufferAfterMinutes'] as const) {
    // Slots refuse other buffers, so nothing could ever be published.
    if (!Number.isInteger(policy[field]) || policy[field] > slotLimits.maxBufferMinutes)
      return invalid(
        `policies.booking.${field}`,
        `must be an integer from 0 to ${slotLimits.maxBufferMinutes}`,
      );
  }
  if (policy.holdMinutes === 0 || policy.approvalMinutes === 0)
    return invalid('policies.booking', 'a hold and an approval must last longer than 0 minutes');
  return ok(Object.freeze(policy));
}

export const inMilliseconds = (minutes: number): number => minutes * MINUTE;
