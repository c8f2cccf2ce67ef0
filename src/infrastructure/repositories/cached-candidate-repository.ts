import { errAsync, type Result, type ResultAsync } from 'neverthrow';
import type { Peek } from '../../application/readers.ts';
import { anchorsOfCandidate } from '../../application/caching/anchors.ts';
import type { CandidateNotFound, TelegramIdTaken } from '../../domain/candidate/candidate-errors.ts';
import type {
  CandidateFilter,
  CandidateReader,
  AddCandidateError,
  CandidateRepository,
  UpsertedCandidate,
} from '../../domain/candidate/candidate-repository.ts';
import type { Candidate, NewCandidate, TelegramCandidate } from '../../domain/candidate/candidate.ts';
import type { AddManyOptions, ItemsRefused } from '../../domain/shared/bulk.ts';
import { parseCandidateId, parseIds, type CandidateId, type IdInput } from '../../domain/shared/id.ts';
import type { Page, PageRequest } from '../../domain/shared/page.ts';
import type { RepositoryError, StaleVersion, StillReferenced } from '../../domain/shared/repository-error.ts';
import { parseTelegramId } from '../../domain/shared/telegram-id.ts';
import type { InvalidTimeZone } from '../../domain/shared/time-zone.ts';
import { candidateCodecs } from '../records/codecs.ts';
import { entryOf, type CacheEntries, type EntityEntry } from './cache-entries.ts';
import type { CachedReads } from './cached-reads.ts';

/** Candidates read through the cache, one by one; lists of them are never cached. */
export class CachedCandidateReader implements CandidateReader, Peek<CandidateId, Candidate> {
  protected readonly reads: CachedReads<CandidateReader>;
  readonly #entries: CacheEntries;
  readonly #uncached: CandidateReader;

  constructor(reads: CachedReads<CandidateReader>, entries: CacheEntries, uncached: CandidateReader) {
    this.reads = reads;
    this.#entries = entries;
    this.#uncached = uncached;
  }

  get(id: IdInput<CandidateId>): ResultAsync<Candidate, CandidateNotFound | RepositoryError> {
    const entry = this.#entries.candidate.of(id);
    return entry.isOk()
      ? this.reads.require(entry.value, findCandidate, candidateNotFound)
      : errAsync(entry.error);
  }

  find(id: IdInput<CandidateId>): ResultAsync<Candidate | undefined, RepositoryError> {
    return this.#entries.candidate
      .of(id)
      .asyncAndThen((entry) => this.reads.read(entry, (candidates) => candidates.find(entry.id)));
  }

  peek(id: IdInput<CandidateId>): Candidate | undefined {
    const entry = this.#entries.candidate.of(id);
    return entry.isOk() ? this.reads.peek(entry.value) : undefined;
  }

  getMany(
    ids: readonly IdInput<CandidateId>[],
  ): ResultAsync<ReadonlyMap<CandidateId, Candidate>, RepositoryError> {
    return parseIds(parseCandidateId, ids).asyncAndThen((valid) =>
      this.reads.readMany(this.#entries.candidate.at(valid), (candidates, missing) =>
        candidates.getMany(missing),
      ),
    );
  }

  findByTelegramId(
    telegramId: string | number | bigint,
  ): ResultAsync<Candidate | undefined, RepositoryError> {
    return parseTelegramId(telegramId).asyncAndThen((valid) =>
      this.reads.read(
        entryOf(this.#entries.policies.candidateByTelegramId, candidateCodecs.one, valid),
        (candidates) => candidates.findByTelegramId(valid),
      ),
    );
  }

  list(filter?: CandidateFilter, page?: PageRequest): ResultAsync<Page<Candidate>, RepositoryError> {
    return this.#uncached.list(filter, page);
  }
}

/** The same inside a unit of work, with the writes of the repository behind it. */
export class CachedCandidateRepository extends CachedCandidateReader implements CandidateRepository {
  readonly #writes: CandidateRepository;

  constructor(reads: CachedReads<CandidateReader>, entries: CacheEntries, writes: CandidateRepository) {
    super(reads, entries, writes);
    this.#writes = writes;
  }

  getForUpdate(id: IdInput<CandidateId>): ResultAsync<Candidate, CandidateNotFound | RepositoryError> {
    return this.#writes.getForUpdate(id);
  }

  add(candidate: NewCandidate): ResultAsync<Candidate, TelegramIdTaken | InvalidTimeZone | RepositoryError> {
    return this.#writes.add(candidate);
  }

  addMany(
    candidates: readonly NewCandidate[],
    options?: AddManyOptions,
  ): ResultAsync<
    readonly Result<Candidate, AddCandidateError>[],
    ItemsRefused<AddCandidateError> | RepositoryError
  > {
    return this.#writes.addMany(candidates, options);
  }

  upsertByTelegramId(
    candidate: TelegramCandidate,
  ): ResultAsync<UpsertedCandidate, InvalidTimeZone | RepositoryError> {
    return this.#writes.upsertByTelegramId(candidate);
  }

  update(
    candidate: Candidate,
  ): ResultAsync<
    Candidate,
    CandidateNotFound | TelegramIdTaken | InvalidTimeZone | StaleVersion | RepositoryError
  > {
    return this.#writes
      .update(candidate)
      .mapErr(this.reads.distrustAfterConflict(anchorsOfCandidate(candidate)));
  }

  delete(id: IdInput<CandidateId>): ResultAsync<void, CandidateNotFound | StillReferenced | RepositoryError> {
    return this.#writes.delete(id);
  }
}

const findCandidate = (candidates: CandidateReader, { id }: EntityEntry<CandidateId, Candidate>) =>
  candidates.find(id);
const candidateNotFound = ({ id }: EntityEntry<CandidateId, Candidate>): CandidateNotFound => ({
  type: 'CandidateNotFound',
  id,
});
