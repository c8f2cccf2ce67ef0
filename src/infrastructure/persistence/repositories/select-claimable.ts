import { activeSlotStatuses } from '../../../domain/slot/slot-status.ts';
import type { ClaimTerms, ParsedClaim } from '../../../domain/slot/slot-claim.ts';
import type { Db } from '../rows/tables.ts';
import { slotColumnNames } from '../../records/slot-record.ts';

const active = [...activeSlotStatuses];

/**
 * The free slot that a claim is for, locked unless somebody else has it locked. Everything but the slot itself is in
 * subqueries, so that nothing else is locked. The rules are the domain's: `checkTiming` and `checkOtherBookings`.
 */
export const selectClaimable = (db: Db, claim: ParsedClaim, terms: ClaimTerms) =>
  ordered(fitting(db, claim, terms), claim)
    .limit(1)
    .forUpdate()
    .skipLocked();

const fitting = (db: Db, claim: ParsedClaim, { policy, except = [] }: ClaimTerms) =>
  db
    .selectFrom('slot')
    .select(slotColumnNames.map((field) => `slot.${field}` as const))
    .where('slot.city_id', '=', claim.cityId)
    .where('slot.purpose', '=', claim.purpose)
    .where('slot.recruiter_id', 'in', db.selectFrom('recruiter').select('id').where('active', '=', true))
    .where('slot.city_id', 'in', db.selectFrom('city').select('id').where('active', '=', true))
    .$if(except.length > 0, (rows) => rows.where('slot.id', 'not in', [...except]))
    .$if(claim.from !== undefined, (rows) => rows.where('slot.starts_at', '>=', String(claim.from)))
    .$if(claim.until !== undefined, (rows) => rows.where('slot.starts_at', '<', String(claim.until)))
    .where((eb) => {
      const now = eb.fn<string>('clock_timestamp');
      const free = eb('slot.status', '=', 'free');
      const lapsed = eb.and([eb('slot.status', '=', 'pending'), eb('slot.hold_expires_at', '<=', now)]);
      return eb.and([eb.or([free, lapsed]), eb('slot.starts_at', '>', now)]);
    })
    .where((eb) => {
      const mine = db
        .selectFrom('slot as mine')
        .where('mine.candidate_id', '=', claim.candidateId)
        .where('mine.status', 'in', active);
      const sameTime = mine
        .whereRef('mine.starts_at', '<', 'slot.ends_at' as never)
        .whereRef('mine.ends_at', '>', 'slot.starts_at' as never);
      const sameMeeting = mine
        .whereRef('mine.recruiter_id', '=', 'slot.recruiter_id' as never)
        .where('mine.purpose', '=', claim.purpose)
        .where('mine.purpose', '!=', 'intro_day');
      return eb.not(eb.or([eb.exists(sameTime.select('mine.id')), eb.exists(sameMeeting.select('mine.id'))]));
    })
    .where((eb) => {
      const ofCity = db
        .selectFrom('city as circle')
        .select('circle.policy')
        .whereRef('circle.id', '=', 'slot.city_id' as never);
      const ofRecruiter = db
        .selectFrom('recruiter as circle')
        .select('circle.policy')
        .whereRef('circle.id', '=', 'slot.recruiter_id' as never);
      // In JSON `null`, which takes a limit away, is a value: the one further right goes before the others.
      const concat = (wide: unknown, narrow: unknown) =>
        eb.fn<string>('jsonb_concat', [wide as never, narrow as never]);
      const rules = concat(
        concat(concat(eb.cast<string>(eb.val(JSON.stringify(policy)), 'jsonb'), ofCity), ofRecruiter),
        eb.ref('slot.policy'),
      );
      const rule = (name: keyof typeof policy) =>
        eb.fn<string | null>('jsonb_extract_path_text', [rules, eb.val(name)]);
      const seconds = (name: keyof typeof policy) =>
        eb(eb.cast<number>(rule(name), 'float8'), '*', eb.val(60));
      const epoch = (moment: unknown) => eb.fn<number>('date_part', [eb.val('epoch'), moment as never]);
      const now = eb.fn<string>('clock_timestamp');
      const ahead = eb(epoch(eb.ref('slot.starts_at')), '-', epoch(now));
      const inZone = (moment: unknown) =>
        eb.fn<string>('timezone', [eb.ref('slot.time_zone'), moment as never]);
      const startOfDay = inZone(
        eb.fn<string>('date_trunc', [eb.val('day'), inZone(eb.ref('slot.starts_at'))]),
      );
      const taken = eb
        .selectFrom('slot as mine')
        .select((inner) => inner.fn.countAll<number>().as('count'))
        .where('mine.candidate_id', '=', claim.candidateId)
        .where('mine.status', 'in', active);
      return eb.and([
        eb(ahead, '>=', seconds('minNoticeMinutes')),
        eb.or([eb(rule('sameDay'), '=', 'true'), eb(startOfDay, '>=', now)]),
        eb.or([eb(rule('horizonMinutes'), 'is', null), eb(ahead, '<=', seconds('horizonMinutes'))]),
        eb.or([
          eb(rule('maxActivePerCandidate'), 'is', null),
          eb(eb.cast<number>(rule('maxActivePerCandidate'), 'float8'), '>', taken),
        ]),
      ]);
    });

function ordered(rows: ReturnType<typeof fitting>, { strategy, preferred }: ParsedClaim): typeof rows {
  const first = strategy === 'leastLoaded' ? byLoad(rows) : byPreference(rows, preferred);
  return first.orderBy('slot.starts_at').orderBy('slot.id');
}

const byPreference = (rows: ReturnType<typeof fitting>, preferred: ParsedClaim['preferred']): typeof rows =>
  preferred.reduce(
    (sorted, recruiterId) => sorted.orderBy((eb) => eb('slot.recruiter_id', '=', recruiterId), 'desc'),
    rows,
  );

/** By how many slots the recruiter has ahead that somebody has. */
const byLoad = (rows: ReturnType<typeof fitting>): typeof rows =>
  rows.orderBy((eb) => {
    const now = eb.fn<string>('clock_timestamp');
    return eb
      .selectFrom('slot as busy')
      .select((inner) => inner.fn.countAll<number>().as('count'))
      .whereRef('busy.recruiter_id', '=', 'slot.recruiter_id')
      .where('busy.status', 'in', active)
      .where('busy.ends_at', '>', now)
      .where((inner) =>
        inner.or([inner('busy.hold_expires_at', 'is', null), inner('busy.hold_expires_at', '>', now)]),
      );
  });
