import type { ResultAsync } from 'neverthrow';
import type { TransactionError } from '../../application/ports/unit-of-work.ts';
import type { TelegramIdTaken } from '../../domain/candidate/candidate-errors.ts';
import type { Candidate, NewCandidate } from '../../domain/candidate/candidate.ts';
import type { RepositoryError } from '../../domain/shared/repository-error.ts';
import type { InvalidTimeZone } from '../../domain/shared/time-zone.ts';
import type { Slotwise } from '../../infrastructure/slotwise.ts';
import { unique } from './unique.ts';

export type SeedCandidateError = TelegramIdTaken | InvalidTimeZone | RepositoryError | TransactionError;

/** Stores an active candidate. */
export const seedCandidate = (
  sdk: Slotwise,
  overrides: Partial<NewCandidate> = {},
): ResultAsync<Candidate, SeedCandidateError> =>
  sdk.transaction((uow) => uow.candidates.add({ fullName: unique('Candidate'), ...overrides }));
