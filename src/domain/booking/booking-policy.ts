import { ok, type Result } from 'neverthrow';
import { parseObject } from '../shared/input.ts';
import { MINUTE } from '../shared/time-range.ts';
import { invalid, type ValidationError } from '../shared/validation-error.ts';
import { slotLimits } from '../slot/slot-limits.ts';

/** The rules bookings follow; all times in minutes. */
export interface BookingPolicy {
  /** `manual`: a recruiter approves each request. `auto`: a reservation is booked at once. */
  readonly approval: 'manual' | 'auto';
  /** How long a candidate may hold a slot while choosing. */
  readonly holdMinutes: number;
  /** How long a recruiter has to approve a request. */
  readonly approvalMinutes: number;
  /** How long a candidate has to accept a slot that was offered. */
  readonly offerMinutes: number;
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
  /** How many times a candidate may be rescheduled; unset for no limit. */
  readonly rescheduleLimit: number | undefined;
  /** Whether a slot may be reserved on its own day, in its own time zone. */
  readonly sameDay: boolean;
}

export const defaultBookingPolicy: BookingPolicy = Object.freeze({
  approval: 'manual',
  holdMinutes: 5,
  approvalMinutes: 48 * 60,
  offerMinutes: 48 * 60,
  minNoticeMinutes: 0,
  horizonMinutes: undefined,
  bufferBeforeMinutes: 0,
  bufferAfterMinutes: 0,
  freezeMinutes: 0,
  maxActivePerCandidate: undefined,
  rescheduleLimit: undefined,
  sameDay: true,
});

/**
 * Rules that replace those of a wider circle: a slot's those of its recruiter, a recruiter's those of the city, a city's
 * the global ones. `null` takes a limit away that a wider circle has set.
 */
export type PolicyOverrides = {
  readonly [Rule in keyof BookingPolicy]?: undefined extends BookingPolicy[Rule]
    ? BookingPolicy[Rule] | null
    : BookingPolicy[Rule];
};

export const noOverrides: PolicyOverrides = Object.freeze({});

/** A century: with more, a deadline could lie outside the range of instants. */
const LARGEST = 100 * 366 * 24 * 60;

/** Fills what is left out from the defaults; fractions of a minute are allowed except in buffers. */
export const parseBookingPolicy = (
  input: Partial<BookingPolicy> = {},
): Result<BookingPolicy, ValidationError> =>
  parseRules(input, 'policies.booking', { mayLift: false }).map((rules) =>
    mergePolicies(defaultBookingPolicy, rules),
  );

/** Checks the rules that somebody or something has of its own; an immutable copy. */
export const parseOverrides = (
  input: PolicyOverrides = noOverrides,
  field = 'policy',
): Result<PolicyOverrides, ValidationError> => parseRules(input, field, { mayLift: true });

/** The rules that hold, from the widest circle to the narrowest. */
export const mergePolicies = (
  widest: BookingPolicy,
  ...narrower: readonly PolicyOverrides[]
): BookingPolicy =>
  Object.freeze(
    narrower.reduce<BookingPolicy>(
      (policy, overrides) => ({
        ...policy,
        ...Object.fromEntries(
          Object.entries(overrides)
            .filter(([, value]) => value !== undefined)
            .map(([rule, value]) => [rule, value ?? undefined]),
        ),
      }),
      widest,
    ),
  );

const unlimited: ReadonlySet<string> = new Set([
  'horizonMinutes',
  'maxActivePerCandidate',
  'rescheduleLimit',
] satisfies readonly (keyof BookingPolicy)[]);

const buffers: ReadonlySet<string> = new Set([
  'bufferBeforeMinutes',
  'bufferAfterMinutes',
] satisfies readonly (keyof BookingPolicy)[]);

const neverZero: ReadonlySet<string> = new Set([
  'holdMinutes',
  'approvalMinutes',
  'offerMinutes',
] satisfies readonly (keyof BookingPolicy)[]);

/** @param mayLift whether there is a wider circle whose limits `null` could take away */
const parseRules = (
  input: PolicyOverrides,
  field: string,
  { mayLift }: { readonly mayLift: boolean },
): Result<PolicyOverrides, ValidationError> =>
  parseObject(input, field).andThen((given) => {
    const set = Object.entries(given).filter(([, value]: readonly [string, unknown]) => value !== undefined);
    for (const [rule, value] of set) {
      // A rule whose name is misspelt would silently not apply.
      if (!Object.hasOwn(defaultBookingPolicy, rule))
        return invalid(`${field}.${rule}`, 'is no rule of bookings');
      const lifted = value === null && mayLift && unlimited.has(rule);
      const trouble = lifted ? undefined : troubleWith(rule, value);
      if (trouble !== undefined) return invalid(`${field}.${rule}`, trouble);
    }
    return ok(Object.freeze(Object.fromEntries(set)));
  });

/** What a rule cannot be. */
function troubleWith(rule: string, value: unknown): string | undefined {
  if (rule === 'approval')
    return value === 'manual' || value === 'auto' ? undefined : 'must be manual or auto';
  if (rule === 'sameDay') return typeof value === 'boolean' ? undefined : 'must be true or false';
  if (typeof value !== 'number' || !(value >= 0 && value <= LARGEST))
    return `must be a number from 0 to ${LARGEST}`;
  // Slots refuse other buffers, so nothing could ever be published.
  if (buffers.has(rule) && !(Number.isInteger(value) && value <= slotLimits.maxBufferMinutes))
    return `must be an integer from 0 to ${slotLimits.maxBufferMinutes}`;
  return value === 0 && neverZero.has(rule) ? 'must be more than 0 minutes' : undefined;
}

export const inMilliseconds = (minutes: number): number => minutes * MINUTE;
