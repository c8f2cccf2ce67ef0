import type { BookingFigures } from '../../index.ts';
import { percent, span } from '../text.ts';
import { bars, legend, type BarPart } from './bars.ts';
import type { CollectedReport } from './collect-report.ts';
import { canceledOf, lapsedOf } from './figure-columns.ts';
import { largestOf, lines, type Line } from './lines.ts';
import { markup, type Markup } from './markup.ts';
import { durationTicks, shareTicks } from './ticks.ts';

/** Every booking is in one of these, so that a bar is as high as there were attempts. */
const outcomes: readonly {
  readonly label: string;
  readonly className: string;
  readonly of: (figures: BookingFigures) => number;
}[] = [
  { label: 'attended', className: 'attended', of: ({ attended }) => attended },
  { label: 'did not come', className: 'no-show', of: ({ noShow }) => noShow },
  {
    label: 'over, no outcome or recruiter not there',
    className: 'open',
    of: ({ completed, attended, noShow }) => completed - attended - noShow,
  },
  { label: 'live', className: 'ahead', of: ({ live }) => live },
  { label: 'canceled or moved', className: 'canceled', of: (figures) => canceledOf(figures) + figures.moved },
  { label: 'rejected, declined, expired or released', className: 'lapsed', of: lapsedOf },
];

/** The plots of a report, each with a caption. */
export function reportPlots({ series, total, days }: CollectedReport): Markup {
  // The year is in the title.
  const labels = series.map(({ key }) => key.slice(5));
  const valuesOf = <T>(of: (figures: BookingFigures) => T): readonly (T | undefined)[] =>
    series.map(({ figures }) => figures && of(figures));
  const parts: readonly BarPart[] = outcomes
    .map(({ of, ...part }) => ({ ...part, values: valuesOf(of).map((value) => value ?? 0) }))
    .filter(({ values }) => values.some((value) => value > 0));
  const waiting: readonly Line[] = [
    {
      label: 'half within',
      className: 'attended',
      values: valuesOf(({ timeToApproval }) => timeToApproval?.p50Ms),
    },
    {
      label: '19 of 20 within',
      className: 'no-show',
      values: valuesOf(({ timeToApproval }) => timeToApproval?.p95Ms),
    },
  ];
  const period = `${days.firstDay} to ${days.lastDay}`;
  return markup`<div class="plots">
<figure class="wide"><figcaption><h3>Bookings by what became of them</h3></figcaption>
${bars({
  id: 'outcomes',
  width: 1040,
  title: 'Bookings by what became of them',
  description: `${period}: ${total.attempts} attempts, ${total.attended} attended, ${total.noShow} did not come, ${canceledOf(total)} canceled.`,
  labels,
  parts,
})}
${legend(parts)}</figure>
<figure><figcaption><h3>Use of what was offered</h3></figcaption>
${lines({
  id: 'use',
  width: 500,
  title: 'Use of what was offered',
  description: `${period}: ${percent(total.shares.utilisation)} of the minutes offered were booked.`,
  labels,
  ticks: shareTicks,
  tick: percent,
  lines: [{ label: 'booked', className: 'ahead', values: valuesOf(({ shares }) => shares.utilisation) }],
})}</figure>
<figure><figcaption><h3>Time to approval</h3></figcaption>
${lines({
  id: 'approval',
  width: 500,
  title: 'Time to approval',
  description: `${period}: ${total.timeToApproval === undefined ? 'no request was approved' : `half of the requests were approved within ${span(total.timeToApproval.p50Ms)}, 19 of 20 within ${span(total.timeToApproval.p95Ms)}`}.`,
  labels,
  ticks: durationTicks(largestOf(waiting)),
  tick: (value) => (value === 0 ? '0' : span(value)),
  lines: waiting,
})}
${legend(waiting)}</figure>
</div>`;
}
