import type { ResultAsync } from 'neverthrow';
import type { CandidateNotFound } from '../../../domain/candidate/candidate-errors.ts';
import type { CityNotFound } from '../../../domain/city/city-errors.ts';
import type { RecruiterNotFound } from '../../../domain/recruiter/recruiter-errors.ts';
import {
  parseWaitlistEntryId,
  type BookingId,
  type IdInput,
  type SlotId,
  type WaitlistEntryId,
} from '../../../domain/shared/id.ts';
import type { Instant } from '../../../domain/shared/instant.ts';
import type { Page, PageRequest } from '../../../domain/shared/page.ts';
import type { RepositoryError, StaleVersion } from '../../../domain/shared/repository-error.ts';
import { activeSlotStatuses } from '../../../domain/slot/slot-status.ts';
import {
  liveWaitlistStatuses,
  type WaitlistDraft,
  type WaitlistEntry,
} from '../../../domain/waitlist/waitlist-entry.ts';
import type { AlreadyWaiting, WaitlistEntryNotFound } from '../../../domain/waitlist/waitlist-errors.ts';
import {
  parseWaitlistFilter,
  type WaitlistFilter,
  type WaitlistPlace,
  type WaitlistRepository,
} from '../../../domain/waitlist/waitlist-repository.ts';
import {
  waitlistColumns,
  waitlistDraftColumns,
  waitlistEntryFromRecord,
} from '../../records/waitlist-record.ts';
import type { Db } from '../rows/tables.ts';
import { decodeOptional, onConstraint } from './answers.ts';
import { EntityRows, IDS_PER_STATEMENT, type RepositoryContext, type RowQuery } from './entity-rows.ts';
import { databaseNow, inUse } from './free-slots-ahead.ts';
import { inBatches } from './in-batches.ts';

const columns = [
  'id',
  'candidate_id',
  'city_id',
  'recruiter_id',
  'purpose',
  'wanted_from',
  'wanted_until',
  'status',
  'joined_at',
  'booking_id',
  'ended_at',
  'version',
] as const;

export class MikroOrmWaitlistRepository implements WaitlistRepository {
  readonly #session: RepositoryContext['session'];
  readonly #rows: EntityRows<WaitlistEntry, WaitlistEntryId, WaitlistEntryNotFound>;

  constructor(context: RepositoryContext) {
    this.#session = context.session;
    this.#rows = new EntityRows<WaitlistEntry, WaitlistEntryId, WaitlistEntryNotFound>(context, {
      name: 'waitlist',
      entity: 'waitlist entry',
      parseId: parseWaitlistEntryId,
      notFound: (id) => ({ type: 'WaitlistEntryNotFound', id }),
      select: (db) => db.selectFrom('waitlist_entry').select(columns),
      remove: (db, id) => db.deleteFrom('waitlist_entry').where('id', '=', id),
      decode: waitlistEntryFromRecord,
      anchors: () => [],
    });
  }

  get(id: IdInput<WaitlistEntryId>): ResultAsync<WaitlistEntry, WaitlistEntryNotFound | RepositoryError> {
    return this.#rows.get(id);
  }

  find(id: IdInput<WaitlistEntryId>): ResultAsync<WaitlistEntry | undefined, RepositoryError> {
    return this.#rows.find(id);
  }

  findLive({
    candidateId,
    cityId,
    purpose,
  }: WaitlistPlace): ResultAsync<WaitlistEntry | undefined, RepositoryError> {
    return this.#rows.one('findLive', 'read', (rows) =>
      live(rows.where('candidate_id', '=', candidateId).where('city_id', '=', cityId)).where(
        'purpose',
        '=',
        purpose,
      ),
    );
  }

  lockOffered(bookingIds: readonly BookingId[]): ResultAsync<readonly WaitlistEntry[], RepositoryError> {
    return inBatches(bookingIds, IDS_PER_STATEMENT, (batch) =>
      this.#rows.all(
        'lockOffered',
        (rows) =>
          live(rows.where('booking_id', 'in', batch))
            .orderBy('id')
            .forUpdate(),
        'write',
      ),
    );
  }

  getForUpdate(
    id: IdInput<WaitlistEntryId>,
  ): ResultAsync<WaitlistEntry, WaitlistEntryNotFound | RepositoryError> {
    return this.#rows.lock('getForUpdate', id, 'forUpdate');
  }

  findNextFor(slotId: SlotId, afterId: number): ResultAsync<WaitlistEntry | undefined, RepositoryError> {
    return this.#session
      .run('waitlist.findNextFor', 'read', (db) => selectNext(db, slotId, afterId).executeTakeFirst())
      .andThen(decodeOptional(waitlistEntryFromRecord));
  }

  list(filter?: WaitlistFilter, page?: PageRequest): ResultAsync<Page<WaitlistEntry>, RepositoryError> {
    return parseWaitlistFilter(filter).asyncAndThen(
      ({ candidateId, cityId, recruiterId, purpose, statuses }) => {
        const wanted: readonly (readonly [string, unknown])[] = [
          ['candidate_id', candidateId],
          ['city_id', cityId],
          ['recruiter_id', recruiterId],
          ['purpose', purpose],
        ];
        return this.#rows.page((rows) => {
          const narrowed = wanted.reduce(
            (query, [column, value]) => (value === undefined ? query : query.where(column, '=', value)),
            rows,
          );
          return statuses === undefined ? narrowed : narrowed.where('status', 'in', statuses);
        }, page);
      },
    );
  }

  add(
    draft: WaitlistDraft,
    joinedAt: Instant,
  ): ResultAsync<
    WaitlistEntry,
    AlreadyWaiting | CandidateNotFound | CityNotFound | RecruiterNotFound | RepositoryError
  > {
    return this.#rows
      .insert('add', (db) =>
        db
          .insertInto('waitlist_entry')
          .values({ ...waitlistDraftColumns(draft), joined_at: joinedAt.toJSON() })
          .returning(columns)
          .executeTakeFirstOrThrow(),
      )
      .mapErr(onConstraint(conflicts(draft)));
  }

  update(
    entry: WaitlistEntry,
  ): ResultAsync<WaitlistEntry, WaitlistEntryNotFound | StaleVersion | RepositoryError> {
    return this.#rows.replace(entry, (db) =>
      db
        .updateTable('waitlist_entry')
        .set({ ...waitlistColumns(entry), version: entry.version + 1 })
        .where('id', '=', entry.id)
        .returning(columns)
        .executeTakeFirstOrThrow(),
    );
  }
}

const live = (rows: RowQuery): RowQuery => rows.where('status', 'in', liveWaitlistStatuses);

const conflicts = ({ candidateId, cityId, recruiterId, purpose }: WaitlistDraft) => ({
  waitlist_entry_one_live: { type: 'AlreadyWaiting', candidateId, cityId, purpose } as AlreadyWaiting,
  waitlist_entry_candidate_fk: { type: 'CandidateNotFound', id: candidateId } as CandidateNotFound,
  waitlist_entry_city_fk: { type: 'CityNotFound', id: cityId } as CityNotFound,
  ...(recruiterId === undefined
    ? {}
    : { waitlist_entry_recruiter_fk: { type: 'RecruiterNotFound', id: recruiterId } as RecruiterNotFound }),
});

const selectNext = (db: Db, slotId: SlotId, afterId: number) =>
  db
    .selectFrom('slot as wanted')
    .innerJoin('waitlist_entry as entry', (join) =>
      join.onRef('entry.city_id', '=', 'wanted.city_id').onRef('entry.purpose', '=', 'wanted.purpose'),
    )
    .select(columns.map((column) => `entry.${column}` as const))
    .where('wanted.id', '=', slotId)
    .where('wanted.recruiter_id', 'in', inUse(db, 'recruiter'))
    .where('wanted.city_id', 'in', inUse(db, 'city'))
    .where('entry.status', '=', 'waiting')
    .where('entry.id', '>', afterId)
    .where((eb) =>
      eb.and([
        eb.or([
          eb('entry.recruiter_id', 'is', null),
          eb('entry.recruiter_id', '=', eb.ref('wanted.recruiter_id')),
        ]),
        eb.or([
          eb('entry.wanted_from', 'is', null),
          eb('entry.wanted_from', '<=', eb.ref('wanted.starts_at')),
        ]),
        eb.or([
          eb('entry.wanted_until', 'is', null),
          eb('entry.wanted_until', '>=', eb.ref('wanted.ends_at')),
        ]),
        eb.exists(
          eb
            .selectFrom('candidate')
            .select('candidate.id')
            .whereRef('candidate.id', '=', 'entry.candidate_id')
            .where('candidate.active', '=', true),
        ),
        eb.not(
          eb.exists(
            eb
              .selectFrom('booking')
              .select('booking.id')
              .whereRef('booking.slot_id', '=', 'wanted.id')
              .whereRef('booking.candidate_id', '=', 'entry.candidate_id'),
          ),
        ),
        eb.not(
          eb.exists(
            eb
              .selectFrom('slot as ahead')
              .select('ahead.id')
              .whereRef('ahead.candidate_id', '=', 'entry.candidate_id')
              .where('ahead.status', 'in', activeSlotStatuses)
              .where((own) =>
                own.or([
                  own('ahead.hold_expires_at', 'is', null),
                  own('ahead.hold_expires_at', '>', databaseNow(db)),
                ]),
              )
              .where((own) =>
                own.or([
                  own.and([
                    own('ahead.starts_at', '<', own.ref('wanted.ends_at')),
                    own('ahead.ends_at', '>', own.ref('wanted.starts_at')),
                  ]),
                  own.and([
                    own('ahead.recruiter_id', '=', own.ref('wanted.recruiter_id')),
                    own('ahead.purpose', '=', own.ref('wanted.purpose')),
                    own('wanted.purpose', '!=', 'intro_day'),
                    own('ahead.ends_at', '>', databaseNow(db)),
                  ]),
                ]),
              ),
          ),
        ),
      ]),
    )
    .orderBy('entry.id')
    .limit(1);
