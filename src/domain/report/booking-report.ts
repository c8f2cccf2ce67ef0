import { ok, Result } from 'neverthrow';
import { parseOneOf, parseOptional } from '../shared/filter.ts';
import { parseCityId, parseRecruiterId, type CityId, type IdInput, type RecruiterId } from '../shared/id.ts';
import { parseObject } from '../shared/input.ts';
import { Instant, type InstantInput } from '../shared/instant.ts';
import { MINUTE } from '../shared/time-range.ts';
import { parseTimeZone, type InvalidTimeZone, type TimeZoneId } from '../shared/time-zone.ts';
import { invalid, type ValidationError } from '../shared/validation-error.ts';
import type { BookingFigures } from './booking-figures.ts';

export const bookingReportGroupings = ['none', 'city', 'recruiter', 'day', 'week'] as const;
export type BookingReportGrouping = (typeof bookingReportGroupings)[number];

/** Which slots a report is about: those that start in `[from, until)`, 366 days at most. */
export interface BookingReportQuery {
  readonly from: InstantInput;
  readonly until: InstantInput;
  readonly cityId?: IdInput<CityId>;
  readonly recruiterId?: IdInput<RecruiterId>;
  /** Whose days and weeks `groupBy` means, an IANA zone; `UTC` when left out. */
  readonly timeZone?: string;
  /** `none` when left out: only the total. */
  readonly groupBy?: BookingReportGrouping;
}

/** A validated {@link BookingReportQuery}. */
export interface BookingReportCriteria {
  readonly from: Instant;
  readonly until: Instant;
  readonly cityId: CityId | undefined;
  readonly recruiterId: RecruiterId | undefined;
  readonly timeZone: TimeZoneId;
  readonly groupBy: BookingReportGrouping;
}

export interface BookingReportGroup extends BookingFigures {
  /** The id of the city or recruiter; or the local day, `2030-01-07`, of a week its Monday. */
  readonly key: number | string;
}

export interface BookingReport {
  readonly from: Instant;
  readonly until: Instant;
  readonly timeZone: TimeZoneId;
  readonly groupBy: BookingReportGrouping;
  readonly total: BookingFigures;
  /** By key; those without a slot are not there. Empty when nothing is grouped. */
  readonly groups: readonly BookingReportGroup[];
}

const MAX_DAYS = 366;

export const parseBookingReportQuery = (
  query: BookingReportQuery,
): Result<BookingReportCriteria, ValidationError | InvalidTimeZone> =>
  parseObject(query, 'query')
    .andThen((given) =>
      Result.combine([
        Instant.parse(given.from, 'from'),
        Instant.parse(given.until, 'until'),
        parseOptional(given.cityId, (id) => parseCityId(id)),
        parseOptional(given.recruiterId, (id) => parseRecruiterId(id)),
        parseTimeZone(given.timeZone ?? 'UTC'),
        parseOneOf(bookingReportGroupings)(given.groupBy ?? 'none', 'groupBy'),
      ]),
    )
    .andThen(([from, until, cityId, recruiterId, timeZone, groupBy]) =>
      checkLength(from, until).map(() => ({ from, until, cityId, recruiterId, timeZone, groupBy })),
    );

function checkLength(from: Instant, until: Instant): Result<void, ValidationError> {
  if (!from.isBefore(until)) return invalid('until', 'must be after from');
  return until.isAfter(from.plus(MAX_DAYS * 24 * 60 * MINUTE))
    ? invalid('until', `must be within ${MAX_DAYS} days of from`)
    : ok();
}
