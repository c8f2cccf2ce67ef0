import { markup, type Markup } from './markup.ts';
import { at, plot, type PlotFrame, type Scale } from './plot.ts';

export interface Line {
  readonly label: string;
  readonly className: string;
  /** One for each place; where there is none, the line has a gap. */
  readonly values: readonly (number | undefined)[];
}

interface Lines extends PlotFrame {
  readonly lines: readonly Line[];
}

/** The largest value of several lines; 0 where there is none. */
export const largestOf = (lines: readonly Line[]): number =>
  Math.max(0, ...lines.flatMap(({ values }) => values.filter((value) => value !== undefined)));

/** Lines through the values of each place, with a dot on each. */
export const lines = ({ lines: drawn, ...frame }: Lines): Markup =>
  plot(frame, (scale) =>
    drawn.flatMap((line) => [
      ...stretchesOf(line, scale).map(
        (points) => markup`<polyline class="${line.className}" points="${points.join(' ')}"/>`,
      ),
      ...dotsOf(line, frame, scale),
    ]),
  );

const placeOf = ({ x, width }: Scale, index: number): number => x(index) + width / 2;

function dotsOf(
  { values, className, label }: Line,
  { labels, tick }: Pick<PlotFrame, 'labels' | 'tick'>,
  scale: Scale,
): readonly Markup[] {
  return values.flatMap((value, index) =>
    value === undefined
      ? []
      : [
          markup`<circle class="${className}" cx="${at(placeOf(scale, index))}" cy="${at(scale.y(value))}" r="3"><title>${labels[index] ?? ''}: ${label} ${tick(value)}</title></circle>`,
        ],
  );
}

/** Neighbours that have a value. */
function stretchesOf({ values }: Line, scale: Scale): readonly (readonly string[])[] {
  const stretches: string[][] = [[]];
  for (const [index, value] of values.entries()) {
    if (value === undefined) stretches.push([]);
    else stretches.at(-1)?.push(`${at(placeOf(scale, index))},${at(scale.y(value))}`);
  }
  return stretches.filter((points) => points.length > 1);
}
