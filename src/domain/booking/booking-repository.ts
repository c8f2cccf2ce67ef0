import type { ResultAsync } from 'neverthrow';
import type { CandidateNotFound } from '../candidate/candidate-errors.ts';
import type { BatchOptions, ItemsRefused } from '../shared/bulk.ts';
import type { BookingId, CandidateId, IdInput, SlotId } from '../shared/id.ts';
import type { RepositoryError, StaleVersion } from '../shared/repository-error.ts';
import type { SlotNotFound } from '../slot/slot-errors.ts';
import type { BookingNotFound } from './booking-errors.ts';
import type { BookingQueries } from './booking-queries.ts';
import type { Booking } from './booking.ts';
import type { Standing } from './transition-booking.ts';

/** Bookings are never cached: they belong to one candidate and decide what comes next. */
export interface BookingRepository extends BookingQueries {
  get(id: IdInput<BookingId>): ResultAsync<Booking, BookingNotFound | RepositoryError>;
  find(id: IdInput<BookingId>): ResultAsync<Booking | undefined, RepositoryError>;
  /** Read 5,000 at a time; ids that do not exist are absent from the map. */
  getMany(ids: readonly IdInput<BookingId>[]): ResultAsync<ReadonlyMap<BookingId, Booking>, RepositoryError>;
  /** The booking the slot points at, if any. */
  findLiveForSlot(slotId: IdInput<SlotId>): ResultAsync<Booking | undefined, RepositoryError>;
  /** The candidate's live bookings, lapsed ones among them, by ascending slot id: the order in which slots are locked. */
  listLive(candidateId: IdInput<CandidateId>): ResultAsync<readonly Booking[], RepositoryError>;
  /** Locks the booking's slot, then reads both: nobody else changes them until the transaction ends. */
  lockWithSlot(id: IdInput<BookingId>): ResultAsync<Standing, BookingNotFound | RepositoryError>;
  /** Draws the id of the next booking. Ids of attempts that came to nothing are not used again. */
  nextId(): ResultAsync<BookingId, RepositoryError>;
  /** Stores a booking, which must agree with its slot when the transaction ends; see `slots.update`. */
  add(booking: Booking): ResultAsync<Booking, SlotNotFound | CandidateNotFound | RepositoryError>;
  /**
   * Stores a changed booking if its version is still the stored one; answers it with the next version. It must agree with
   * its slot when the transaction ends; see `slots.update`. One that has ended is never changed again:
   * `ConstraintViolation` of `booking_history_is_final`.
   */
  update(booking: Booking): ResultAsync<Booking, BookingNotFound | StaleVersion | RepositoryError>;
  /**
   * Stores many changed bookings, all of them or none, in the order given: each as `update` stores one. A booking is given
   * once. Two statements for a batch.
   */
  updateMany(
    bookings: readonly Booking[],
    options?: BatchOptions,
  ): ResultAsync<readonly Booking[], ItemsRefused<BookingNotFound | StaleVersion> | RepositoryError>;
  /** Removes what people wrote when they ended the candidate's bookings; that and how they ended stays. */
  forgetReasons(candidateId: IdInput<CandidateId>): ResultAsync<void, RepositoryError>;
}
