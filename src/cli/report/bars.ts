import { markup, type Markup } from './markup.ts';
import { at, plot, type PlotText } from './plot.ts';
import { countTicks } from './ticks.ts';

/** One colour of a bar. */
export interface BarPart {
  readonly label: string;
  /** Of the colour, in the style of the page. */
  readonly className: string;
  /** One value for each bar. */
  readonly values: readonly number[];
}

interface Bars extends PlotText {
  readonly id: string;
  readonly width: number;
  readonly labels: readonly string[];
  readonly parts: readonly BarPart[];
}

/** Bars of parts that stand on each other. */
export function bars({ labels, parts, ...frame }: Bars): Markup {
  const heights = labels.map((_, index) => parts.reduce((sum, { values }) => sum + (values[index] ?? 0), 0));
  const ticks = countTicks(Math.max(0, ...heights));
  return plot({ ...frame, labels, ticks, tick: String }, ({ x, y, width }) =>
    labels.map((label, index) => {
      let below = 0;
      const drawn = parts.flatMap(({ className, values, label: part }) => {
        const value = values[index] ?? 0;
        if (value === 0) return [];
        const [bottom, top] = [y(below), y(below + value)];
        below += value;
        return [
          markup`<rect class="${className}" x="${at(x(index) + width * 0.12)}" y="${at(top)}" width="${at(width * 0.76)}" height="${at(bottom - top)}"><title>${label}: ${value} ${part}</title></rect>`,
        ];
      });
      return markup`<g>${drawn}</g>`;
    }),
  );
}

export const legend = (parts: readonly Pick<BarPart, 'label' | 'className'>[]): Markup =>
  markup`<ul class="legend">${parts.map(({ label, className }) => markup`<li><svg viewBox="0 0 10 10" aria-hidden="true"><rect class="${className}" width="10" height="10" rx="2"/></svg>${label}</li>`)}</ul>`;
