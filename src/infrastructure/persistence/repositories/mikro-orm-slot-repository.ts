import { Result, type ResultAsync } from 'neverthrow';
import { anchorsOfSlot } from '../../../application/caching/anchors.ts';
import type { Clock } from '../../../application/ports/clock.ts';
import type { CityNotFound } from '../../../domain/city/city-errors.ts';
import type { RecruiterNotFound } from '../../../domain/recruiter/recruiter-errors.ts';
import {
  parseBatchSize,
  type AddManyOptions,
  type BatchOptions,
  type ItemsRefused,
} from '../../../domain/shared/bulk.ts';
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
} from '../../../domain/shared/id.ts';
import { Instant, type InstantInput } from '../../../domain/shared/instant.ts';
import { parseLimit, type Page, type PageRequest } from '../../../domain/shared/page.ts';
import type {
  RepositoryError,
  StaleVersion,
  StillReferenced,
} from '../../../domain/shared/repository-error.ts';
import type { SlotNotFound, SlotOverlap } from '../../../domain/slot/slot-errors.ts';
import type {
  AddSlotError,
  PastSlots,
  SlotConflict,
  SlotRepository,
} from '../../../domain/slot/slot-repository.ts';
import type { AgendaRange, SlotFilter, SlotStatusSummary } from '../../../domain/slot/slot-queries.ts';
import { activeSlotStatuses } from '../../../domain/slot/slot-status.ts';
import { asFree, freeSlots } from '../../../domain/slot/free-slots.ts';
import { MOST_DUE, parseClaim, type ClaimTerms, type SlotClaim } from '../../../domain/slot/slot-claim.ts';
import { draftSlot, type NewSlot, type Slot, type SlotDraft } from '../../../domain/slot/slot.ts';
import type { OpenSlots } from '../../repositories/open-slots.ts';
import { slotColumnNames, slotColumns, slotDraftColumns, slotFromRecord } from '../../records/slot-record.ts';
import { ManySlots } from './mikro-orm-many-slots.ts';
import type { Db } from '../rows/tables.ts';
import { decodeAll, decodeOptional, onConstraint } from './answers.ts';
import { EntityRows, type RepositoryContext, type RowQuery } from './entity-rows.ts';
import { inUse } from './free-slots-ahead.ts';
import { MikroOrmSlotQueries } from './mikro-orm-slot-queries.ts';
import { selectClaimable } from './select-claimable.ts';
import { parseAddMany } from './parse-add-many.ts';

/** SQL has no empty list. */
const NO_SLOT = 0;

/** A lapsed hold still has a `pending` row, so lists of what can be offered start from both. */
const openStatuses = ['free', 'pending'] as const;

export class MikroOrmSlotRepository implements SlotRepository, OpenSlots {
  readonly #session: RepositoryContext['session'];
  readonly #rows: EntityRows<Slot, SlotId, SlotNotFound>;
  readonly #many: ManySlots;
  readonly #clock: Clock;
  readonly #queries: MikroOrmSlotQueries;

  constructor(context: RepositoryContext, schema: string, clock: Clock) {
    this.#session = context.session;
    this.#clock = clock;
    this.#queries = new MikroOrmSlotQueries(context.session);
    this.#rows = new EntityRows(context, {
      name: 'slots',
      entity: 'slot',
      parseId: parseSlotId,
      notFound: (id) => ({ type: 'SlotNotFound', id }),
      select: (db) => db.selectFrom('slot').select(slotColumnNames),
      remove: (db, id) => db.deleteFrom('slot').where('id', '=', id),
      decode: slotFromRecord,
      anchors: anchorsOfSlot,
    });
    this.#many = new ManySlots(context.session, this.#rows, schema);
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
    return parseRecruiterId(recruiterId).asyncAndThen((valid) =>
      this.#free(this.openForRecruiter(valid), after),
    );
  }

  getFreeForCity(
    cityId: IdInput<CityId>,
    after?: InstantInput,
  ): ResultAsync<readonly Slot[], RepositoryError> {
    return parseCityId(cityId).asyncAndThen((valid) => this.#free(this.openForCity(valid), after));
  }

  openForRecruiter(recruiterId: RecruiterId): ResultAsync<readonly Slot[], RepositoryError> {
    return this.#open('getFreeForRecruiter', 'recruiter_id', recruiterId);
  }

  openForCity(cityId: CityId): ResultAsync<readonly Slot[], RepositoryError> {
    return this.#open('getFreeForCity', 'city_id', cityId);
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
    return this.#rows.lock('getForUpdate', id, 'forUpdate');
  }

  lockForReservation(
    id: IdInput<SlotId>,
    candidateId: IdInput<CandidateId>,
    ...others: readonly IdInput<SlotId>[]
  ): ResultAsync<readonly Slot[], SlotNotFound | RepositoryError> {
    return Result.combine([parseSlotId(id), parseCandidateId(candidateId), parseIds(parseSlotId, others)])
      .map(([slot, candidate, rest]) => ({ candidate, slots: [slot, ...rest] }))
      .asyncAndThen(({ candidate, slots }) => this.#lockAhead('lockForReservation', candidate, slots));
  }

  lockActive(candidateId: IdInput<CandidateId>): ResultAsync<readonly Slot[], RepositoryError> {
    return parseCandidateId(candidateId).asyncAndThen((candidate) =>
      this.#lockAhead('lockActive', candidate, []),
    );
  }

  claimFree(claim: SlotClaim, terms: ClaimTerms): ResultAsync<Slot | undefined, RepositoryError> {
    return parseClaim(claim).asyncAndThen((parsed) =>
      this.#session
        .run('slots.claimFree', 'write', (db) => selectClaimable(db, parsed, terms).executeTakeFirst())
        .andThen(decodeOptional(slotFromRecord)),
    );
  }

  claimDue(limit: number): ResultAsync<readonly Slot[], RepositoryError> {
    return parseLimit(limit, 'limit', MOST_DUE).asyncAndThen((rows) =>
      this.#session
        .run('slots.claimDue', 'write', (db) =>
          db
            .selectFrom('slot')
            .select(slotColumnNames)
            .where((eb) => {
              const now = eb.fn<string>('clock_timestamp');
              return eb.or([
                eb.and([eb('status', '=', 'pending'), eb('hold_expires_at', '<=', now)]),
                eb.and([eb('status', 'in', ['booked', 'confirmed']), eb('ends_at', '<=', now)]),
              ]);
            })
            .orderBy('id')
            .limit(rows)
            .forUpdate()
            .skipLocked()
            .execute(),
        )
        .andThen(decodeAll(slotFromRecord)),
    );
  }

  findAlternatives(id: IdInput<SlotId>, limit: number): ResultAsync<readonly Slot[], RepositoryError> {
    return Result.combine([parseSlotId(id), parseLimit(limit)]).asyncAndThen(([valid, rows]) =>
      this.#session
        .run('slots.findAlternatives', 'read', (db) => selectAlternatives(db, valid, rows).execute())
        .andThen(decodeAll(slotFromRecord))
        .map((slots) => slots.map(asFree)),
    );
  }

  lockMany(ids: readonly IdInput<SlotId>[]): ResultAsync<readonly Slot[], RepositoryError> {
    return parseIds(parseSlotId, ids).asyncAndThen((valid) => this.#rows.lockMany('lockMany', valid));
  }

  lockSchedules(recruiterIds: readonly IdInput<RecruiterId>[]): ResultAsync<void, RepositoryError> {
    return parseIds(parseRecruiterId, recruiterIds, 'recruiterIds').asyncAndThen((valid) =>
      this.#many.lockSchedules(valid),
    );
  }

  findConflicts(
    slots: readonly (Slot | SlotDraft)[],
  ): ResultAsync<ReadonlyMap<number, SlotConflict>, RepositoryError> {
    return this.#many.findConflicts(slots);
  }

  add(input: NewSlot): ResultAsync<Slot, AddSlotError> {
    return draftSlot(input).asyncAndThen((draft) =>
      this.#rows
        .insert('add', (db) =>
          db
            .insertInto('slot')
            .values(slotDraftColumns(draft))
            .returning(slotColumnNames)
            .executeTakeFirstOrThrow(),
        )
        .mapErr(onConstraint(publishingConflicts(draft))),
    );
  }

  addMany(
    slots: readonly NewSlot[],
    options: AddManyOptions = {},
  ): ResultAsync<readonly Result<Slot, AddSlotError>[], ItemsRefused<AddSlotError> | RepositoryError> {
    return parseAddMany(slots, 'slots', options).asyncAndThen((choices) => this.#many.add(slots, choices));
  }

  update(slot: Slot): ResultAsync<Slot, SlotNotFound | SlotConflict | StaleVersion | RepositoryError> {
    return this.#rows
      .replace(slot, (db) =>
        db
          .updateTable('slot')
          .set({ ...slotColumns(slot), version: slot.version + 1 })
          .where('id', '=', slot.id)
          .returning(slotColumnNames)
          .executeTakeFirstOrThrow(),
      )
      .mapErr(onConstraint(bookingConflicts(slot)));
  }

  updateMany(
    slots: readonly Slot[],
    { batchSize }: BatchOptions = {},
  ): ResultAsync<
    readonly Slot[],
    ItemsRefused<SlotNotFound | StaleVersion> | SlotConflict | RepositoryError
  > {
    return parseBatchSize(batchSize).asyncAndThen((size) => this.#many.update(slots, size));
  }

  deleteMany(
    ids: readonly IdInput<SlotId>[],
  ): ResultAsync<readonly Result<SlotId, SlotNotFound | StillReferenced>[], RepositoryError> {
    return parseIds(parseSlotId, ids).asyncAndThen((valid) => this.#many.delete(valid));
  }

  deletePast(slots: PastSlots, limit: number): ResultAsync<readonly Slot[], RepositoryError> {
    return this.#many.deletePast(slots, limit);
  }

  delete(id: IdInput<SlotId>): ResultAsync<void, SlotNotFound | StillReferenced | RepositoryError> {
    return this.#rows.delete(id);
  }

  #lockAhead(
    operation: string,
    candidate: CandidateId,
    others: readonly SlotId[],
  ): ResultAsync<readonly Slot[], RepositoryError> {
    return this.#session
      .run(`slots.${operation}`, 'write', (db) =>
        db
          .selectFrom('slot')
          .select(slotColumnNames)
          .where((eb) =>
            eb.or([
              eb('id', 'in', [...others, NO_SLOT]),
              eb.and([eb('candidate_id', '=', candidate), eb('status', 'in', [...activeSlotStatuses])]),
            ]),
          )
          .orderBy('id')
          .forUpdate()
          .execute(),
      )
      .andThen(decodeAll(slotFromRecord));
  }

  #open(
    operation: string,
    column: 'recruiter_id' | 'city_id',
    id: number,
  ): ResultAsync<readonly Slot[], RepositoryError> {
    return this.#rows.all(operation, (rows: RowQuery, db) =>
      rows
        .where(column, '=', id)
        .where('recruiter_id', 'in', inUse(db, 'recruiter'))
        .where('city_id', 'in', inUse(db, 'city'))
        .where('status', 'in', openStatuses)
        .where('starts_at', '>', this.#clock.now().toJSON())
        .orderBy('starts_at')
        .orderBy('id'),
    );
  }

  #free(
    open: ResultAsync<readonly Slot[], RepositoryError>,
    after: InstantInput | undefined,
  ): ResultAsync<readonly Slot[], RepositoryError> {
    const now = this.#clock.now();
    return Instant.parse(after ?? now, 'after').asyncAndThen((from) =>
      open.map((slots) => freeSlots(slots, now, from)),
    );
  }
}

/** Slots of the same city and purpose, the same recruiter's first, then by how far their start is from this one's. */
const selectAlternatives = (db: Db, id: SlotId, limit: number) =>
  db
    .selectFrom('slot as taken')
    .innerJoin('slot', (join) =>
      join.onRef('slot.city_id', '=', 'taken.city_id').onRef('slot.purpose', '=', 'taken.purpose'),
    )
    .select(slotColumnNames.map((column) => `slot.${column}` as const))
    .where('taken.id', '=', id)
    .where('slot.id', '!=', id)
    .where('slot.recruiter_id', 'in', inUse(db, 'recruiter'))
    .where('slot.city_id', 'in', inUse(db, 'city'))
    .where((eb) =>
      eb.or([
        eb('slot.status', '=', 'free'),
        eb('slot.hold_expires_at', '<=', eb.fn<string>('clock_timestamp')),
      ]),
    )
    .where((eb) => eb('slot.starts_at', '>', eb.fn<string>('clock_timestamp')))
    .orderBy((eb) => eb('slot.recruiter_id', '=', eb.ref('taken.recruiter_id')), 'desc')
    .orderBy((eb) => {
      const seconds = (column: 'slot.starts_at' | 'taken.starts_at') =>
        eb.fn<number>('date_part', [eb.val('epoch'), column]);
      return eb.fn('abs', [eb(seconds('slot.starts_at'), '-', seconds('taken.starts_at'))]);
    })
    .orderBy('slot.id')
    .limit(limit);

const overlap = ({ recruiterId }: SlotDraft): Readonly<Record<string, SlotOverlap>> => ({
  slot_recruiter_no_overlap: { type: 'SlotOverlap', recruiterId },
});

const publishingConflicts = (
  draft: SlotDraft,
): Readonly<Record<string, SlotOverlap | RecruiterNotFound | CityNotFound>> => ({
  ...overlap(draft),
  slot_recruiter_fk: { type: 'RecruiterNotFound', id: draft.recruiterId },
  slot_city_fk: { type: 'CityNotFound', id: draft.cityId },
});

const bookingConflicts = (slot: Slot): Readonly<Record<string, SlotConflict>> => {
  const { candidateId, recruiterId } = slot;
  return {
    ...overlap(slot),
    ...(candidateId === undefined
      ? {}
      : {
          slot_candidate_no_overlap: { type: 'CandidateBusy', candidateId },
          slot_one_active_per_candidate_recruiter_purpose: {
            type: 'DuplicateBooking',
            candidateId,
            recruiterId,
          },
        }),
  };
};
