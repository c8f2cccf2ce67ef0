import type { ResultAsync } from 'neverthrow';
import type { BookingNotFound } from '../booking/booking-errors.ts';
import type { CandidateId, IdInput } from '../shared/id.ts';
import type { Instant } from '../shared/instant.ts';
import type { RepositoryError } from '../shared/repository-error.ts';
import type { ActionToken, ActionTokenDraft } from './action-token.ts';
import type { TokenNotFound } from './token-errors.ts';

/** Tokens by their hash. */
export interface ActionTokenRepository {
  /** Makes a token of 32 random bytes and answers it, this once. */
  issue(draft: ActionTokenDraft, issuedAt: Instant): ResultAsync<string, BookingNotFound | RepositoryError>;
  /** Finds what a token stands for and locks it until the transaction ends. */
  lock(token: string): ResultAsync<ActionToken, TokenNotFound | RepositoryError>;
  markUsed(id: number, at: Instant): ResultAsync<void, RepositoryError>;
  /** Removes every token of a booking of the candidate. */
  forget(candidateId: IdInput<CandidateId>): ResultAsync<void, RepositoryError>;
  /** Removes tokens that expired at least so long ago, `limit` at most; answers how many. */
  sweep(olderThanMs: number, limit: number): ResultAsync<number, RepositoryError>;
}
