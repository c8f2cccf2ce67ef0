import { errAsync, type Result, type ResultAsync } from 'neverthrow';
import type { Peek } from '../../application/readers.ts';
import { anchorsOfSlot } from '../../application/caching/anchors.ts';
import type { Clock } from '../../application/ports/clock.ts';
import type { AddManyOptions, BatchOptions, ItemsRefused } from '../../domain/shared/bulk.ts';
import {
  parseCityId,
  parseIds,
  parseRecruiterId,
  parseSlotId,
  type CandidateId,
  type CityId,
  type IdInput,
  type RecruiterId,
  type SlotId,
} from '../../domain/shared/id.ts';
import { Instant, type InstantInput } from '../../domain/shared/instant.ts';
import type { Page, PageRequest } from '../../domain/shared/page.ts';
import type { RepositoryError, StaleVersion, StillReferenced } from '../../domain/shared/repository-error.ts';
import type {
  AgendaRange,
  SlotFilter,
  SlotQueries,
  SlotStatusSummary,
} from '../../domain/slot/slot-queries.ts';
import type { SlotNotFound } from '../../domain/slot/slot-errors.ts';
import type {
  AddSlotError,
  PastSlots,
  SlotConflict,
  SlotReader,
  SlotRepository,
} from '../../domain/slot/slot-repository.ts';
import { freeSlots } from '../../domain/slot/free-slots.ts';
import type { ClaimTerms, SlotClaim } from '../../domain/slot/slot-claim.ts';
import type { NewSlot, Slot, SlotDraft } from '../../domain/slot/slot.ts';
import type { CacheEntry } from '../cache/versioned-store.ts';
import { slotCodecs } from '../records/codecs.ts';
import { entryOf, type CacheEntries, type EntityEntry } from './cache-entries.ts';
import type { CachedReads } from './cached-reads.ts';
import type { OpenSlots } from './open-slots.ts';

/** Slots read through the cache. */
export class CachedSlotReader implements SlotReader, Peek<SlotId, Slot> {
  protected readonly reads: CachedReads<SlotReader & OpenSlots>;
  readonly #entries: CacheEntries;
  readonly #clock: Clock;
  readonly #uncached: SlotQueries;

  constructor(
    reads: CachedReads<SlotReader & OpenSlots>,
    entries: CacheEntries,
    clock: Clock,
    uncached: SlotQueries,
  ) {
    this.reads = reads;
    this.#entries = entries;
    this.#clock = clock;
    this.#uncached = uncached;
  }

  get(id: IdInput<SlotId>): ResultAsync<Slot, SlotNotFound | RepositoryError> {
    const entry = this.#entries.slot.of(id);
    return entry.isOk() ? this.reads.require(entry.value, findSlot, slotNotFound) : errAsync(entry.error);
  }

  find(id: IdInput<SlotId>): ResultAsync<Slot | undefined, RepositoryError> {
    return this.#entries.slot
      .of(id)
      .asyncAndThen((entry) => this.reads.read(entry, (slots) => slots.find(entry.id)));
  }

  peek(id: IdInput<SlotId>): Slot | undefined {
    const entry = this.#entries.slot.of(id);
    return entry.isOk() ? this.reads.peek(entry.value) : undefined;
  }

  getMany(ids: readonly IdInput<SlotId>[]): ResultAsync<ReadonlyMap<SlotId, Slot>, RepositoryError> {
    return parseIds(parseSlotId, ids).asyncAndThen((valid) =>
      this.reads.readMany(this.#entries.slot.at(valid), (slots, missing) => slots.getMany(missing)),
    );
  }

  getFreeForRecruiter(
    recruiterId: IdInput<RecruiterId>,
    after?: InstantInput,
  ): ResultAsync<readonly Slot[], RepositoryError> {
    return parseRecruiterId(recruiterId).asyncAndThen((valid) =>
      this.#free(
        after,
        entryOf(this.#entries.policies.freeSlotsOfRecruiter, slotCodecs.list, valid),
        (slots) => slots.openForRecruiter(valid),
      ),
    );
  }

  getFreeForCity(
    cityId: IdInput<CityId>,
    after?: InstantInput,
  ): ResultAsync<readonly Slot[], RepositoryError> {
    return parseCityId(cityId).asyncAndThen((valid) =>
      this.#free(after, entryOf(this.#entries.policies.freeSlotsOfCity, slotCodecs.list, valid), (slots) =>
        slots.openForCity(valid),
      ),
    );
  }

  search(filter?: SlotFilter, page?: PageRequest): ResultAsync<Page<Slot>, RepositoryError> {
    return this.#uncached.search(filter, page);
  }

  statusSummary(filter?: SlotFilter): ResultAsync<SlotStatusSummary, RepositoryError> {
    return this.#uncached.statusSummary(filter);
  }

  getAgenda(
    recruiterId: IdInput<RecruiterId>,
    range: AgendaRange,
  ): ResultAsync<readonly Slot[], RepositoryError> {
    return this.#uncached.getAgenda(recruiterId, range);
  }

  getUpcomingForCandidate(
    candidateId: IdInput<CandidateId>,
    after?: InstantInput,
  ): ResultAsync<readonly Slot[], RepositoryError> {
    return this.#uncached.getUpcomingForCandidate(candidateId, after);
  }

  /** The open list is cached; time is applied to it at each read, so that it stays true while time passes. */
  #free(
    after: InstantInput | undefined,
    entry: CacheEntry<readonly Slot[]>,
    load: (slots: OpenSlots) => ResultAsync<readonly Slot[], RepositoryError>,
  ): ResultAsync<readonly Slot[], RepositoryError> {
    const now = this.#clock.now();
    return Instant.parse(after ?? now, 'after').asyncAndThen((from) =>
      this.reads.read(entry, load).map((open) => freeSlots(open, now, from)),
    );
  }
}

/** The same inside a unit of work, with the writes of the repository behind it. */
export class CachedSlotRepository extends CachedSlotReader implements SlotRepository {
  readonly #writes: SlotRepository;

  constructor(
    reads: CachedReads<SlotReader & OpenSlots>,
    entries: CacheEntries,
    clock: Clock,
    writes: SlotRepository,
  ) {
    super(reads, entries, clock, writes);
    this.#writes = writes;
  }

  getForUpdate(id: IdInput<SlotId>): ResultAsync<Slot, SlotNotFound | RepositoryError> {
    return this.#writes.getForUpdate(id);
  }

  lockForReservation(
    id: IdInput<SlotId>,
    candidateId: IdInput<CandidateId>,
    ...others: readonly IdInput<SlotId>[]
  ): ResultAsync<readonly Slot[], SlotNotFound | RepositoryError> {
    return this.#writes.lockForReservation(id, candidateId, ...others);
  }

  lockActive(candidateId: IdInput<CandidateId>): ResultAsync<readonly Slot[], RepositoryError> {
    return this.#writes.lockActive(candidateId);
  }

  claimFree(claim: SlotClaim, terms: ClaimTerms): ResultAsync<Slot | undefined, RepositoryError> {
    return this.#writes.claimFree(claim, terms);
  }

  claimDue(limit: number): ResultAsync<readonly Slot[], RepositoryError> {
    return this.#writes.claimDue(limit);
  }

  findAlternatives(id: IdInput<SlotId>, limit: number): ResultAsync<readonly Slot[], RepositoryError> {
    return this.#writes.findAlternatives(id, limit);
  }

  lockMany(ids: readonly IdInput<SlotId>[]): ResultAsync<readonly Slot[], RepositoryError> {
    return this.#writes.lockMany(ids);
  }

  lockSchedules(recruiterIds: readonly IdInput<RecruiterId>[]): ResultAsync<void, RepositoryError> {
    return this.#writes.lockSchedules(recruiterIds);
  }

  findConflicts(
    slots: readonly (Slot | SlotDraft)[],
  ): ResultAsync<ReadonlyMap<number, SlotConflict>, RepositoryError> {
    return this.#writes.findConflicts(slots);
  }

  add(slot: NewSlot): ResultAsync<Slot, AddSlotError> {
    return this.#writes.add(slot);
  }

  addMany(
    slots: readonly NewSlot[],
    options?: AddManyOptions,
  ): ResultAsync<readonly Result<Slot, AddSlotError>[], ItemsRefused<AddSlotError> | RepositoryError> {
    return this.#writes.addMany(slots, options);
  }

  update(slot: Slot): ResultAsync<Slot, SlotNotFound | SlotConflict | StaleVersion | RepositoryError> {
    return this.#writes.update(slot).mapErr(this.reads.distrustAfterConflict(anchorsOfSlot(slot)));
  }

  updateMany(
    slots: readonly Slot[],
    options?: BatchOptions,
  ): ResultAsync<
    readonly Slot[],
    ItemsRefused<SlotNotFound | StaleVersion> | SlotConflict | RepositoryError
  > {
    return this.#writes.updateMany(slots, options).mapErr((error) => {
      if (error.type === 'ItemsRefused')
        for (const { error: refusal } of error.refused)
          this.reads.distrustAfterConflict(anchorsOfSlot(...slots))(refusal);
      return error;
    });
  }

  deleteMany(
    ids: readonly IdInput<SlotId>[],
  ): ResultAsync<readonly Result<SlotId, SlotNotFound | StillReferenced>[], RepositoryError> {
    return this.#writes.deleteMany(ids);
  }

  deletePast(slots: PastSlots, limit: number): ResultAsync<readonly Slot[], RepositoryError> {
    return this.#writes.deletePast(slots, limit);
  }

  delete(id: IdInput<SlotId>): ResultAsync<void, SlotNotFound | StillReferenced | RepositoryError> {
    return this.#writes.delete(id);
  }
}

const findSlot = (slots: SlotReader, { id }: EntityEntry<SlotId, Slot>) => slots.find(id);
const slotNotFound = ({ id }: EntityEntry<SlotId, Slot>): SlotNotFound => ({ type: 'SlotNotFound', id });
