import { mergePolicies } from '../../domain/booking/booking-policy.ts';
import { checkOtherBookings, checkTiming } from '../../domain/booking/taking-rules.ts';
import type { Instant } from '../../domain/shared/instant.ts';
import type { ClaimTerms, ParsedClaim } from '../../domain/slot/slot-claim.ts';
import { isActive } from '../../domain/slot/slot-status.ts';
import type { Slot } from '../../domain/slot/slot.ts';
import { byStart } from './order.ts';
import type { Tables } from './tables.ts';

/** Whether the claim is for a slot like this one, and the candidate can have it. */
export function fits(
  { slots, recruiters, cities }: Tables,
  slot: Slot,
  claim: ParsedClaim,
  { policy: global, except = [] }: ClaimTerms,
  now: Instant,
): boolean {
  const { cityId, purpose, candidateId, from, until } = claim;
  if (slot.cityId !== cityId || slot.purpose !== purpose || except.includes(slot.id)) return false;
  if (!slot.isFreeAt(now) || from?.isAfter(slot.startsAt) === true) return false;
  if (until !== undefined && !slot.startsAt.isBefore(until)) return false;
  const policy = mergePolicies(
    global,
    cities.get(slot.cityId)?.policy ?? {},
    recruiters.get(slot.recruiterId)?.policy ?? {},
    slot.policy,
  );
  const ahead = [...slots.values()].filter(
    (other) => other.candidateId === candidateId && isActive(other.status),
  );
  return checkTiming(slot, policy, now).isOk() && checkOtherBookings(slot, candidateId, ahead, policy).isOk();
}

/** The order in which a claim takes what fits. */
export function byClaim(
  { slots }: Tables,
  { strategy, preferred }: ParsedClaim,
  now: Instant,
): (a: Slot, b: Slot) => number {
  const load = ({ recruiterId }: Slot): number =>
    [...slots.values()].filter(
      (slot) =>
        slot.recruiterId === recruiterId &&
        isActive(slot.status) &&
        slot.endsAt.isAfter(now) &&
        !slot.hasLapsedAt(now),
    ).length;
  const rank = ({ recruiterId }: Slot): number => {
    const index = preferred.indexOf(recruiterId);
    return index === -1 ? preferred.length : index;
  };
  const weigh = strategy === 'leastLoaded' ? load : rank;
  return (a, b) => weigh(a) - weigh(b) || byStart(a, b);
}
