import { notAvailable, type Availability } from '../../domain/slot/availability.ts';
import type { Slot } from '../../domain/slot/slot.ts';
import { byStart } from './order.ts';
import type { Tables } from './tables.ts';

/** Nobody can book with an archived recruiter or in an archived city, so what they have is not offered. */
export const offerable = ({ slots, recruiters, cities }: Tables): Slot[] =>
  [...slots.values()].filter(
    ({ recruiterId, cityId }) =>
      recruiters.get(recruiterId)?.active === true && cities.get(cityId)?.active === true,
  );

/** What these slots amount to. */
export function availabilityOf(free: readonly Slot[]): Availability {
  const [next] = free.toSorted(byStart);
  return next === undefined ? notAvailable : { count: free.length, nextStart: next.startsAt };
}
