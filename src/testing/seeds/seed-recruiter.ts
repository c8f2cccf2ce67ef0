import type { ResultAsync } from 'neverthrow';
import type { TransactionError } from '../../application/ports/unit-of-work.ts';
import type { TelegramIdTaken } from '../../domain/candidate/candidate-errors.ts';
import type { CityNotFound } from '../../domain/city/city-errors.ts';
import type { NewRecruiter, Recruiter } from '../../domain/recruiter/recruiter.ts';
import type { RepositoryError } from '../../domain/shared/repository-error.ts';
import type { InvalidTimeZone } from '../../domain/shared/time-zone.ts';
import type { Slotwise } from '../../infrastructure/slotwise.ts';
import { unique } from './unique.ts';

export type SeedRecruiterError =
  | CityNotFound
  | TelegramIdTaken
  | InvalidTimeZone
  | RepositoryError
  | TransactionError;

/** Stores an active recruiter in Europe/Berlin; without `cityIds` one who works nowhere yet. */
export const seedRecruiter = (
  sdk: Slotwise,
  overrides: Partial<NewRecruiter> = {},
): ResultAsync<Recruiter, SeedRecruiterError> =>
  sdk.transaction((uow) =>
    uow.recruiters.add({ name: unique('Recruiter'), timeZone: 'Europe/Berlin', ...overrides }),
  );
