import type { ResultAsync } from 'neverthrow';
import type { BookingReport, BookingReportQuery } from '../../domain/report/booking-report.ts';
import type { RepositoryError } from '../../domain/shared/repository-error.ts';
import type { InvalidTimeZone } from '../../domain/shared/time-zone.ts';

/** Figures for dashboards and for those who look at them once a week. Never cached. */
export interface Reports {
  /**
   * What became of the slots that start in `[from, until)` and of their bookings, in total and by city, recruiter, day or week.
   * A booking counts where its slot is, whenever it was made. Durations are in milliseconds; percentiles are interpolated
   * between neighbours as PostgreSQL's `percentile_cont` does, and rounded.
   *
   * `Validation` for a period that is empty or longer than 366 days; `InvalidTimeZone`.
   *
   * One statement, so that all figures are of one moment. It reads every slot of the period with its bookings and audit
   * entries, within the usual limit of statements: for people, not for every request.
   */
  bookings(query: BookingReportQuery): ResultAsync<BookingReport, InvalidTimeZone | RepositoryError>;
}
