import type { ActorKind } from '../shared/actor.ts';
import { MINUTE } from '../shared/time-range.ts';

/** How long something took: half of it at most `p50Ms`, and 19 of 20 at most `p95Ms`, in milliseconds. */
export interface DurationPercentiles {
  readonly p50Ms: number;
  readonly p95Ms: number;
}

/**
 * What is counted of slots and of their bookings. Every booking is in one of `live`, `rejected`, `declined`, `expired`,
 * `released`, `canceled`, `moved` and `completed`, by how it has ended.
 */
export interface BookingCounts {
  /** Slots that start in the period, those that were withdrawn among them. */
  readonly published: number;
  /** Of these: taken off the board. */
  readonly withdrawn: number;
  /** Displayed time of the slots that were not withdrawn, without buffers. */
  readonly offeredMs: number;
  /** Of it: that of slots which are booked, confirmed or completed. */
  readonly bookedMs: number;
  /** Attempts to get one of these slots: holds, requests, offers and bookings. */
  readonly attempts: number;
  /** A recruiter had to approve it; those that were booked at once are not among them. */
  readonly requested: number;
  /** Of `requested`: a recruiter did. */
  readonly approved: number;
  /** Had the slot for certain at some time: approved, booked at once, or an offer that was accepted. */
  readonly booked: number;
  /** The candidate has confirmed, or accepted an offer. */
  readonly confirmed: number;
  readonly live: number;
  /** Of `requested`: a recruiter did not want it. */
  readonly rejected: number;
  /** Offers that the candidate did not want. */
  readonly declined: number;
  /** Holds, requests and offers whose time was over, and which were swept up since. */
  readonly expired: number;
  /** Given up before it was booked. */
  readonly released: number;
  /** Of `booked`: given up, by whom. */
  readonly canceled: Readonly<Record<ActorKind, number>>;
  /** Rescheduled to another slot. */
  readonly moved: number;
  /** The interview is over, whatever is known of it. */
  readonly completed: number;
  /** Of `completed`, by the outcome that was recorded. */
  readonly attended: number;
  /** The candidate did not come. */
  readonly noShow: number;
  readonly recruiterNoShow: number;
  /** From the request to its approval, of `approved`. */
  readonly timeToApproval: DurationPercentiles | undefined;
  /** From when the booking was begun to the start of its slot, of `booked`. */
  readonly leadTime: DurationPercentiles | undefined;
}

/** From 0 to 1, each `undefined` where there is nothing to have a share of. */
export interface BookingShares {
  /** `bookedMinutes / offeredMinutes` */
  readonly utilisation: number | undefined;
  /** `approved / requested` */
  readonly approvalRate: number | undefined;
  /** `confirmed / booked` */
  readonly confirmationRate: number | undefined;
  /** `canceled by anybody / booked` */
  readonly cancellationRate: number | undefined;
  /** `noShow / (attended + noShow)` */
  readonly noShowRate: number | undefined;
}

/** The figures of a report, in total or of one group. */
export interface BookingFigures extends Omit<BookingCounts, 'offeredMs' | 'bookedMs'> {
  /** Slots that could be booked: `published - withdrawn`. */
  readonly capacity: number;
  readonly offeredMinutes: number;
  readonly bookedMinutes: number;
  readonly shares: BookingShares;
}

/** What follows from what was counted; every adapter counts in its own way and ends here. */
export function figuresOf({ offeredMs, bookedMs, ...counts }: BookingCounts): BookingFigures {
  const { requested, approved, booked, confirmed, attended, noShow, canceled } = counts;
  return Object.freeze({
    ...counts,
    capacity: counts.published - counts.withdrawn,
    offeredMinutes: offeredMs / MINUTE,
    bookedMinutes: bookedMs / MINUTE,
    shares: Object.freeze({
      utilisation: share(bookedMs, offeredMs),
      approvalRate: share(approved, requested),
      confirmationRate: share(confirmed, booked),
      cancellationRate: share(sum(canceled), booked),
      noShowRate: share(noShow, attended + noShow),
    }),
  });
}

const sum = (parts: Readonly<Record<string, number>>): number =>
  Object.values(parts).reduce((total, part) => total + part, 0);

const share = (part: number, whole: number): number | undefined => (whole === 0 ? undefined : part / whole);
