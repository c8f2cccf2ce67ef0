import { markup, type Markup } from './markup.ts';

/** A unit of the view box is about a pixel, so that text has the size of other text. */
const HEIGHT = 250;
const margin = { left: 56, right: 12, top: 12, bottom: 28 } as const;
const innerHeight = HEIGHT - margin.top - margin.bottom;

export interface PlotText {
  readonly title: string;
  /** What can be seen, for whoever cannot see it. */
  readonly description: string;
}

export interface PlotFrame extends PlotText {
  /** Unique on the page. */
  readonly id: string;
  /** As it will be shown, about. */
  readonly width: number;
  /** One for each place on the horizontal axis. */
  readonly labels: readonly string[];
  /** From 0 to the end of the vertical axis. */
  readonly ticks: readonly number[];
  readonly tick: (value: number) => string;
}

/** Turns values into places. */
export interface Scale {
  /** Left edge of a place on the horizontal axis. */
  readonly x: (index: number) => number;
  readonly y: (value: number) => number;
  /** Of one place. */
  readonly width: number;
}

const LABEL_WIDTH = 52;

/** Axes, grid and labels around whatever `draw` makes of the scale. */
export function plot(
  { id, title, description, width: whole, labels, ticks, tick }: PlotFrame,
  draw: (scale: Scale) => readonly Markup[],
): Markup {
  const top = ticks.at(-1) ?? 1;
  const width = (whole - margin.left - margin.right) / Math.max(labels.length, 1);
  const scale: Scale = {
    width,
    x: (index) => margin.left + index * width,
    y: (value) => margin.top + innerHeight * (1 - value / top),
  };
  return markup`<svg viewBox="0 0 ${whole} ${HEIGHT}" role="img" aria-labelledby="${id}-title ${id}-text">
<title id="${id}-title">${title}</title><desc id="${id}-text">${description}</desc>
${ticks.map((value) => gridLine(whole - margin.right, scale.y(value), tick(value)))}
${labels.flatMap((label, index) => (isShown(index, labels.length, width) ? [placeLabel(scale, index, label)] : []))}
${draw(scale)}
</svg>`;
}

const gridLine = (end: number, y: number, label: string): Markup =>
  markup`<line class="grid" x1="${margin.left}" x2="${end}" y1="${at(y)}" y2="${at(y)}"/>
<text class="tick" x="${margin.left - 8}" y="${at(y + 4)}" text-anchor="end">${label}</text>`;

const placeLabel = ({ x, width }: Scale, index: number, label: string): Markup =>
  markup`<text class="tick" x="${at(x(index) + width / 2)}" y="${HEIGHT - 8}" text-anchor="middle">${label}</text>`;

/** As many as there is room for, at equal distances. */
const isShown = (index: number, count: number, width: number): boolean =>
  index % Math.min(count, Math.ceil(LABEL_WIDTH / width)) === 0;

/** A tenth of a unit is less than anybody sees. */
export const at = (place: number): number => Math.round(place * 10) / 10;
