import { Result, type ResultAsync } from 'neverthrow';
import type { Reports } from '../../../application/ports/reports.ts';
import {
  figuresOf,
  type BookingCounts,
  type DurationPercentiles,
} from '../../../domain/report/booking-figures.ts';
import {
  parseBookingReportQuery,
  type BookingReport,
  type BookingReportCriteria,
  type BookingReportGrouping,
  type BookingReportQuery,
} from '../../../domain/report/booking-report.ts';
import type { CorruptRecord, RepositoryError } from '../../../domain/shared/repository-error.ts';
import type { InvalidTimeZone } from '../../../domain/shared/time-zone.ts';
import { readRecord, type RecordReader } from '../../records/record-reader.ts';
import { rawRows } from '../raw-rows.ts';
import type { Session } from '../session.ts';
import { selectBookingReport } from './report-statement.ts';

export class MikroOrmReports implements Reports {
  readonly #session: Session;
  readonly #schema: string;

  constructor(session: Session, schema: string) {
    this.#session = session;
    this.#schema = schema;
  }

  bookings(query: BookingReportQuery): ResultAsync<BookingReport, InvalidTimeZone | RepositoryError> {
    return parseBookingReportQuery(query).asyncAndThen((criteria) => {
      const { from, until, cityId, recruiterId, timeZone, groupBy } = criteria;
      const parameters = [from.toJSON(), until.toJSON(), cityId ?? null, recruiterId ?? null, timeZone];
      return this.#session
        .run('reports.bookings', 'read', (db) =>
          rawRows(db, selectBookingReport(this.#schema, groupBy), parameters),
        )
        .andThen((rows) => reportFromRows(criteria, rows));
    });
  }
}

function reportFromRows(
  { from, until, timeZone, groupBy }: BookingReportCriteria,
  [total, ...groups]: readonly unknown[],
): Result<BookingReport, CorruptRecord> {
  return Result.combine([
    readRecord('booking report', total, (read) => figuresOf(countsOf(read))),
    Result.combine(groups.map((row) => readRecord('booking report', row, (read) => groupOf(read, groupBy)))),
  ]).map(([figures, grouped]) => ({ from, until, timeZone, groupBy, total: figures, groups: grouped }));
}

const groupOf = (read: RecordReader, groupBy: BookingReportGrouping) => ({
  key: groupBy === 'city' || groupBy === 'recruiter' ? read.integer('key') : read.text('key'),
  ...figuresOf(countsOf(read)),
});

function countsOf(read: RecordReader): BookingCounts {
  // A group of slots that nobody tried to get has no row of bookings.
  const count = (name: string): number => read.optionalInteger(name) ?? 0;
  return {
    published: count('published'),
    withdrawn: count('withdrawn'),
    offeredMs: count('offered_ms'),
    bookedMs: count('booked_ms'),
    attempts: count('attempts'),
    requested: count('requested'),
    approved: count('approved'),
    booked: count('booked'),
    confirmed: count('confirmed'),
    live: count('live'),
    rejected: count('rejected'),
    declined: count('declined'),
    expired: count('expired'),
    released: count('released'),
    canceled: {
      candidate: count('canceled_candidate'),
      recruiter: count('canceled_recruiter'),
      admin: count('canceled_admin'),
      system: count('canceled_system'),
    },
    moved: count('moved'),
    completed: count('completed'),
    attended: count('attended'),
    noShow: count('no_show'),
    recruiterNoShow: count('recruiter_no_show'),
    timeToApproval: percentilesOf(read, 'approval'),
    leadTime: percentilesOf(read, 'lead'),
  };
}

function percentilesOf(read: RecordReader, column: string): DurationPercentiles | undefined {
  const [p50Ms, p95Ms] = [read.optionalInteger(`${column}_p50`), read.optionalInteger(`${column}_p95`)];
  return p50Ms === undefined || p95Ms === undefined ? undefined : { p50Ms, p95Ms };
}
