import { ok, safeTry, type ResultAsync } from 'neverthrow';
import { mergePolicies, type BookingPolicy } from '../../domain/booking/booking-policy.ts';
import type { CityNotFound } from '../../domain/city/city-errors.ts';
import type { City } from '../../domain/city/city.ts';
import type { RecruiterNotFound } from '../../domain/recruiter/recruiter-errors.ts';
import type { Recruiter } from '../../domain/recruiter/recruiter.ts';
import type { RepositoryError } from '../../domain/shared/repository-error.ts';
import type { Slot } from '../../domain/slot/slot.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';

export type PolicyOfError = RecruiterNotFound | CityNotFound | RepositoryError;

/** Whose slot it is, and the rules that hold for it. */
export interface SlotTerms {
  readonly recruiter: Recruiter;
  readonly city: City;
  readonly policy: BookingPolicy;
}

/**
 * The terms of slots: a slot's own rules before its recruiter's before its city's before the global ones. Recruiters and
 * cities are read from the database and stay as they are until the transaction ends; they are locked by ascending id,
 * all recruiters before all cities.
 */
export const lockTerms = (
  uow: UnitOfWork,
  global: BookingPolicy,
  slots: readonly Slot[],
): ResultAsync<readonly SlotTerms[], PolicyOfError> =>
  safeTry<readonly SlotTerms[], PolicyOfError>(async function* () {
    const recruiters = new Map<number, Recruiter>();
    for (const id of ascending(slots.map(({ recruiterId }) => recruiterId)))
      recruiters.set(id, yield* uow.recruiters.getForShare(id));
    const cities = new Map<number, City>();
    for (const id of ascending(slots.map(({ cityId }) => cityId)))
      cities.set(id, yield* uow.cities.getForShare(id));
    return ok(
      slots.map((slot) => {
        const recruiter = recruiters.get(slot.recruiterId) as Recruiter;
        const city = cities.get(slot.cityId) as City;
        return { recruiter, city, policy: mergePolicies(global, city.policy, recruiter.policy, slot.policy) };
      }),
    );
  });

/** The rules that hold for one slot. */
export const policyOf = (
  uow: UnitOfWork,
  global: BookingPolicy,
  slot: Slot,
): ResultAsync<BookingPolicy, PolicyOfError> =>
  lockTerms(uow, global, [slot]).map(([terms]) => (terms as SlotTerms).policy);

const ascending = <Id extends number>(ids: readonly Id[]): readonly Id[] =>
  [...new Set(ids)].sort((a, b) => a - b);
