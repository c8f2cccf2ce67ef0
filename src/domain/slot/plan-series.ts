import { Result } from 'neverthrow';
import { overlaps } from '../shared/time-range.ts';
import type { InvalidTimeZone, TimeZoneId } from '../shared/time-zone.ts';
import type { ValidationError } from '../shared/validation-error.ts';
import { occurrencesOf, type Occurrence, type UnresolvedOccurrence } from './series-occurrences.ts';
import type { Series } from './series.ts';
import { isExclusive, occupiedRange } from './slot-collision.ts';
import { draftSlot, type NewSlot, type SlotDraft } from './slot.ts';

/** A time of a series, and the slot it becomes. */
export interface PlannedSlot {
  readonly occurrence: Occurrence;
  readonly draft: SlotDraft;
}

export interface SeriesPlan {
  /** By start; none of them in the way of another. */
  readonly planned: readonly PlannedSlot[];
  /** Whose time another slot of the series has: after clocks have jumped, or in windows that overlap. */
  readonly colliding: readonly PlannedSlot[];
  readonly unresolved: readonly UnresolvedOccurrence[];
}

/**
 * Works out the slots of a series.
 *
 * @param template what all of them have in common
 * @param timeZone whose clocks the series follows
 */
export function planSeries(
  series: Series,
  template: Omit<NewSlot, 'startsAt' | 'endsAt'>,
  timeZone: TimeZoneId,
): Result<SeriesPlan, ValidationError | InvalidTimeZone> {
  const { resolved, unresolved } = occurrencesOf(series, timeZone);
  const slots = resolved.map((occurrence) =>
    draftSlot({ ...template, startsAt: occurrence.startsAt, endsAt: occurrence.endsAt }).map((draft) => ({
      occurrence,
      draft,
    })),
  );
  return Result.combine(slots).map((all) => ({ ...separate(all), unresolved }));
}

/** Whoever was moved by a jump of the clock gives way to those who have their own time. */
function separate(slots: readonly PlannedSlot[]): Pick<SeriesPlan, 'planned' | 'colliding'> {
  const moved = ({ occurrence }: PlannedSlot): boolean => occurrence.adjusted === 'gap';
  const kept: PlannedSlot[] = [];
  const colliding: PlannedSlot[] = [];
  // By start, so that only the last one kept can be in the way.
  for (const slot of slots.filter((one) => !moved(one))) {
    const last = kept.at(-1);
    (last !== undefined && collide(last, slot) ? colliding : kept).push(slot);
  }
  for (const slot of slots.filter(moved))
    (kept.some((other) => collide(other, slot)) ? colliding : kept).push(slot);
  return { planned: kept.sort(byStart), colliding: colliding.sort(byStart) };
}

/** Slots that may overlap are still not wanted twice at the same time. */
const collide = (a: PlannedSlot, b: PlannedSlot): boolean =>
  isExclusive(a.draft.purpose)
    ? overlaps(occupiedRange(a.draft), occupiedRange(b.draft))
    : a.draft.startsAt.equals(b.draft.startsAt);

const byStart = (a: PlannedSlot, b: PlannedSlot): number =>
  a.draft.startsAt.epochMilliseconds - b.draft.startsAt.epochMilliseconds;
