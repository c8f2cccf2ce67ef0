import type { ResultAsync } from 'neverthrow';
import type { IdempotencyMismatch } from '../../domain/idempotency/idempotency-errors.ts';
import type { CandidateId, IdInput } from '../../domain/shared/id.ts';
import type { RepositoryError } from '../../domain/shared/repository-error.ts';

/** A command that must not be done twice. */
export interface KeyedCommand {
  readonly key: string;
  /** Which command it is: `slots.publish`. */
  readonly operation: string;
  /** What it was given; compared by what it means, not by how it is written down. */
  readonly input: unknown;
  /** For how long the key is remembered, in milliseconds. */
  readonly ttlMs: number;
}

/** `claimed`: nobody has done it. `answered`: it was done, and this was the answer. */
export type Claim =
  | { readonly kind: 'claimed'; readonly id: number }
  | { readonly kind: 'answered'; readonly answer: unknown };

/**
 * What commands with a key have answered. A claim belongs to its unit of work: it is there for others once that commits,
 * and never was if it does not.
 */
export interface IdempotencyRecords {
  /** Waits for whoever else is at the same key at the moment, and then answers what that came to. */
  claim(command: KeyedCommand): ResultAsync<Claim, IdempotencyMismatch | RepositoryError>;
  /** Keeps the answer of a claimed command: plain data, entities and instants, in any depth. */
  remember(id: number, answer: unknown): ResultAsync<void, RepositoryError>;
  /** Removes every record whose answer speaks of the candidate; the same calls would be done again. */
  forget(candidateId: IdInput<CandidateId>): ResultAsync<void, RepositoryError>;
  /** Removes records whose time has been over for so long, `limit` at most; answers how many. */
  sweep(olderThanMs: number, limit: number): ResultAsync<number, RepositoryError>;
}
