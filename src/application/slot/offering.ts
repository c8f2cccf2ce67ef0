import { err, ok, safeTry, type ResultAsync } from 'neverthrow';
import { mergePolicies, type BookingPolicy } from '../../domain/booking/booking-policy.ts';
import type { CityInactive, CityNotFound } from '../../domain/city/city-errors.ts';
import type { City } from '../../domain/city/city.ts';
import type {
  CityNotLinked,
  RecruiterInactive,
  RecruiterNotFound,
} from '../../domain/recruiter/recruiter-errors.ts';
import type { Recruiter } from '../../domain/recruiter/recruiter.ts';
import { actsFor, forbidden, type Actor, type Forbidden } from '../../domain/shared/actor.ts';
import { fail } from '../../domain/shared/fail.ts';
import type { CityId, IdInput, RecruiterId } from '../../domain/shared/id.ts';
import type { RepositoryError } from '../../domain/shared/repository-error.ts';
import type { NewSlot } from '../../domain/slot/slot.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import type { UseCaseContext } from '../use-case.ts';

/** Who offers where; both stay as they are until the transaction ends. */
export interface Offering {
  readonly recruiter: Recruiter;
  readonly city: City;
  readonly policy: BookingPolicy;
}

export type OfferingError =
  | RecruiterNotFound
  | RecruiterInactive
  | CityNotFound
  | CityInactive
  | CityNotLinked
  | Forbidden
  | RepositoryError;

/** Whether a recruiter may publish in a city, and whether the actor may do it for the recruiter. */
export const offeringOf = (
  uow: UnitOfWork,
  context: UseCaseContext,
  where: { readonly recruiterId: IdInput<RecruiterId>; readonly cityId: IdInput<CityId> },
  actor: Actor,
): ResultAsync<Offering, OfferingError> =>
  safeTry<Offering, OfferingError>(async function* () {
    const recruiter = yield* uow.recruiters.getForShare(where.recruiterId);
    if (!actsFor(actor, 'recruiter', recruiter.id)) return err(forbidden('publish', actor));
    if (!recruiter.active) return fail({ type: 'RecruiterInactive', id: recruiter.id });
    const city = yield* uow.cities.getForShare(where.cityId);
    if (!city.active) return fail({ type: 'CityInactive', id: city.id });
    if (!recruiter.worksIn(city.id))
      return fail({ type: 'CityNotLinked', recruiterId: recruiter.id, cityId: city.id });
    return ok({ recruiter, city, policy: mergePolicies(context.policy, city.policy, recruiter.policy) });
  });

/** What is left out follows the city (`timeZone`) and the policy (buffers), the slot's own rules first. */
export const withDefaults = <
  Given extends Partial<Pick<NewSlot, 'timeZone' | 'bufferBeforeMinutes' | 'bufferAfterMinutes' | 'policy'>>,
>(
  slot: Given,
  { city, policy }: Offering,
) => ({
  ...slot,
  bufferBeforeMinutes:
    slot.bufferBeforeMinutes ?? slot.policy?.bufferBeforeMinutes ?? policy.bufferBeforeMinutes,
  bufferAfterMinutes: slot.bufferAfterMinutes ?? slot.policy?.bufferAfterMinutes ?? policy.bufferAfterMinutes,
  timeZone: slot.timeZone ?? city.timeZone,
});
