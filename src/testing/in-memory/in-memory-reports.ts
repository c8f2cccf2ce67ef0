import { ok, type ResultAsync } from 'neverthrow';
import type { Reports } from '../../application/ports/reports.ts';
import {
  parseBookingReportQuery,
  type BookingReport,
  type BookingReportQuery,
} from '../../domain/report/booking-report.ts';
import type { RepositoryError } from '../../domain/shared/repository-error.ts';
import type { InvalidTimeZone } from '../../domain/shared/time-zone.ts';
import { calculateReport } from './calculate-report.ts';
import type { InMemoryTransaction } from './in-memory-transaction.ts';

export class InMemoryReports implements Reports {
  readonly #transaction: InMemoryTransaction;

  /** @param transaction one that never ends, and sees what is committed by then */
  constructor(transaction: InMemoryTransaction) {
    this.#transaction = transaction;
  }

  bookings(query: BookingReportQuery): ResultAsync<BookingReport, InvalidTimeZone | RepositoryError> {
    return parseBookingReportQuery(query).asyncAndThen((criteria) =>
      this.#transaction.statement('reports.bookings', 'read', ({ tables }) =>
        ok(
          calculateReport(criteria, {
            slots: [...tables.slots.values()],
            bookings: [...tables.bookings.values()],
            trail: [...tables.audit.values()],
          }),
        ),
      ),
    );
  }
}
