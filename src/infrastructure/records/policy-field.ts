import {
  defaultBookingPolicy,
  parseOverrides,
  type PolicyOverrides,
} from '../../domain/booking/booking-policy.ts';
import type { RecordReader } from './record-reader.ts';

/** Rules that only a later release knows are left alone: during a deployment both releases read the same rows. */
export function readPolicy(read: RecordReader): PolicyOverrides {
  const known = Object.entries(read.json('policy')).filter(([rule]) =>
    Object.hasOwn(defaultBookingPolicy, rule),
  );
  return parseOverrides(Object.fromEntries(known)).match(
    (policy) => policy,
    () => read.refuse('policy'),
  );
}
