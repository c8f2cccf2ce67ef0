import { ok, type Result } from 'neverthrow';
import { parseObject } from '../../domain/shared/input.ts';
import { invalid, type ValidationError } from '../../domain/shared/validation-error.ts';

export interface RelayOptions {
  /** Attempts until an event is dead; 10 when left out. */
  readonly maxAttempts?: number;
  /** Wait after the first failed attempt, doubled after each further one; 1,000 ms when left out. */
  readonly firstRetryMs?: number;
  /** Wait at most; 300,000 ms when left out. What is waited is half of that to all of it, by chance. */
  readonly longestRetryMs?: number;
  /** How long a delivery may take; 10,000 ms when left out. */
  readonly deliveryTimeoutMs?: number;
  /** Events delivered at the same time, each of another aggregate; 10 when left out. */
  readonly concurrency?: number;
  /** Time between two looks into the database while nothing is committed in this process; 1,000 ms when left out. */
  readonly pollMs?: number;
}

export type ParsedRelayOptions = Required<RelayOptions>;

const defaults: ParsedRelayOptions = {
  maxAttempts: 10,
  firstRetryMs: 1_000,
  longestRetryMs: 300_000,
  deliveryTimeoutMs: 10_000,
  concurrency: 10,
  pollMs: 1_000,
};

/** With more, a timer fires at once. */
const LARGEST = 2_147_483_647;

export const parseRelayOptions = (input: RelayOptions): Result<ParsedRelayOptions, ValidationError> =>
  parseObject(input, 'options').andThen((given) => {
    for (const [name, value] of Object.entries(given) as readonly [string, unknown][]) {
      if (!Object.hasOwn(defaults, name)) return invalid(name, 'is no option of a relay');
      if (
        value !== undefined &&
        !(Number.isInteger(value) && (value as number) > 0 && (value as number) <= LARGEST)
      )
        return invalid(name, 'must be a positive integer');
    }
    const set = Object.entries(given).filter(([, value]) => value !== undefined);
    return ok({ ...defaults, ...(Object.fromEntries(set) as RelayOptions) });
  });
