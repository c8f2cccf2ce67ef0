import type { ResultAsync } from 'neverthrow';
import type { Peek } from '../../application/readers.ts';
import { anchorsOfCandidate } from '../../application/caching/anchors.ts';
import type { CandidateNotFound, TelegramIdTaken } from '../../domain/candidate/candidate-errors.ts';
import type {
  CandidateFilter,
  CandidateReader,
  CandidateRepository,
} from '../../domain/candidate/candidate-repository.ts';
import type { Candidate, NewCandidate } from '../../domain/candidate/candidate.ts';
import { parseCandidateId, parseIds, type CandidateId, type IdInput } from '../../domain/shared/id.ts';
import type { Page, PageRequest } from '../../domain/shared/page.ts';
import type { RepositoryError, StaleVersion, StillReferenced } from '../../domain/shared/repository-error.ts';
import { parseTelegramId } from '../../domain/shared/telegram-id.ts';
import type { InvalidTimeZone } from '../../domain/shared/time-zone.ts';
import type { CacheEntry } from '../cache/versioned-store.ts';
import { candidateCodecs } from '../records/codecs.ts';
import { entryOf, type CacheEntries } from './cache-entries.ts';
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
    return parseCandidateId(id).asyncAndThen((valid) =>
      this.reads.require<Candidate, RepositoryError, CandidateNotFound>(
        this.#entry(valid),
        (candidates) => candidates.find(valid),
        { type: 'CandidateNotFound', id: valid },
      ),
    );
  }

  find(id: IdInput<CandidateId>): ResultAsync<Candidate | undefined, RepositoryError> {
    return parseCandidateId(id).asyncAndThen((valid) =>
      this.reads.read(this.#entry(valid), (candidates) => candidates.find(valid)),
    );
  }

  peek(id: IdInput<CandidateId>): Candidate | undefined {
    const valid = parseCandidateId(id);
    return valid.isOk() ? this.reads.peek(this.#entry(valid.value)) : undefined;
  }

  getMany(
    ids: readonly IdInput<CandidateId>[],
  ): ResultAsync<ReadonlyMap<CandidateId, Candidate>, RepositoryError> {
    return parseIds(parseCandidateId, ids).asyncAndThen((valid) =>
      this.reads.readMany(
        valid,
        (id) => this.#entry(id),
        (candidates, missing) => candidates.getMany(missing),
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

  #entry(id: CandidateId): CacheEntry<Candidate> {
    return this.#entries.candidate(id);
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
