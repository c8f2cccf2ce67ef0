import type { ResultAsync } from 'neverthrow';
import type { BookingNotFound } from '../booking/booking-errors.ts';
import type { BookingId, CandidateId, IdInput, RescheduleRequestId } from '../shared/id.ts';
import type { Page, PageRequest } from '../shared/page.ts';
import type { RepositoryError, StaleVersion } from '../shared/repository-error.ts';
import type { PendingFilter } from './pending-filter.ts';
import type { RescheduleNotFound, ReschedulePending } from './reschedule-errors.ts';
import type { NewRescheduleRequest, RescheduleRequest } from './reschedule-request.ts';

/**
 * Requests to reschedule a booking. Never cached. A request changes only while its booking's slot is locked, so one that is
 * read under that lock stays as it is.
 */
export interface RescheduleRepository {
  get(id: IdInput<RescheduleRequestId>): ResultAsync<RescheduleRequest, RescheduleNotFound | RepositoryError>;
  find(id: IdInput<RescheduleRequestId>): ResultAsync<RescheduleRequest | undefined, RepositoryError>;
  /** The request of a booking that waits for a decision; there is one at most. */
  findPending(bookingId: IdInput<BookingId>): ResultAsync<RescheduleRequest | undefined, RepositoryError>;
  /** The same for many bookings, 5,000 to a query, by ascending id. */
  listPendingOf(
    bookingIds: readonly IdInput<BookingId>[],
  ): ResultAsync<readonly RescheduleRequest[], RepositoryError>;
  /** Every request there was for a booking, by ascending id. */
  listForBooking(
    bookingId: IdInput<BookingId>,
    page?: PageRequest,
  ): ResultAsync<Page<RescheduleRequest>, RepositoryError>;
  /** What waits for somebody, by ascending id. */
  listPending(
    filter?: PendingFilter,
    page?: PageRequest,
  ): ResultAsync<Page<RescheduleRequest>, RepositoryError>;
  add(
    request: NewRescheduleRequest,
  ): ResultAsync<RescheduleRequest, BookingNotFound | ReschedulePending | RepositoryError>;
  /** Stores a changed request if its version is still the stored one; answers it with the next version. */
  update(
    request: RescheduleRequest,
  ): ResultAsync<RescheduleRequest, RescheduleNotFound | StaleVersion | RepositoryError>;
  /** Removes what people wrote in requests about the candidate's bookings. */
  forgetTexts(candidateId: IdInput<CandidateId>): ResultAsync<void, RepositoryError>;
}
