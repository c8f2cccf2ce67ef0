import { err, ok, type ResultAsync } from 'neverthrow';
import type { BookingNotFound } from '../../../domain/booking/booking-errors.ts';
import {
  parseBookingFilter,
  type BookingCriteria,
  type BookingFilter,
  type BookingQueries,
} from '../../../domain/booking/booking-queries.ts';
import { liveBookingStates } from '../../../domain/booking/booking-state.ts';
import type { Booking } from '../../../domain/booking/booking.ts';
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
import type { RepositoryError } from '../../../domain/shared/repository-error.ts';
import { bookingColumnNames, bookingFromRecord } from '../../records/booking-record.ts';
import { readRecord } from '../../records/record-reader.ts';
import type { Db } from '../rows/tables.ts';
import type { Session } from '../session.ts';
import { decodeAll } from './answers.ts';
import type { EntityRows, RowQuery } from './entity-rows.ts';
import { databaseNow } from './free-slots-ahead.ts';
import { slotsDuring } from './mikro-orm-slot-queries.ts';

export class MikroOrmBookingQueries implements BookingQueries {
  readonly #session: Session;
  readonly #rows: EntityRows<Booking, BookingId, BookingNotFound>;

  constructor(session: Session, rows: EntityRows<Booking, BookingId, BookingNotFound>) {
    this.#session = session;
    this.#rows = rows;
  }

  search(filter?: BookingFilter, page?: PageRequest): ResultAsync<Page<Booking>, RepositoryError> {
    return parseBookingFilter(filter).asyncAndThen((criteria) =>
      this.#rows.page((rows, db) => matching(rows, db, criteria), page),
    );
  }

  listForCandidate(
    candidateId: IdInput<CandidateId>,
    page?: PageRequest,
  ): ResultAsync<Page<Booking>, RepositoryError> {
    return parseCandidateId(candidateId).asyncAndThen((valid) =>
      this.#rows.page((rows) => rows.where('candidate_id', '=', valid), page),
    );
  }

  listForSlot(slotId: IdInput<SlotId>, page?: PageRequest): ResultAsync<Page<Booking>, RepositoryError> {
    return parseSlotId(slotId).asyncAndThen((valid) =>
      this.#rows.page((rows) => rows.where('slot_id', '=', valid), page),
    );
  }

  countActive(candidateId: IdInput<CandidateId>): ResultAsync<number, RepositoryError> {
    return this.#count('bookings.countActive', candidateId, (db, candidate) =>
      db
        .selectFrom('booking')
        .innerJoin('slot', 'slot.id', 'booking.slot_id')
        .where('booking.candidate_id', '=', candidate)
        .where('booking.state', 'in', liveBookingStates)
        .where((eb) =>
          eb.or([eb('booking.expires_at', 'is', null), eb('booking.expires_at', '>', databaseNow(db))]),
        )
        .where('slot.ends_at', '>', databaseNow(db))
        .select((eb) => eb.fn.countAll().as('bookings'))
        .executeTakeFirst(),
    );
  }

  countNoShows(candidateId: IdInput<CandidateId>): ResultAsync<number, RepositoryError> {
    return this.#count('bookings.countNoShows', candidateId, (db, candidate) =>
      db
        .selectFrom('booking')
        .where('candidate_id', '=', candidate)
        .where('outcome', '=', 'candidate_no_show')
        .select((eb) => eb.fn.countAll().as('bookings'))
        .executeTakeFirst(),
    );
  }

  historyOf(id: IdInput<BookingId>): ResultAsync<readonly Booking[], BookingNotFound | RepositoryError> {
    return parseBookingId(id).asyncAndThen((valid) =>
      this.#session
        .run('bookings.historyOf', 'read', (db) => selectChain(db, valid).execute())
        .andThen(decodeAll(bookingFromRecord))
        .andThen((chain) =>
          chain.length === 0
            ? err<never, BookingNotFound>({ type: 'BookingNotFound', id: valid })
            : ok(chain),
        ),
    );
  }

  #count(
    operation: string,
    candidateId: IdInput<CandidateId>,
    query: (db: Db, candidate: CandidateId) => Promise<unknown>,
  ): ResultAsync<number, RepositoryError> {
    return parseCandidateId(candidateId).asyncAndThen((candidate) =>
      this.#session
        .run(operation, 'read', (db) => query(db, candidate))
        .andThen((row) => readRecord('count', row, (read) => read.integer('bookings'))),
    );
  }
}

/** What is known of the slot is asked of the slot, once for the whole list. */
function matching(rows: RowQuery, db: Db, criteria: BookingCriteria): RowQuery {
  const { candidateIds, recruiterIds, cityIds, states, outcomes, purposes, from, until } = criteria;
  const own: readonly (readonly [string, readonly unknown[] | undefined])[] = [
    ['candidate_id', candidateIds],
    ['state', states],
    ['outcome', outcomes],
    ['purpose', purposes],
  ];
  const narrowed = own.reduce(
    (query, [column, values]) => (values === undefined ? query : query.where(column, 'in', values)),
    rows,
  );
  if ([recruiterIds, cityIds, from, until].every((part) => part === undefined)) return narrowed;
  const slots = slotsDuring(db, { from, until })
    .select('id')
    .where((eb) =>
      eb.and([
        ...(recruiterIds === undefined ? [] : [eb('recruiter_id', 'in', recruiterIds)]),
        ...(cityIds === undefined ? [] : [eb('city_id', 'in', cityIds)]),
      ]),
    );
  return narrowed.where('slot_id', 'in', slots);
}

/**
 * Follows what each booking took over from, and what took over from it, as far as it goes. The rows are taken along:
 * whoever looked them up afterwards would read the whole table, because nobody knows how long a chain is.
 */
const selectChain = (db: Db, id: BookingId) =>
  db
    .withRecursive('chain', (steps) =>
      steps
        .selectFrom('booking')
        .select(ofBooking)
        .where('booking.id', '=', id)
        .union((more) =>
          more
            .selectFrom('booking')
            .innerJoin('chain', (join) =>
              join.on((eb) =>
                eb.or([
                  eb('booking.id', '=', eb.ref('chain.moved_from_id')),
                  eb('booking.id', '=', eb.ref('chain.moved_to_id')),
                ]),
              ),
            )
            .select(ofBooking),
        ),
    )
    .selectFrom('chain')
    .select(bookingColumnNames)
    .orderBy('reschedule_count')
    .orderBy('id');

const ofBooking = bookingColumnNames.map((column) => `booking.${column}` as const);
