import { Temporal } from 'temporal-polyfill';
import { Instant } from './instant.ts';
import type { TimeZoneId } from './time-zone.ts';

/** Why a local time is no plain instant: clocks jump over it (`gap`), or show it twice (`fold`). */
export type DstTouch = 'gap' | 'fold';

/** What to make of local times that clocks skip or repeat. */
export interface DstChoice {
  /** `later` moves the time on by as much as the clock jumps. */
  readonly gap: 'reject' | 'later';
  readonly fold: 'earlier' | 'later' | 'reject';
}

export interface ResolvedLocalTime {
  /** Unset when the choice is to reject it. */
  readonly instant: Instant | undefined;
  readonly touched: DstTouch | undefined;
}

/**
 * Resolves local times of one zone, `2030-03-31T02:30`. Asking the zone's rules takes long, and between two changes of
 * its offset they say the same, so the stretch around the last answer is kept.
 */
export function localTimesOf(timeZone: TimeZoneId, choice: DstChoice): (local: string) => ResolvedLocalTime {
  let steady: Stretch | undefined;
  return (local) => {
    const wall = Date.parse(`${local}Z`);
    if (steady !== undefined && wall >= steady.from && wall < steady.until)
      return { instant: Instant.fromEpochMilliseconds(wall - steady.offset), touched: undefined };
    const { zoned, touched } = resolve(Temporal.PlainDateTime.from(local), timeZone, choice);
    if (zoned === undefined) return { instant: undefined, touched };
    if (touched === undefined) steady = stretchAround(zoned);
    return { instant: Instant.fromEpochMilliseconds(zoned.epochMilliseconds), touched };
  };
}

/** Local times, as milliseconds of clocks in UTC that show the same, which have this offset and no other. */
interface Stretch {
  readonly from: number;
  readonly until: number;
  readonly offset: number;
}

/**
 * Both readings of a local time are looked at: they are one instant unless the zone changes its offset there, and the
 * earlier one shows the time that was asked for only in a fold.
 */
function resolve(
  local: Temporal.PlainDateTime,
  timeZone: TimeZoneId,
  choice: DstChoice,
): { readonly zoned: Temporal.ZonedDateTime | undefined; readonly touched: DstTouch | undefined } {
  const read = (disambiguation: 'earlier' | 'later'): Temporal.ZonedDateTime =>
    local.toZonedDateTime(timeZone, { disambiguation });
  const [earlier, later] = [read('earlier'), read('later')];
  if (earlier.epochMilliseconds === later.epochMilliseconds) return { zoned: earlier, touched: undefined };
  const touched = earlier.toPlainDateTime().equals(local) ? 'fold' : 'gap';
  const chosen = choice[touched];
  if (chosen === 'reject') return { zoned: undefined, touched };
  return { zoned: chosen === 'earlier' ? earlier : later, touched };
}

/** What clocks skip or show twice at either end belongs to no stretch. */
function stretchAround(zoned: Temporal.ZonedDateTime): Stretch {
  const offset = offsetOf(zoned);
  const [begun, ending] = [
    zoned.add({ milliseconds: 1 }).getTimeZoneTransition('previous'),
    zoned.getTimeZoneTransition('next'),
  ];
  return {
    offset,
    from:
      begun === null
        ? Number.NEGATIVE_INFINITY
        : begun.epochMilliseconds + Math.max(offset, offsetOf(begun.subtract({ milliseconds: 1 }))),
    until:
      ending === null
        ? Number.POSITIVE_INFINITY
        : ending.epochMilliseconds + Math.min(offset, offsetOf(ending)),
  };
}

const offsetOf = ({ offsetNanoseconds }: Temporal.ZonedDateTime): number => offsetNanoseconds / 1e6;
