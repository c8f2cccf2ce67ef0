import type { BookingFigures } from '../../index.ts';
import { percent, span } from '../text.ts';

/** How figures are called, and written, wherever people read them. */
export interface FigureColumn {
  readonly label: string;
  readonly of: (figures: BookingFigures) => string | number;
}

export const canceledOf = ({ canceled }: BookingFigures): number =>
  canceled.candidate + canceled.recruiter + canceled.admin + canceled.system;

/** Given up, refused or forgotten before anybody had it. */
export const lapsedOf = ({ rejected, declined, expired, released }: BookingFigures): number =>
  rejected + declined + expired + released;

const spanOf = (ms: number | undefined): string => (ms === undefined ? '–' : span(ms));

/** What fits beside each other for every group. */
export const groupColumns: readonly FigureColumn[] = [
  { label: 'slots', of: ({ capacity }) => capacity },
  { label: 'used', of: ({ shares }) => percent(shares.utilisation) },
  { label: 'requested', of: ({ requested }) => requested },
  { label: 'approved', of: ({ approved }) => approved },
  { label: 'within (p50)', of: ({ timeToApproval }) => spanOf(timeToApproval?.p50Ms) },
  { label: 'booked', of: ({ booked }) => booked },
  { label: 'confirmed', of: ({ confirmed }) => confirmed },
  { label: 'canceled', of: canceledOf },
  { label: 'attended', of: ({ attended }) => attended },
  { label: 'no-show', of: ({ noShow }) => noShow },
  { label: 'no-show rate', of: ({ shares }) => percent(shares.noShowRate) },
];

/** Everything, for the total. */
export const allFigures: readonly FigureColumn[] = [
  { label: 'slots published', of: ({ published }) => published },
  { label: 'withdrawn', of: ({ withdrawn }) => withdrawn },
  {
    label: 'minutes booked',
    of: ({ bookedMinutes, offeredMinutes, shares }) =>
      `${bookedMinutes} of ${offeredMinutes} (${percent(shares.utilisation)})`,
  },
  { label: 'attempts', of: ({ attempts, live }) => `${attempts}, ${live} of them live` },
  { label: 'requested', of: ({ requested }) => requested },
  { label: 'approved', of: ({ approved, shares }) => `${approved} (${percent(shares.approvalRate)})` },
  {
    label: 'time to approval',
    of: ({ timeToApproval }) => spansOf(timeToApproval),
  },
  { label: 'rejected', of: ({ rejected }) => rejected },
  { label: 'offers declined', of: ({ declined }) => declined },
  { label: 'expired', of: ({ expired }) => expired },
  { label: 'released before booked', of: ({ released }) => released },
  { label: 'booked', of: ({ booked }) => booked },
  { label: 'lead time', of: ({ leadTime }) => spansOf(leadTime) },
  { label: 'confirmed', of: ({ confirmed, shares }) => `${confirmed} (${percent(shares.confirmationRate)})` },
  {
    label: 'canceled',
    of: (figures) => {
      const { candidate, recruiter, admin, system } = figures.canceled;
      const by = `${candidate} by candidates, ${recruiter} by recruiters, ${admin} by admins, ${system} by the system`;
      return `${canceledOf(figures)} (${percent(figures.shares.cancellationRate)}): ${by}`;
    },
  },
  { label: 'moved', of: ({ moved }) => moved },
  { label: 'completed', of: ({ completed }) => completed },
  { label: 'attended', of: ({ attended }) => attended },
  { label: 'no-show', of: ({ noShow, shares }) => `${noShow} (${percent(shares.noShowRate)})` },
  { label: 'recruiter did not come', of: ({ recruiterNoShow }) => recruiterNoShow },
];

const spansOf = (took: BookingFigures['leadTime']): string =>
  took === undefined ? '–' : `p50 ${span(took.p50Ms)}, p95 ${span(took.p95Ms)}`;
