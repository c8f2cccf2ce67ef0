import type { ResultAsync } from 'neverthrow';
import type { BookingNotFound } from '../../../domain/booking/booking-errors.ts';
import type { BookingFilter } from '../../../domain/booking/booking-queries.ts';
import type { BookingRepository } from '../../../domain/booking/booking-repository.ts';
import { liveBookingStates } from '../../../domain/booking/booking-state.ts';
import type { Booking } from '../../../domain/booking/booking.ts';
import type { Standing } from '../../../domain/booking/transition-booking.ts';
import type { CandidateNotFound } from '../../../domain/candidate/candidate-errors.ts';
import { parseBatchSize, type BatchOptions, type ItemsRefused } from '../../../domain/shared/bulk.ts';
import {
  parseBookingId,
  parseCandidateId,
  parseSlotId,
  type BookingId,
  type CandidateId,
  type IdInput,
  type SlotId,
} from '../../../domain/shared/id.ts';
import type { Page, PageRequest } from '../../../domain/shared/page.ts';
import type { RepositoryError, StaleVersion } from '../../../domain/shared/repository-error.ts';
import type { SlotNotFound } from '../../../domain/slot/slot-errors.ts';
import type { SlotRepository } from '../../../domain/slot/slot-repository.ts';
import {
  bookingColumnNames as columns,
  bookingColumns,
  bookingFromRecord,
  bookingsAsJson,
} from '../../records/booking-record.ts';
import { rawRows } from '../raw-rows.ts';
import { onConstraint } from './answers.ts';
import { updateBookings } from './booking-statements.ts';
import { EntityRows, type RepositoryContext } from './entity-rows.ts';
import { MikroOrmBookingQueries } from './mikro-orm-booking-queries.ts';

export class MikroOrmBookingRepository implements BookingRepository {
  readonly #session: RepositoryContext['session'];
  readonly #rows: EntityRows<Booking, BookingId, BookingNotFound>;
  readonly #queries: MikroOrmBookingQueries;
  readonly #slots: Pick<SlotRepository, 'getForUpdate'>;
  readonly #schema: string;

  /** @param schema of what the query builder does not qualify. */
  constructor(context: RepositoryContext, slots: Pick<SlotRepository, 'getForUpdate'>, schema: string) {
    this.#session = context.session;
    this.#slots = slots;
    this.#schema = schema;
    this.#rows = new EntityRows<Booking, BookingId, BookingNotFound>(context, {
      name: 'bookings',
      entity: 'booking',
      parseId: parseBookingId,
      notFound: (id) => ({ type: 'BookingNotFound', id }),
      select: (db) => db.selectFrom('booking').select(columns),
      remove: (db, id) => db.deleteFrom('booking').where('id', '=', id),
      decode: bookingFromRecord,
      // A booking is never cached, and its slot is written with it.
      anchors: () => [],
    });
    this.#queries = new MikroOrmBookingQueries(context.session, this.#rows);
  }

  get(id: IdInput<BookingId>): ResultAsync<Booking, BookingNotFound | RepositoryError> {
    return this.#rows.get(id);
  }

  find(id: IdInput<BookingId>): ResultAsync<Booking | undefined, RepositoryError> {
    return this.#rows.find(id);
  }

  getMany(ids: readonly IdInput<BookingId>[]): ResultAsync<ReadonlyMap<BookingId, Booking>, RepositoryError> {
    return this.#rows.getMany(ids);
  }

  findLiveForSlot(slotId: IdInput<SlotId>): ResultAsync<Booking | undefined, RepositoryError> {
    return parseSlotId(slotId).asyncAndThen((valid) =>
      this.#rows.one('findLiveForSlot', 'read', (rows) =>
        rows.where('slot_id', '=', valid).where('state', 'in', liveBookingStates),
      ),
    );
  }

  search(filter?: BookingFilter, page?: PageRequest): ResultAsync<Page<Booking>, RepositoryError> {
    return this.#queries.search(filter, page);
  }

  listForCandidate(
    candidateId: IdInput<CandidateId>,
    page?: PageRequest,
  ): ResultAsync<Page<Booking>, RepositoryError> {
    return this.#queries.listForCandidate(candidateId, page);
  }

  listForSlot(slotId: IdInput<SlotId>, page?: PageRequest): ResultAsync<Page<Booking>, RepositoryError> {
    return this.#queries.listForSlot(slotId, page);
  }

  countActive(candidateId: IdInput<CandidateId>): ResultAsync<number, RepositoryError> {
    return this.#queries.countActive(candidateId);
  }

  countNoShows(candidateId: IdInput<CandidateId>): ResultAsync<number, RepositoryError> {
    return this.#queries.countNoShows(candidateId);
  }

  historyOf(id: IdInput<BookingId>): ResultAsync<readonly Booking[], BookingNotFound | RepositoryError> {
    return this.#queries.historyOf(id);
  }

  listLive(candidateId: IdInput<CandidateId>): ResultAsync<readonly Booking[], RepositoryError> {
    return parseCandidateId(candidateId).asyncAndThen((valid) =>
      this.#rows.all('listLive', (rows) =>
        rows.where('candidate_id', '=', valid).where('state', 'in', liveBookingStates).orderBy('slot_id'),
      ),
    );
  }

  lockWithSlot(id: IdInput<BookingId>): ResultAsync<Standing, BookingNotFound | RepositoryError> {
    return this.get(id)
      .andThen(({ slotId }) => this.#slots.getForUpdate(slotId))
      .mapErr((error) => missingSlot(error, id))
      .andThen((slot) => this.get(id).map((booking) => ({ slot, booking })));
  }

  nextId(): ResultAsync<BookingId, RepositoryError> {
    return this.#session
      .run('bookings.nextId', 'write', (db) =>
        db
          .selectNoFrom((eb) =>
            eb.fn<unknown>('nextval', [eb.val(`"${this.#schema}".booking_id_seq`)]).as('id'),
          )
          .executeTakeFirstOrThrow(),
      )
      .andThen(({ id }) => parseBookingId(Number(id)));
  }

  add(booking: Booking): ResultAsync<Booking, SlotNotFound | CandidateNotFound | RepositoryError> {
    return this.#rows
      .insert('add', (db) =>
        db
          .insertInto('booking')
          .values({ id: booking.id, ...bookingColumns(booking) })
          .returning(columns)
          .executeTakeFirstOrThrow(),
      )
      .mapErr(
        onConstraint<SlotNotFound | CandidateNotFound>({
          booking_slot_fk: { type: 'SlotNotFound', id: booking.slotId },
          booking_candidate_fk: { type: 'CandidateNotFound', id: booking.candidateId },
        }),
      );
  }

  update(booking: Booking): ResultAsync<Booking, BookingNotFound | StaleVersion | RepositoryError> {
    return this.#rows.replace(booking, (db) =>
      db
        .updateTable('booking')
        .set({ ...bookingColumns(booking), version: booking.version + 1 })
        .where('id', '=', booking.id)
        .returning(columns)
        .executeTakeFirstOrThrow(),
    );
  }

  updateMany(
    bookings: readonly Booking[],
    options: BatchOptions = {},
  ): ResultAsync<readonly Booking[], ItemsRefused<BookingNotFound | StaleVersion> | RepositoryError> {
    return parseBatchSize(options.batchSize).asyncAndThen((batchSize) =>
      this.#rows.lockUnchanged('updateMany', bookings).andThen((stored) =>
        this.#rows.replaceMany('updateMany', bookings, stored, {
          batchSize,
          statement: (db, batch) => rawRows(db, updateBookings(this.#schema), [bookingsAsJson(batch)]),
        }),
      ),
    );
  }

  forgetReasons(candidateId: IdInput<CandidateId>): ResultAsync<void, RepositoryError> {
    return parseCandidateId(candidateId).asyncAndThen((valid) =>
      this.#session
        .run('bookings.forgetReasons', 'write', (db) =>
          db
            .updateTable('booking')
            .set((eb) => ({ end_reason: null, version: eb('version', '+', 1) }))
            .where('candidate_id', '=', valid)
            .where('end_reason', 'is not', null)
            .execute(),
        )
        .map(() => undefined),
    );
  }
}

/** A booking's slot cannot be deleted while the booking is there, so a missing slot means a missing booking. */
const missingSlot = <E extends { readonly type: string }>(
  error: E | SlotNotFound,
  id: IdInput<BookingId>,
): E | BookingNotFound =>
  error.type === 'SlotNotFound' ? { type: 'BookingNotFound', id: id as BookingId } : (error as E);
