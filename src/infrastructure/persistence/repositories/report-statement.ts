import { liveBookingStates } from '../../../domain/booking/booking-state.ts';
import type { BookingReportGrouping } from '../../../domain/report/booking-report.ts';
import { actorKinds } from '../../../domain/shared/actor.ts';

/** What slots are grouped by; `$5` is the zone. An ISO date sorts as text. */
const keys: Readonly<Record<BookingReportGrouping, string>> = {
  none: 'null::text',
  city: 'city_id',
  recruiter: 'recruiter_id',
  day: `to_char(starts_at at time zone $5::text, 'YYYY-MM-DD')`,
  week: `to_char(date_trunc('week', starts_at at time zone $5::text), 'YYYY-MM-DD')`,
};

const milliseconds = (from: string, until: string): string =>
  `(extract(epoch from (${until} - ${from})) * 1000)::bigint`;

/** Rounded as JavaScript does; PostgreSQL would round a half to the even neighbour. */
const percentile = (share: number, value: string): string =>
  `floor(percentile_cont(${share}) within group (order by ${value}) + 0.5)::bigint`;

const countOf = (name: string, condition: string): string =>
  `count(*) filter (where ${condition}) as ${name}`;

const live = liveBookingStates.map((state) => `'${state}'`).join(', ');

/**
 * One row for the total, which comes first, and one for each group. Slots and bookings are aggregated apart: a slot with two
 * bookings would count twice. Only the audit trail knows whether a booking that has ended had been a request, and since when.
 */
export const selectBookingReport = (
  schema: string,
  groupBy: BookingReportGrouping,
): string => `with chosen as (
    select id, status, starts_at, ${milliseconds('starts_at', 'ends_at')} as ms, ${keys[groupBy]} as key
    from "${schema}".slot
    where starts_at >= $1 and starts_at < $2
      and ($3::bigint is null or city_id = $3) and ($4::bigint is null or recruiter_id = $4) and $5::text is not null
  ), request as (
    select booking_id,
      min(at) filter (where booking_to = 'requested') as requested_at,
      min(at) filter (where booking_from = 'requested' and booking_to = 'booked') as granted_at
    from "${schema}".audit_entry
    where entity = 'slot' and entity_id in (select id from chosen) and booking_id is not null
    group by booking_id
  ), attempt as (
    select chosen.key, booking.state, booking.outcome, booking.approved_at, booking.confirmed_at, booking.ended_by_kind,
      request.requested_at, request.granted_at,
      ${milliseconds('request.requested_at', 'request.granted_at')} as approval_ms,
      case when booking.approved_at is not null then ${milliseconds('booking.created_at', 'chosen.starts_at')} end as lead_ms
    from chosen
    join "${schema}".booking on booking.slot_id = chosen.id
    left join request on request.booking_id = booking.id
  ), slots as (
    select grouping(key) as total, key,
      count(*) as published,
      ${countOf('withdrawn', `status = 'canceled'`)},
      coalesce(sum(ms) filter (where status <> 'canceled'), 0)::bigint as offered_ms,
      coalesce(sum(ms) filter (where status in ('booked', 'confirmed', 'completed')), 0)::bigint as booked_ms
    from chosen group by grouping sets ((), (key))
  ), bookings as (
    select grouping(key) as of_total, key as of_key,
      count(*) as attempts,
      ${[
        countOf('requested', 'requested_at is not null'),
        countOf('approved', 'granted_at is not null'),
        countOf('booked', 'approved_at is not null'),
        countOf('confirmed', 'confirmed_at is not null'),
        countOf('live', `state in (${live})`),
        countOf('rejected', `state = 'rejected' and requested_at is not null`),
        countOf('declined', `state = 'rejected' and requested_at is null`),
        countOf('expired', `state = 'expired'`),
        countOf('released', `state = 'canceled' and approved_at is null`),
        ...actorKinds.map((kind) =>
          countOf(
            `canceled_${kind}`,
            `state = 'canceled' and approved_at is not null and ended_by_kind = '${kind}'`,
          ),
        ),
        countOf('moved', `state = 'moved'`),
        countOf('completed', `state = 'completed'`),
        countOf('attended', `outcome = 'attended'`),
        countOf('no_show', `outcome = 'candidate_no_show'`),
        countOf('recruiter_no_show', `outcome = 'recruiter_no_show'`),
      ].join(',\n      ')},
      ${percentile(0.5, 'approval_ms')} as approval_p50, ${percentile(0.95, 'approval_ms')} as approval_p95,
      ${percentile(0.5, 'lead_ms')} as lead_p50, ${percentile(0.95, 'lead_ms')} as lead_p95
    from attempt group by grouping sets ((), (key))
  )
  select slots.*, bookings.*
  from slots left join bookings on of_total = slots.total and of_key is not distinct from slots.key
  ${groupBy === 'none' ? 'where slots.total = 1' : ''}
  order by slots.total desc, slots.key`;
