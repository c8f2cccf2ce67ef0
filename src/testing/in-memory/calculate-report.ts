import type { AuditEntry } from '../../domain/audit/audit-entry.ts';
import type { Booking } from '../../domain/booking/booking.ts';
import {
  figuresOf,
  type BookingCounts,
  type DurationPercentiles,
} from '../../domain/report/booking-figures.ts';
import type { BookingReport, BookingReportCriteria } from '../../domain/report/booking-report.ts';
import type { ActorKind } from '../../domain/shared/actor.ts';
import type { Instant } from '../../domain/shared/instant.ts';
import type { Slot } from '../../domain/slot/slot.ts';

/** What a report is made of; more than its period is no harm. */
export interface ReportRows {
  readonly slots: readonly Slot[];
  readonly bookings: readonly Booking[];
  readonly trail: readonly AuditEntry[];
}

/** The report as its page describes it, word by word: what the statement of the database is compared with. */
export function calculateReport(criteria: BookingReportCriteria, rows: ReportRows): BookingReport {
  const { from, until, timeZone, groupBy } = criteria;
  const slots = rows.slots.filter(isWanted(criteria));
  const keyed = groupBy === 'none' ? [] : slots.map((slot) => ({ key: keyOf(slot, criteria), slot }));
  const keys = [...new Set(keyed.map(({ key }) => key))].toSorted((a, b) => (a < b ? -1 : 1));
  return {
    from,
    until,
    timeZone,
    groupBy,
    total: figuresOf(countsOf(slots, rows)),
    groups: keys.map((key) => {
      const own = keyed.filter((one) => one.key === key).map(({ slot }) => slot);
      return { key, ...figuresOf(countsOf(own, rows)) };
    }),
  };
}

const isWanted =
  ({ from, until, cityId, recruiterId }: BookingReportCriteria) =>
  (slot: Slot): boolean =>
    !slot.startsAt.isBefore(from) &&
    slot.startsAt.isBefore(until) &&
    (cityId === undefined || slot.cityId === cityId) &&
    (recruiterId === undefined || slot.recruiterId === recruiterId);

function keyOf(
  { cityId, recruiterId, startsAt }: Slot,
  { groupBy, timeZone }: BookingReportCriteria,
): number | string {
  if (groupBy === 'city') return cityId;
  if (groupBy === 'recruiter') return recruiterId;
  const day = startsAt.toZonedDateTime(timeZone).toPlainDate();
  return (groupBy === 'week' ? day.subtract({ days: day.dayOfWeek - 1 }) : day).toString();
}

/** A booking, with what only its slot and the trail know of it. */
interface Attempt {
  readonly booking: Booking;
  readonly startsAt: Instant;
  readonly requestedAt: Instant | undefined;
  readonly grantedAt: Instant | undefined;
}

function countsOf(slots: readonly Slot[], rows: ReportRows): BookingCounts {
  const attempts = attemptsOf(slots, rows);
  const count = (matches: (booking: Booking, attempt: Attempt) => boolean): number =>
    attempts.filter((attempt) => matches(attempt.booking, attempt)).length;
  const canceledBy = (kind: ActorKind): number =>
    count(
      ({ state, approvedAt, endedBy }) =>
        state === 'canceled' && approvedAt !== undefined && endedBy?.kind === kind,
    );
  const offered = slots.filter(({ status }) => status !== 'canceled');
  return {
    published: slots.length,
    withdrawn: slots.length - offered.length,
    offeredMs: durationOf(offered),
    bookedMs: durationOf(offered.filter(({ status }) => status !== 'free' && status !== 'pending')),
    attempts: attempts.length,
    requested: count((_, { requestedAt }) => requestedAt !== undefined),
    approved: count((_, { grantedAt }) => grantedAt !== undefined),
    booked: count(({ approvedAt }) => approvedAt !== undefined),
    confirmed: count(({ confirmedAt }) => confirmedAt !== undefined),
    live: count(({ live }) => live),
    rejected: count(({ state }, { requestedAt }) => state === 'rejected' && requestedAt !== undefined),
    declined: count(({ state }, { requestedAt }) => state === 'rejected' && requestedAt === undefined),
    expired: count(({ state }) => state === 'expired'),
    released: count(({ state, approvedAt }) => state === 'canceled' && approvedAt === undefined),
    canceled: {
      candidate: canceledBy('candidate'),
      recruiter: canceledBy('recruiter'),
      admin: canceledBy('admin'),
      system: canceledBy('system'),
    },
    moved: count(({ state }) => state === 'moved'),
    completed: count(({ state }) => state === 'completed'),
    attended: count(({ outcome }) => outcome === 'attended'),
    noShow: count(({ outcome }) => outcome === 'candidate_no_show'),
    recruiterNoShow: count(({ outcome }) => outcome === 'recruiter_no_show'),
    timeToApproval: percentilesOf(
      attempts.map(({ requestedAt, grantedAt }) => between(requestedAt, grantedAt)),
    ),
    leadTime: percentilesOf(
      attempts.map(({ booking, startsAt }) => booking.approvedAt && between(booking.createdAt, startsAt)),
    ),
  };
}

function attemptsOf(slots: readonly Slot[], { bookings, trail }: ReportRows): readonly Attempt[] {
  const starts = new Map(slots.map(({ id, startsAt }) => [id, startsAt]));
  return bookings.flatMap((booking) => {
    const startsAt = starts.get(booking.slotId);
    if (startsAt === undefined) return [];
    const own = trail.filter(({ entity, bookingId }) => entity === 'slot' && bookingId === booking.id);
    const requested = own.find(({ bookingTo }) => bookingTo === 'requested');
    const granted = own.find(
      ({ bookingFrom, bookingTo }) => bookingFrom === 'requested' && bookingTo === 'booked',
    );
    return [{ booking, startsAt, requestedAt: requested?.at, grantedAt: granted?.at }];
  });
}

const between = (from: Instant | undefined, until: Instant | undefined): number | undefined =>
  from && until && until.epochMilliseconds - from.epochMilliseconds;

const durationOf = (slots: readonly Slot[]): number =>
  slots.reduce((sum, { startsAt, endsAt }) => sum + endsAt.epochMilliseconds - startsAt.epochMilliseconds, 0);

function percentilesOf(durations: readonly (number | undefined)[]): DurationPercentiles | undefined {
  const sorted = durations.filter((one) => one !== undefined).toSorted((a, b) => a - b);
  return sorted.length === 0
    ? undefined
    : { p50Ms: percentile(sorted, 0.5), p95Ms: percentile(sorted, 0.95) };
}

/** Interpolates between the neighbours, as `percentile_cont` of PostgreSQL does. */
function percentile(sorted: readonly number[], share: number): number {
  const place = share * (sorted.length - 1);
  const [below = 0, above = below] = sorted.slice(Math.floor(place));
  return Math.round(below + (above - below) * (place - Math.floor(place)));
}
