import { err, ok, type ResultAsync } from 'neverthrow';
import type { BookingNotFound } from '../../domain/booking/booking-errors.ts';
import {
  parseBookingFilter,
  type BookingCriteria,
  type BookingFilter,
  type BookingQueries,
} from '../../domain/booking/booking-queries.ts';
import type { Booking } from '../../domain/booking/booking.ts';
import { overlapsPeriod } from '../../domain/shared/filter.ts';
import {
  parseBookingId,
  parseCandidateId,
  parseSlotId,
  type BookingId,
  type CandidateId,
  type IdInput,
  type SlotId,
} from '../../domain/shared/id.ts';
import { parsePageById, type Page, type PageRequest } from '../../domain/shared/page.ts';
import type { RepositoryError } from '../../domain/shared/repository-error.ts';
import { cutById } from './cut-page.ts';
import type { InMemoryTable } from './in-memory-table.ts';
import type { Statement } from './in-memory-transaction.ts';
import type { Tables } from './tables.ts';

export class InMemoryBookingQueries implements BookingQueries {
  readonly #rows: InMemoryTable<'bookings', BookingId, BookingNotFound>;

  constructor(rows: InMemoryTable<'bookings', BookingId, BookingNotFound>) {
    this.#rows = rows;
  }

  search(filter?: BookingFilter, page?: PageRequest): ResultAsync<Page<Booking>, RepositoryError> {
    return parseBookingFilter(filter).asyncAndThen((criteria) =>
      parsePageById(page).asyncAndThen((position) =>
        this.#rows.run('search', 'read', ({ tables }) =>
          ok(cutById([...tables.bookings.values()].filter(matching(criteria, tables)), position)),
        ),
      ),
    );
  }

  listForCandidate(
    candidateId: IdInput<CandidateId>,
    page?: PageRequest,
  ): ResultAsync<Page<Booking>, RepositoryError> {
    return parseCandidateId(candidateId).asyncAndThen((id) =>
      this.#rows.page('listForCandidate', page, (booking) => booking.candidateId === id),
    );
  }

  listForSlot(slotId: IdInput<SlotId>, page?: PageRequest): ResultAsync<Page<Booking>, RepositoryError> {
    return parseSlotId(slotId).asyncAndThen((id) =>
      this.#rows.page('listForSlot', page, (booking) => booking.slotId === id),
    );
  }

  countActive(candidateId: IdInput<CandidateId>): ResultAsync<number, RepositoryError> {
    return this.#count('countActive', candidateId, ({ live, expiresAt, slotId }, { tables, now }) => {
      const over = tables.slots.get(slotId)?.endsAt.isAfter(now) !== true;
      return live && !over && (expiresAt === undefined || expiresAt.isAfter(now));
    });
  }

  countNoShows(candidateId: IdInput<CandidateId>): ResultAsync<number, RepositoryError> {
    return this.#count('countNoShows', candidateId, ({ outcome }) => outcome === 'candidate_no_show');
  }

  historyOf(id: IdInput<BookingId>): ResultAsync<readonly Booking[], BookingNotFound | RepositoryError> {
    return parseBookingId(id).asyncAndThen((bookingId) =>
      this.#rows.run<readonly Booking[], BookingNotFound>('historyOf', 'read', ({ tables: { bookings } }) => {
        const booking = bookings.get(bookingId);
        if (booking === undefined) return err({ type: 'BookingNotFound', id: bookingId });
        return ok([
          ...followed(bookings, booking, 'movedFromId').toReversed(),
          booking,
          ...followed(bookings, booking, 'movedToId'),
        ]);
      }),
    );
  }

  #count(
    operation: string,
    candidateId: IdInput<CandidateId>,
    matches: (booking: Booking, statement: Statement) => boolean,
  ): ResultAsync<number, RepositoryError> {
    return parseCandidateId(candidateId).asyncAndThen((id) =>
      this.#rows.run(operation, 'read', (statement) => {
        const own = [...statement.tables.bookings.values()].filter((booking) => booking.candidateId === id);
        return ok(own.filter((booking) => matches(booking, statement)).length);
      }),
    );
  }
}

/** Where a booking leads to in one direction, without the booking itself. */
function followed(
  bookings: Tables['bookings'],
  from: Booking,
  direction: 'movedFromId' | 'movedToId',
): readonly Booking[] {
  const id = from[direction];
  const next = id === undefined ? undefined : bookings.get(id);
  return next === undefined ? [] : [next, ...followed(bookings, next, direction)];
}

const includes = <T>(wanted: readonly T[] | undefined, value: T | undefined): boolean =>
  wanted === undefined || (value !== undefined && wanted.includes(value));

const matching =
  (criteria: BookingCriteria, { slots }: Tables) =>
  (booking: Booking): boolean => {
    const slot = slots.get(booking.slotId);
    return (
      includes(criteria.candidateIds, booking.candidateId) &&
      includes(criteria.states, booking.state) &&
      includes(criteria.outcomes, booking.outcome) &&
      includes(criteria.purposes, booking.purpose) &&
      includes(criteria.recruiterIds, slot?.recruiterId) &&
      includes(criteria.cityIds, slot?.cityId) &&
      slot !== undefined &&
      overlapsPeriod(slot, criteria)
    );
  };
