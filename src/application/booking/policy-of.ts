import type { ResultAsync } from 'neverthrow';
import { mergePolicies, type BookingPolicy } from '../../domain/booking/booking-policy.ts';
import type { CityNotFound } from '../../domain/city/city-errors.ts';
import type { RecruiterNotFound } from '../../domain/recruiter/recruiter-errors.ts';
import type { RepositoryError } from '../../domain/shared/repository-error.ts';
import type { Slot } from '../../domain/slot/slot.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';

export type PolicyOfError = RecruiterNotFound | CityNotFound | RepositoryError;

/**
 * The rules that hold for a slot: its own before its recruiter's before its city's before the global ones. The recruiter
 * and the city are read from the database and stay as they are until the transaction ends.
 */
export const policyOf = (
  uow: UnitOfWork,
  global: BookingPolicy,
  slot: Slot,
): ResultAsync<BookingPolicy, PolicyOfError> =>
  uow.recruiters
    .getForShare(slot.recruiterId)
    .andThen((recruiter) =>
      uow.cities
        .getForShare(slot.cityId)
        .map((city) => mergePolicies(global, city.policy, recruiter.policy, slot.policy)),
    );
