import type { PeriodBlocked } from '../../domain/blocked-period/blocked-period-errors.ts';
import type { Instant } from '../../domain/shared/instant.ts';
import type { DstTouch } from '../../domain/shared/local-time.ts';
import type { PlannedSlot, SeriesPlan } from '../../domain/slot/plan-series.ts';
import type { AddSlotError } from '../../domain/slot/slot-repository.ts';

/** Why one slot of a series is not published; `SlotOverlap` or `PeriodBlocked` unless something is very wrong. */
export type SlotNotPublished = PeriodBlocked | AddSlotError;

/** A time of a series that no slot is wanted for in the end. */
export interface SkippedOccurrence {
  /** By the clock in the recruiter's zone: `2030-03-31T02:30`. */
  readonly local: string;
  /** `gap`: clocks skip this time. `fold`: they show it twice, which the command rejects. `past`: it is over. */
  readonly reason: DstTouch | 'past';
}

/** A time of a series that is taken already, or blocked. */
export interface ConflictingOccurrence {
  readonly local: string;
  readonly startsAt: Instant;
  readonly endsAt: Instant;
  readonly error: SlotNotPublished;
}

/** A time that clocks skip or show twice, and what was made of it. */
export interface AdjustedOccurrence {
  readonly local: string;
  /** `gap`: moved on as far as the clock jumps. `fold`: one of the two, as the command chooses. */
  readonly touched: DstTouch;
  readonly startsAt: Instant;
  readonly endsAt: Instant;
}

/** What became of each time of a series; every list by start. */
export interface SeriesReport<Created> {
  readonly created: readonly Created[];
  readonly skipped: readonly SkippedOccurrence[];
  readonly conflicts: readonly ConflictingOccurrence[];
  /** Whatever became of them: each is in one of the other lists too. */
  readonly dstAdjusted: readonly AdjustedOccurrence[];
}

/** A slot of a series that is not published. */
export interface NotPublished {
  readonly slot: PlannedSlot;
  readonly error: SlotNotPublished;
}

export const reportOf = <Created>(
  { planned, colliding, unresolved }: SeriesPlan,
  created: readonly Created[],
  past: readonly PlannedSlot[],
  conflicts: readonly NotPublished[],
): SeriesReport<Created> => ({
  created,
  skipped: [
    ...past.map(({ occurrence }) => ({ local: occurrence.local, reason: 'past' as const })),
    ...unresolved,
  ].sort((a, b) => (a.local < b.local ? -1 : 1)),
  conflicts: conflicts.map(({ slot: { occurrence }, error }) => ({
    local: occurrence.local,
    startsAt: occurrence.startsAt,
    endsAt: occurrence.endsAt,
    error,
  })),
  dstAdjusted: [...planned, ...colliding]
    .sort(byStart)
    .flatMap(({ occurrence: { local, adjusted, startsAt, endsAt } }) =>
      adjusted === undefined ? [] : [{ local, touched: adjusted, startsAt, endsAt }],
    ),
});

export const byStart = (a: PlannedSlot, b: PlannedSlot): number =>
  a.draft.startsAt.epochMilliseconds - b.draft.startsAt.epochMilliseconds;
