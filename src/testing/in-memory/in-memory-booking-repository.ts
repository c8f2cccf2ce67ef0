import { err, ok, type ResultAsync } from 'neverthrow';
import type { BookingNotFound } from '../../domain/booking/booking-errors.ts';
import type { BookingFilter } from '../../domain/booking/booking-queries.ts';
import type { BookingRepository } from '../../domain/booking/booking-repository.ts';
import { Booking } from '../../domain/booking/booking.ts';
import type { Standing } from '../../domain/booking/transition-booking.ts';
import type { CandidateNotFound } from '../../domain/candidate/candidate-errors.ts';
import { parseBatchSize, type BatchOptions, type ItemsRefused } from '../../domain/shared/bulk.ts';
import {
  parseBookingId,
  parseCandidateId,
  parseSlotId,
  type BookingId,
  type CandidateId,
  type IdInput,
  type SlotId,
} from '../../domain/shared/id.ts';
import type { Page, PageRequest } from '../../domain/shared/page.ts';
import type {
  ConstraintViolation,
  RepositoryError,
  StaleVersion,
} from '../../domain/shared/repository-error.ts';
import type { SlotNotFound } from '../../domain/slot/slot-errors.ts';
import { InMemoryBookingQueries } from './in-memory-booking-queries.ts';
import { InMemoryTable } from './in-memory-table.ts';
import type { InMemoryTransaction } from './in-memory-transaction.ts';
import { bookingConflict } from './row-guards.ts';

const notFound = (id: BookingId): BookingNotFound => ({ type: 'BookingNotFound', id });

export class InMemoryBookingRepository implements BookingRepository {
  readonly #rows: InMemoryTable<'bookings', BookingId, BookingNotFound>;
  readonly #queries: InMemoryBookingQueries;

  constructor(transaction: InMemoryTransaction) {
    this.#rows = new InMemoryTable(transaction, {
      name: 'bookings',
      entity: 'booking',
      parseId: parseBookingId,
      notFound,
      withVersion: (booking, version) => new Booking({ ...booking, version }),
    });
    this.#queries = new InMemoryBookingQueries(this.#rows);
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
    return parseSlotId(slotId).asyncAndThen((id) =>
      this.#rows.run('findLiveForSlot', 'read', ({ tables }) => {
        const current = tables.slots.get(id)?.currentBookingId;
        const booking = current === undefined ? undefined : tables.bookings.get(current);
        return ok(booking?.live === true ? booking : undefined);
      }),
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
    return parseCandidateId(candidateId).asyncAndThen((id) =>
      this.#rows.select('listLive', (bookings) =>
        bookings
          .filter((booking) => booking.live && booking.candidateId === id)
          .sort((a, b) => a.slotId - b.slotId),
      ),
    );
  }

  lockWithSlot(id: IdInput<BookingId>): ResultAsync<Standing, BookingNotFound | RepositoryError> {
    return parseBookingId(id).asyncAndThen((bookingId) =>
      this.#rows.run<Standing, BookingNotFound>('lockWithSlot', 'lock', ({ tables }) => {
        const booking = tables.bookings.get(bookingId);
        const slot = booking && tables.slots.get(booking.slotId);
        return slot === undefined || booking === undefined ? err(notFound(bookingId)) : ok({ slot, booking });
      }),
    );
  }

  nextId(): ResultAsync<BookingId, RepositoryError> {
    return this.#rows.run('nextId', 'write', (statement) => ok(statement.nextId('bookings') as BookingId));
  }

  add(booking: Booking): ResultAsync<Booking, SlotNotFound | CandidateNotFound | RepositoryError> {
    return this.#rows.insert<SlotNotFound | CandidateNotFound | ConstraintViolation>(({ tables, refuse }) => {
      const conflict = bookingConflict(tables.bookings, booking, 'bookings.add');
      if (conflict !== undefined) return refuse(conflict);
      if (!tables.slots.has(booking.slotId)) return refuse({ type: 'SlotNotFound', id: booking.slotId });
      return tables.candidates.has(booking.candidateId)
        ? ok(booking)
        : refuse({ type: 'CandidateNotFound', id: booking.candidateId });
    });
  }

  update(booking: Booking): ResultAsync<Booking, BookingNotFound | StaleVersion | RepositoryError> {
    return this.#rows.update<ConstraintViolation>(booking, ({ tables, refuse }) => {
      const conflict = bookingConflict(tables.bookings, booking, 'bookings.update');
      return conflict === undefined ? ok() : refuse(conflict);
    });
  }

  updateMany(
    bookings: readonly Booking[],
    options: BatchOptions = {},
  ): ResultAsync<readonly Booking[], ItemsRefused<BookingNotFound | StaleVersion> | RepositoryError> {
    return parseBatchSize(options.batchSize).asyncAndThen(() =>
      this.#rows.updateMany<ConstraintViolation>(bookings, (booking, afterwards, before) =>
        bookingConflict(afterwards, booking, 'bookings.updateMany', before.get(booking.id)),
      ),
    );
  }

  forgetReasons(candidateId: IdInput<CandidateId>): ResultAsync<void, RepositoryError> {
    return parseCandidateId(candidateId).asyncAndThen((id) =>
      this.#rows.run('forgetReasons', 'write', ({ tables, put }) => {
        for (const booking of tables.bookings.values())
          if (booking.candidateId === id && booking.endReason !== undefined)
            put('bookings', new Booking({ ...booking, endReason: undefined, version: booking.version + 1 }));
        return ok();
      }),
    );
  }
}
