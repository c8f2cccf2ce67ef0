import { ok, okAsync, Result, type ResultAsync } from 'neverthrow';
import type { BlockedPeriodNotFound } from '../../../domain/blocked-period/blocked-period-errors.ts';
import type {
  BlockedPeriodFilter,
  BlockedPeriodRepository,
} from '../../../domain/blocked-period/blocked-period-repository.ts';
import {
  draftBlockedPeriod,
  type BlockedPeriod,
  type NewBlockedPeriod,
} from '../../../domain/blocked-period/blocked-period.ts';
import { blockingPeriods, spanOf } from '../../../domain/blocked-period/blocking-periods.ts';
import type { BookingRepository } from '../../../domain/booking/booking-repository.ts';
import type { Booking } from '../../../domain/booking/booking.ts';
import type { CityNotFound } from '../../../domain/city/city-errors.ts';
import type { RecruiterNotFound } from '../../../domain/recruiter/recruiter-errors.ts';
import {
  parseBlockedPeriodId,
  type BlockedPeriodId,
  type BookingId,
  type IdInput,
} from '../../../domain/shared/id.ts';
import type { Page, PageRequest } from '../../../domain/shared/page.ts';
import type { RepositoryError } from '../../../domain/shared/repository-error.ts';
import { activeSlotStatuses } from '../../../domain/slot/slot-status.ts';
import type { SlotDraft } from '../../../domain/slot/slot.ts';
import { blockedPeriodColumns, blockedPeriodFromRecord } from '../../records/blocked-period-record.ts';
import { readRecord } from '../../records/record-reader.ts';
import { rawRows } from '../raw-rows.ts';
import { onConstraint } from './answers.ts';
import { parseBlockedPeriodFilter } from './blocked-period-filter.ts';
import { EntityRows, type RepositoryContext } from './entity-rows.ts';
import { lockNames } from './slot-statements.ts';

const columns = ['id', 'recruiter_id', 'city_id', 'starts_at', 'ends_at', 'reason', 'version'] as const;

export class MikroOrmBlockedPeriodRepository implements BlockedPeriodRepository {
  readonly #session: RepositoryContext['session'];
  readonly #rows: EntityRows<BlockedPeriod, BlockedPeriodId, BlockedPeriodNotFound>;
  readonly #bookings: Pick<BookingRepository, 'getMany'>;
  readonly #lock: string;

  constructor(context: RepositoryContext, bookings: Pick<BookingRepository, 'getMany'>, schema: string) {
    this.#session = context.session;
    this.#bookings = bookings;
    this.#lock = `slotwise:${schema}:blocked-periods`;
    this.#rows = new EntityRows<BlockedPeriod, BlockedPeriodId, BlockedPeriodNotFound>(context, {
      name: 'blockedPeriods',
      entity: 'blocked_period',
      parseId: parseBlockedPeriodId,
      notFound: (id) => ({ type: 'BlockedPeriodNotFound', id }),
      select: (db) => db.selectFrom('blocked_period').select(columns),
      remove: (db, id) => db.deleteFrom('blocked_period').where('id', '=', id),
      decode: blockedPeriodFromRecord,
      // Nothing that is cached shows them: a free list keeps what was published before.
      anchors: () => [],
    });
  }

  get(id: IdInput<BlockedPeriodId>): ResultAsync<BlockedPeriod, BlockedPeriodNotFound | RepositoryError> {
    return this.#rows.get(id);
  }

  find(id: IdInput<BlockedPeriodId>): ResultAsync<BlockedPeriod | undefined, RepositoryError> {
    return this.#rows.find(id);
  }

  list(
    filter: BlockedPeriodFilter = {},
    page?: PageRequest,
  ): ResultAsync<Page<BlockedPeriod>, RepositoryError> {
    return parseBlockedPeriodFilter(filter).asyncAndThen(({ recruiterId, cityId, after }) =>
      this.#rows.page((rows) => {
        const ofRecruiter = recruiterId === undefined ? rows : rows.where('recruiter_id', '=', recruiterId);
        const ofCity = cityId === undefined ? ofRecruiter : ofRecruiter.where('city_id', '=', cityId);
        return after === undefined ? ofCity : ofCity.where('ends_at', '>', after.toJSON());
      }, page),
    );
  }

  add(
    period: NewBlockedPeriod,
  ): ResultAsync<BlockedPeriod, RecruiterNotFound | CityNotFound | RepositoryError> {
    return draftBlockedPeriod(period).asyncAndThen((draft) =>
      this.#locked('exclusive')
        .andThen(() =>
          this.#rows.insert('add', (db) =>
            db
              .insertInto('blocked_period')
              .values(blockedPeriodColumns(draft))
              .returning(columns)
              .executeTakeFirstOrThrow(),
          ),
        )
        .mapErr(
          onConstraint<RecruiterNotFound | CityNotFound>({
            ...(draft.recruiterId === undefined
              ? {}
              : { blocked_period_recruiter_fk: { type: 'RecruiterNotFound', id: draft.recruiterId } }),
            ...(draft.cityId === undefined
              ? {}
              : { blocked_period_city_fk: { type: 'CityNotFound', id: draft.cityId } }),
          }),
        ),
    );
  }

  delete(id: IdInput<BlockedPeriodId>): ResultAsync<void, BlockedPeriodNotFound | RepositoryError> {
    // Nothing refers to a period.
    return this.#rows
      .delete(id)
      .mapErr((error) => error as Exclude<typeof error, { readonly type: 'StillReferenced' }>);
  }

  lockBlocking(
    slots: readonly SlotDraft[],
  ): ResultAsync<ReadonlyMap<number, BlockedPeriod>, RepositoryError> {
    const span = spanOf(slots);
    if (span === undefined) return okAsync(new Map());
    return this.#locked('shared')
      .andThen(() =>
        this.#rows.all('lockBlocking', (rows) =>
          rows
            .where('ends_at', '>', span.start.toJSON())
            .where('starts_at', '<', span.end.toJSON())
            .orderBy('id'),
        ),
      )
      .map((periods) => blockingPeriods(slots, periods));
  }

  listAffected(period: BlockedPeriod): ResultAsync<readonly Booking[], RepositoryError> {
    return this.#session
      .run('blockedPeriods.listAffected', 'read', (db) => {
        let slots = db
          .selectFrom('slot')
          .select('current_booking_id as id')
          .where('occupied_from', '<', period.endsAt.toJSON())
          .where('occupied_until', '>', period.startsAt.toJSON())
          .where('status', 'in', [...activeSlotStatuses])
          .where((eb) =>
            eb.or([
              eb('status', '!=', 'pending'),
              eb('hold_expires_at', '>', eb.fn<string>('clock_timestamp')),
            ]),
          );
        if (period.recruiterId !== undefined) slots = slots.where('recruiter_id', '=', period.recruiterId);
        if (period.cityId !== undefined) slots = slots.where('city_id', '=', period.cityId);
        return slots.orderBy('starts_at').orderBy('slot.id').execute();
      })
      .andThen((rows) =>
        Result.combine(rows.map((row) => readRecord('slot', row, (read) => read.integer('id') as BookingId))),
      )
      .andThen((ids) =>
        this.#bookings.getMany(ids).andThen((bookings) => ok(ids.flatMap((id) => bookings.get(id) ?? []))),
      );
  }

  /** Whoever adds a period waits for those who publish, and they for it. */
  #locked(mode: 'exclusive' | 'shared'): ResultAsync<void, RepositoryError> {
    return this.#session
      .run('blockedPeriods.lock', 'write', (db) => rawRows(db, lockNames(mode), [[this.#lock]]))
      .map(() => undefined);
  }
}
