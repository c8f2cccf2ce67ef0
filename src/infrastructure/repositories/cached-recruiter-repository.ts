import { errAsync, type Result, type ResultAsync } from 'neverthrow';
import type { Peek } from '../../application/readers.ts';
import { anchorsOfRecruiter } from '../../application/caching/anchors.ts';
import type { TelegramIdTaken } from '../../domain/candidate/candidate-errors.ts';
import type { CityNotFound } from '../../domain/city/city-errors.ts';
import type { RecruiterNotFound } from '../../domain/recruiter/recruiter-errors.ts';
import type {
  AddRecruiterError,
  FreeSlotFilter,
  RecruiterFilter,
  RecruiterReader,
  RecruiterRepository,
} from '../../domain/recruiter/recruiter-repository.ts';
import type { NewRecruiter, Recruiter } from '../../domain/recruiter/recruiter.ts';
import type { AddManyOptions, ItemsRefused } from '../../domain/shared/bulk.ts';
import {
  parseCityId,
  parseIds,
  parseRecruiterId,
  type CityId,
  type IdInput,
  type RecruiterId,
} from '../../domain/shared/id.ts';
import { parsePageById, type Page, type PageRequest } from '../../domain/shared/page.ts';
import type { RepositoryError, StaleVersion, StillReferenced } from '../../domain/shared/repository-error.ts';
import type { InvalidTimeZone } from '../../domain/shared/time-zone.ts';
import type { Availability } from '../../domain/slot/availability.ts';
import { recruiterCodecs } from '../records/codecs.ts';
import { entryOf, type CacheEntries, type EntityEntry } from './cache-entries.ts';
import type { CachedReads } from './cached-reads.ts';

/** Recruiters read through the cache. */
export class CachedRecruiterReader implements RecruiterReader, Peek<RecruiterId, Recruiter> {
  protected readonly reads: CachedReads<RecruiterReader>;
  readonly #entries: CacheEntries;
  readonly #uncached: RecruiterReader;

  constructor(reads: CachedReads<RecruiterReader>, entries: CacheEntries, uncached: RecruiterReader) {
    this.reads = reads;
    this.#entries = entries;
    this.#uncached = uncached;
  }

  get(id: IdInput<RecruiterId>): ResultAsync<Recruiter, RecruiterNotFound | RepositoryError> {
    const entry = this.#entries.recruiter.of(id);
    return entry.isOk()
      ? this.reads.require(entry.value, findRecruiter, recruiterNotFound)
      : errAsync(entry.error);
  }

  find(id: IdInput<RecruiterId>): ResultAsync<Recruiter | undefined, RepositoryError> {
    return this.#entries.recruiter
      .of(id)
      .asyncAndThen((entry) => this.reads.read(entry, (recruiters) => recruiters.find(entry.id)));
  }

  peek(id: IdInput<RecruiterId>): Recruiter | undefined {
    const entry = this.#entries.recruiter.of(id);
    return entry.isOk() ? this.reads.peek(entry.value) : undefined;
  }

  getMany(
    ids: readonly IdInput<RecruiterId>[],
  ): ResultAsync<ReadonlyMap<RecruiterId, Recruiter>, RepositoryError> {
    return parseIds(parseRecruiterId, ids).asyncAndThen((valid) =>
      this.reads.readMany(this.#entries.recruiter.at(valid), (recruiters, missing) =>
        recruiters.getMany(missing),
      ),
    );
  }

  getActive(): ResultAsync<readonly Recruiter[], RepositoryError> {
    return this.reads.read(
      entryOf(this.#entries.policies.activeRecruiters, recruiterCodecs.list),
      (recruiters) => recruiters.getActive(),
    );
  }

  getByCity(cityId: IdInput<CityId>): ResultAsync<readonly Recruiter[], RepositoryError> {
    return parseCityId(cityId).asyncAndThen((valid) =>
      this.reads.read(
        entryOf(this.#entries.policies.recruitersOfCity, recruiterCodecs.list, valid),
        (recruiters) => recruiters.getByCity(valid),
      ),
    );
  }

  findByTelegramChatId(
    chatId: string | number | bigint,
  ): ResultAsync<Recruiter | undefined, RepositoryError> {
    return this.#uncached.findByTelegramChatId(chatId);
  }

  freeSlotSummary(
    ids: readonly IdInput<RecruiterId>[],
    filter?: FreeSlotFilter,
  ): ResultAsync<ReadonlyMap<RecruiterId, Availability>, RepositoryError> {
    return this.#uncached.freeSlotSummary(ids, filter);
  }

  list(filter: RecruiterFilter = {}, page?: PageRequest): ResultAsync<Page<Recruiter>, RepositoryError> {
    const { active, cityId } = filter;
    return parsePageById(page).asyncAndThen((position) =>
      this.reads.read(
        entryOf(this.#entries.policies.recruiterList, recruiterCodecs.page, { active, cityId, ...position }),
        (recruiters) => recruiters.list(filter, page),
      ),
    );
  }
}

/** The same inside a unit of work, with the writes of the repository behind it. */
export class CachedRecruiterRepository extends CachedRecruiterReader implements RecruiterRepository {
  readonly #writes: RecruiterRepository;

  constructor(reads: CachedReads<RecruiterReader>, entries: CacheEntries, writes: RecruiterRepository) {
    super(reads, entries, writes);
    this.#writes = writes;
  }

  getForShare(id: IdInput<RecruiterId>): ResultAsync<Recruiter, RecruiterNotFound | RepositoryError> {
    return this.#writes.getForShare(id);
  }

  getForUpdate(id: IdInput<RecruiterId>): ResultAsync<Recruiter, RecruiterNotFound | RepositoryError> {
    return this.#writes.getForUpdate(id);
  }

  add(
    recruiter: NewRecruiter,
  ): ResultAsync<Recruiter, CityNotFound | TelegramIdTaken | InvalidTimeZone | RepositoryError> {
    return this.#writes.add(recruiter);
  }

  addMany(
    recruiters: readonly NewRecruiter[],
    options?: AddManyOptions,
  ): ResultAsync<
    readonly Result<Recruiter, AddRecruiterError>[],
    ItemsRefused<AddRecruiterError> | RepositoryError
  > {
    return this.#writes.addMany(recruiters, options);
  }

  update(
    recruiter: Recruiter,
  ): ResultAsync<
    Recruiter,
    RecruiterNotFound | CityNotFound | TelegramIdTaken | InvalidTimeZone | StaleVersion | RepositoryError
  > {
    return this.#writes
      .update(recruiter)
      .mapErr(this.reads.distrustAfterConflict(anchorsOfRecruiter(recruiter)));
  }

  archiveMany(
    ids: readonly IdInput<RecruiterId>[],
  ): ResultAsync<readonly Result<Recruiter, RecruiterNotFound>[], RepositoryError> {
    return this.#writes.archiveMany(ids);
  }

  restoreMany(
    ids: readonly IdInput<RecruiterId>[],
  ): ResultAsync<readonly Result<Recruiter, RecruiterNotFound>[], RepositoryError> {
    return this.#writes.restoreMany(ids);
  }

  delete(id: IdInput<RecruiterId>): ResultAsync<void, RecruiterNotFound | StillReferenced | RepositoryError> {
    return this.#writes.delete(id);
  }
}

const findRecruiter = (recruiters: RecruiterReader, { id }: EntityEntry<RecruiterId, Recruiter>) =>
  recruiters.find(id);
const recruiterNotFound = ({ id }: EntityEntry<RecruiterId, Recruiter>): RecruiterNotFound => ({
  type: 'RecruiterNotFound',
  id,
});
