import type { TimeRange } from '../shared/time-range.ts';
import { occupiedRange } from '../slot/slot-collision.ts';
import type { SlotDraft } from '../slot/slot.ts';
import type { BlockedPeriod } from './blocked-period.ts';

/** The first of the periods in which each slot lies, as a map from the slots' places in their list. */
export const blockingPeriods = (
  slots: readonly SlotDraft[],
  periods: readonly BlockedPeriod[],
): ReadonlyMap<number, BlockedPeriod> =>
  new Map(
    slots.flatMap((slot, index) => {
      const period = periods.find((one) => one.blocks(slot));
      return period === undefined ? [] : [[index, period] as const];
    }),
  );

/** From the first moment any of the slots occupies to the last; of no slots there is none. */
export function spanOf([first, ...others]: readonly SlotDraft[]): TimeRange | undefined {
  if (first === undefined) return undefined;
  return others.map(occupiedRange).reduce(
    (span, { start, end }) => ({
      start: start.isBefore(span.start) ? start : span.start,
      end: end.isAfter(span.end) ? end : span.end,
    }),
    occupiedRange(first),
  );
}
