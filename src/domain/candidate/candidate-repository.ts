import type { Result, ResultAsync } from 'neverthrow';
import type { AddManyOptions, ItemsRefused } from '../shared/bulk.ts';
import type { CandidateId, IdInput } from '../shared/id.ts';
import type { Page, PageRequest } from '../shared/page.ts';
import type { RepositoryError, StaleVersion, StillReferenced } from '../shared/repository-error.ts';
import type { InvalidTimeZone } from '../shared/time-zone.ts';
import type { CandidateNotFound, TelegramIdTaken } from './candidate-errors.ts';
import type { Candidate, NewCandidate, TelegramCandidate } from './candidate.ts';

export interface CandidateFilter {
  readonly active?: boolean;
}

/** Reads of candidates; single ones are cached, lists never are. */
export interface CandidateReader {
  get(id: IdInput<CandidateId>): ResultAsync<Candidate, CandidateNotFound | RepositoryError>;
  find(id: IdInput<CandidateId>): ResultAsync<Candidate | undefined, RepositoryError>;
  /** Read 5,000 at a time; ids that do not exist are absent from the map. */
  getMany(
    ids: readonly IdInput<CandidateId>[],
  ): ResultAsync<ReadonlyMap<CandidateId, Candidate>, RepositoryError>;
  findByTelegramId(telegramId: string | number | bigint): ResultAsync<Candidate | undefined, RepositoryError>;
  /** By ascending id. */
  list(filter?: CandidateFilter, page?: PageRequest): ResultAsync<Page<Candidate>, RepositoryError>;
}

export interface UpsertedCandidate {
  readonly candidate: Candidate;
  readonly created: boolean;
}

/** Why a candidate cannot be stored. */
export type AddCandidateError = TelegramIdTaken | InvalidTimeZone | RepositoryError;

export interface CandidateRepository extends CandidateReader {
  /** Reads and locks the row until the transaction ends (`FOR UPDATE`). Never cached. */
  getForUpdate(id: IdInput<CandidateId>): ResultAsync<Candidate, CandidateNotFound | RepositoryError>;
  add(candidate: NewCandidate): ResultAsync<Candidate, AddCandidateError>;
  /**
   * Stores many, a statement for each batch, and answers for each in the order given: the candidate, or why there is none.
   * Of several with one Telegram id the first is stored. With `onConflict: 'skip'` those that can be stored are;
   * by default one that cannot be stored keeps all of them out, and the answer is `ItemsRefused`.
   * Waits for every other transaction that adds many cities, recruiters or candidates.
   */
  addMany(
    candidates: readonly NewCandidate[],
    options?: AddManyOptions,
  ): ResultAsync<
    readonly Result<Candidate, AddCandidateError>[],
    ItemsRefused<AddCandidateError> | RepositoryError
  >;
  /**
   * Stores whoever has this Telegram id, or what has changed about them, by one statement: any number of callers at once
   * get the same row. The version rises only when something has changed. An archived candidate stays archived.
   */
  upsertByTelegramId(
    candidate: TelegramCandidate,
  ): ResultAsync<UpsertedCandidate, InvalidTimeZone | RepositoryError>;
  /**
   * Stores a changed candidate if its version is still the stored one; answers it with the next version. Checked as `add`
   * checks.
   */
  update(
    candidate: Candidate,
  ): ResultAsync<
    Candidate,
    CandidateNotFound | TelegramIdTaken | InvalidTimeZone | StaleVersion | RepositoryError
  >;
  /** Only while nothing refers to the candidate; otherwise archive. */
  delete(id: IdInput<CandidateId>): ResultAsync<void, CandidateNotFound | StillReferenced | RepositoryError>;
}
