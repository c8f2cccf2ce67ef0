import { err, ok, Result, type ResultAsync } from 'neverthrow';
import { overdue } from '../../domain/booking/overdue.ts';
import {
  parseBatchSize,
  type AddManyOptions,
  type BatchOptions,
  type ItemsRefused,
} from '../../domain/shared/bulk.ts';
import type { CityNotFound } from '../../domain/city/city-errors.ts';
import type { RecruiterNotFound } from '../../domain/recruiter/recruiter-errors.ts';
import {
  parseCandidateId,
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
import { parseLimit, type Page, type PageRequest } from '../../domain/shared/page.ts';
import type {
  ConstraintViolation,
  RepositoryError,
  StaleVersion,
  StillReferenced,
} from '../../domain/shared/repository-error.ts';
import type { ValidationError } from '../../domain/shared/validation-error.ts';
import type { SlotNotFound, SlotOverlap } from '../../domain/slot/slot-errors.ts';
import type {
  AddSlotError,
  PastSlots,
  SlotConflict,
  SlotRepository,
} from '../../domain/slot/slot-repository.ts';
import type { AgendaRange, SlotFilter, SlotStatusSummary } from '../../domain/slot/slot-queries.ts';
import { isActive } from '../../domain/slot/slot-status.ts';
import { freeSlots } from '../../domain/slot/free-slots.ts';
import { MOST_DUE, parseClaim, type ClaimTerms, type SlotClaim } from '../../domain/slot/slot-claim.ts';
import { draftSlot, freeSlot, Slot, type NewSlot, type SlotDraft } from '../../domain/slot/slot.ts';
import { byClaim, fits } from './claimable-slots.ts';
import { InMemoryTable } from './in-memory-table.ts';
import type { InMemoryTransaction, Statement } from './in-memory-transaction.ts';
import { InMemorySlotQueries } from './in-memory-slot-queries.ts';
import { offerable } from './offerable.ts';
import { byStart } from './order.ts';
import { parseAddMany } from '../../infrastructure/persistence/repositories/parse-add-many.ts';
import { neighbourConflict, recruiterConflict, slotConflict } from './row-guards.ts';
import { someOther, type Tables } from './tables.ts';

const notFound = (id: SlotId): SlotNotFound => ({ type: 'SlotNotFound', id });

export class InMemorySlotRepository implements SlotRepository {
  readonly #rows: InMemoryTable<'slots', SlotId, SlotNotFound>;
  readonly #queries: InMemorySlotQueries;

  constructor(transaction: InMemoryTransaction) {
    this.#rows = new InMemoryTable(transaction, {
      name: 'slots',
      entity: 'slot',
      parseId: parseSlotId,
      notFound,
      withVersion: (slot, version) => new Slot({ ...slot, version }),
    });
    this.#queries = new InMemorySlotQueries(transaction);
  }

  get(id: IdInput<SlotId>): ResultAsync<Slot, SlotNotFound | RepositoryError> {
    return this.#rows.get(id);
  }

  find(id: IdInput<SlotId>): ResultAsync<Slot | undefined, RepositoryError> {
    return this.#rows.find(id);
  }

  getMany(ids: readonly IdInput<SlotId>[]): ResultAsync<ReadonlyMap<SlotId, Slot>, RepositoryError> {
    return this.#rows.getMany(ids);
  }

  getFreeForRecruiter(
    recruiterId: IdInput<RecruiterId>,
    after?: InstantInput,
  ): ResultAsync<readonly Slot[], RepositoryError> {
    return parseRecruiterId(recruiterId).asyncAndThen((id) =>
      this.#free('getFreeForRecruiter', (slot) => slot.recruiterId === id, after),
    );
  }

  getFreeForCity(
    cityId: IdInput<CityId>,
    after?: InstantInput,
  ): ResultAsync<readonly Slot[], RepositoryError> {
    return parseCityId(cityId).asyncAndThen((id) =>
      this.#free('getFreeForCity', (slot) => slot.cityId === id, after),
    );
  }

  search(filter?: SlotFilter, page?: PageRequest): ResultAsync<Page<Slot>, RepositoryError> {
    return this.#queries.search(filter, page);
  }

  statusSummary(filter?: SlotFilter): ResultAsync<SlotStatusSummary, RepositoryError> {
    return this.#queries.statusSummary(filter);
  }

  getAgenda(
    recruiterId: IdInput<RecruiterId>,
    range: AgendaRange,
  ): ResultAsync<readonly Slot[], RepositoryError> {
    return this.#queries.getAgenda(recruiterId, range);
  }

  getUpcomingForCandidate(
    candidateId: IdInput<CandidateId>,
    after?: InstantInput,
  ): ResultAsync<readonly Slot[], RepositoryError> {
    return this.#queries.getUpcomingForCandidate(candidateId, after);
  }

  getForUpdate(id: IdInput<SlotId>): ResultAsync<Slot, SlotNotFound | RepositoryError> {
    return this.#rows.lock('getForUpdate', id);
  }

  lockForReservation(
    id: IdInput<SlotId>,
    candidateId: IdInput<CandidateId>,
    ...others: readonly IdInput<SlotId>[]
  ): ResultAsync<readonly Slot[], SlotNotFound | RepositoryError> {
    return Result.combine([
      parseSlotId(id),
      parseCandidateId(candidateId),
      parseIds(parseSlotId, others),
    ]).asyncAndThen(([slotId, candidate, rest]) =>
      this.#rows.run<readonly Slot[], SlotNotFound>('lockForReservation', 'lock', ({ tables }) =>
        tables.slots.has(slotId)
          ? ok(
              byId(tables).filter(
                (slot) => slot.id === slotId || rest.includes(slot.id) || activeOf(candidate)(slot),
              ),
            )
          : err(notFound(slotId)),
      ),
    );
  }

  lockActive(candidateId: IdInput<CandidateId>): ResultAsync<readonly Slot[], RepositoryError> {
    return parseCandidateId(candidateId).asyncAndThen((candidate) =>
      this.#rows.run('lockActive', 'lock', ({ tables }) => ok(byId(tables).filter(activeOf(candidate)))),
    );
  }

  claimFree(claim: SlotClaim, terms: ClaimTerms): ResultAsync<Slot | undefined, RepositoryError> {
    return parseClaim(claim).asyncAndThen((parsed) =>
      this.#rows.run('claimFree', 'lock', ({ tables, now }) => {
        const fitting = offerable(tables).filter((slot) => fits(tables, slot, parsed, terms, now));
        return ok(fitting.sort(byClaim(tables, parsed, now))[0]);
      }),
    );
  }

  claimDue(limit: number): ResultAsync<readonly Slot[], RepositoryError> {
    return parseLimit(limit, 'limit', MOST_DUE).asyncAndThen((most) =>
      this.#rows.run('claimDue', 'lock', ({ tables, now }) =>
        ok(
          byId(tables)
            .filter((slot) => overdue(slot, now) !== undefined)
            .slice(0, most),
        ),
      ),
    );
  }

  findAlternatives(id: IdInput<SlotId>, limit: number): ResultAsync<readonly Slot[], RepositoryError> {
    return Result.combine([parseSlotId(id), parseLimit(limit)]).asyncAndThen(([slotId]) =>
      this.#rows.run('findAlternatives', 'read', ({ tables, now }) => {
        const wanted = tables.slots.get(slotId);
        if (wanted === undefined) return ok([]);
        const alike = offerable(tables).filter(
          (slot) => slot !== wanted && slot.cityId === wanted.cityId && slot.purpose === wanted.purpose,
        );
        return ok(freeSlots(alike, now).toSorted(byLikeness(wanted)).slice(0, limit));
      }),
    );
  }

  lockMany(ids: readonly IdInput<SlotId>[]): ResultAsync<readonly Slot[], RepositoryError> {
    return parseIds(parseSlotId, ids).asyncAndThen((valid) =>
      this.#rows.run('lockMany', 'lock', ({ tables }) =>
        ok([...new Set(valid)].sort((a, b) => a - b).flatMap((id) => tables.slots.get(id) ?? [])),
      ),
    );
  }

  /** Whoever locks anything here has everything to itself. */
  lockSchedules(recruiterIds: readonly IdInput<RecruiterId>[]): ResultAsync<void, RepositoryError> {
    return parseIds(parseRecruiterId, recruiterIds, 'recruiterIds').asyncAndThen(() =>
      this.#rows.run('lockSchedules', 'lock', () => ok()),
    );
  }

  findConflicts(
    slots: readonly (Slot | SlotDraft)[],
  ): ResultAsync<ReadonlyMap<number, SlotConflict>, RepositoryError> {
    return this.#rows.run('findConflicts', 'read', ({ tables }) => {
      const own = new Set(slots.flatMap((slot) => (slot instanceof Slot ? [slot.id] : [])));
      const others = new Map([...tables.slots].filter(([, { id }]) => !own.has(id)));
      return ok(
        new Map(
          slots.flatMap((slot, index) => {
            const conflict =
              slot instanceof Slot ? neighbourConflict(others, slot) : recruiterConflict(others, slot);
            return conflict === undefined ? [] : [[index, conflict] as const];
          }),
        ),
      );
    });
  }

  add(slot: NewSlot): ResultAsync<Slot, AddSlotError> {
    return draftSlot(slot).asyncAndThen((draft) =>
      this.#rows.insert((statement) =>
        guardNew(statement, draft).map(() => freeSlot(statement.nextId('slots') as SlotId, draft)),
      ),
    );
  }

  addMany(
    slots: readonly NewSlot[],
    options: AddManyOptions = {},
  ): ResultAsync<readonly Result<Slot, AddSlotError>[], ItemsRefused<AddSlotError> | RepositoryError> {
    return parseAddMany(slots, 'slots', options).asyncAndThen(({ onConflict }) =>
      this.#rows.insertMany<NewSlot, AddSlotError>(slots, onConflict, (slot, soFar, nextId) =>
        draftSlot(slot)
          .andThen((draft) => storable(soFar, draft))
          .map((draft) => freeSlot(nextId(), draft)),
      ),
    );
  }

  update(slot: Slot): ResultAsync<Slot, SlotNotFound | SlotConflict | StaleVersion | RepositoryError> {
    return this.#rows.update<SlotConflict | ConstraintViolation>(slot, ({ tables, refuse }) => {
      const conflict = slotConflict(tables.slots, slot);
      return conflict === undefined ? ok() : refuse(conflict);
    });
  }

  updateMany(
    slots: readonly Slot[],
    options: BatchOptions = {},
  ): ResultAsync<
    readonly Slot[],
    ItemsRefused<SlotNotFound | StaleVersion> | SlotConflict | RepositoryError
  > {
    return parseBatchSize(options.batchSize).asyncAndThen(() =>
      this.#rows.updateMany<SlotConflict | ConstraintViolation>(slots, (slot, afterwards) =>
        slotConflict(afterwards, slot),
      ),
    );
  }

  deleteMany(
    ids: readonly IdInput<SlotId>[],
  ): ResultAsync<readonly Result<SlotId, SlotNotFound | StillReferenced>[], RepositoryError> {
    return parseIds(parseSlotId, ids).asyncAndThen((valid) =>
      this.#rows.run('deleteMany', 'write', ({ tables, remove }) => {
        const left = new Map(tables.slots);
        return ok(
          valid.map((id): Result<SlotId, SlotNotFound | StillReferenced> => {
            if (!left.has(id)) return err(notFound(id));
            if (wasBooked(tables, id)) return err({ type: 'StillReferenced', entity: 'slot', id });
            left.delete(id);
            remove('slots', id);
            return ok(id);
          }),
        );
      }),
    );
  }

  deletePast(
    { endedBefore, recruiterId, cityId }: PastSlots,
    limit: number,
  ): ResultAsync<readonly Slot[], RepositoryError> {
    return this.#rows.run('deletePast', 'write', ({ tables, remove }) => {
      const past = [...tables.slots.values()]
        .filter(
          (slot) =>
            slot.status === 'free' &&
            !slot.endsAt.isAfter(endedBefore) &&
            (recruiterId ?? slot.recruiterId) === slot.recruiterId &&
            (cityId ?? slot.cityId) === slot.cityId &&
            !wasBooked(tables, slot.id),
        )
        .sort((a, b) => a.id - b.id)
        .slice(0, limit);
      for (const { id } of past) remove('slots', id);
      return ok(past);
    });
  }

  delete(id: IdInput<SlotId>): ResultAsync<void, SlotNotFound | StillReferenced | RepositoryError> {
    return this.#rows.delete(id, wasBooked);
  }

  #free(
    operation: string,
    matches: (slot: Slot) => boolean,
    after: InstantInput | undefined,
  ): ResultAsync<readonly Slot[], RepositoryError> {
    const from: Result<Instant | undefined, ValidationError> =
      after === undefined ? ok(undefined) : Instant.parse(after, 'after');
    return from.asyncAndThen((instant) =>
      this.#rows.run(operation, 'read', ({ tables, now }) =>
        ok(freeSlots(offerable(tables).filter(matches).sort(byStart), now, instant ?? now)),
      ),
    );
  }
}

const byId = ({ slots }: Tables): readonly Slot[] => [...slots.values()].sort((a, b) => a.id - b.id);

const activeOf =
  (candidate: CandidateId) =>
  ({ candidateId, status }: Slot): boolean =>
    candidateId === candidate && isActive(status);

/** The same recruiter's first, then the nearest in time. */
function byLikeness(wanted: Slot): (a: Slot, b: Slot) => number {
  const strangeness = ({ recruiterId }: Slot): number => (recruiterId === wanted.recruiterId ? 0 : 1);
  const distance = ({ startsAt }: Slot): number =>
    Math.abs(startsAt.epochMilliseconds - wanted.startsAt.epochMilliseconds);
  return (a, b) => strangeness(a) - strangeness(b) || distance(a) - distance(b) || byStart(a, b);
}

const wasBooked = ({ bookings }: Tables, slotId: SlotId): boolean =>
  someOther(bookings, undefined, (booking) => booking.slotId === slotId);

function guardNew(
  { tables, refuse }: Statement,
  draft: SlotDraft,
): Result<SlotDraft, SlotOverlap | RecruiterNotFound | CityNotFound> {
  const storing = storable(tables, draft);
  return storing.isErr() ? refuse(storing.error) : storing;
}

/** The exclusion guard and the references of a new slot. */
function storable(
  { slots, recruiters, cities }: Tables,
  draft: SlotDraft,
): Result<SlotDraft, SlotOverlap | RecruiterNotFound | CityNotFound> {
  const overlap = recruiterConflict(slots, draft);
  if (overlap !== undefined) return err(overlap);
  if (!recruiters.has(draft.recruiterId)) return err({ type: 'RecruiterNotFound', id: draft.recruiterId });
  return cities.has(draft.cityId) ? ok(draft) : err({ type: 'CityNotFound', id: draft.cityId });
}
