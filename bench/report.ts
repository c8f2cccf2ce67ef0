import type { Contender } from './contenders/contender.ts';
import { ratioOf, spreadOf, type Rates, type Spread } from './measure.ts';

const NAME_WIDTH = 48;
const COLUMN_WIDTH = 30;

/** Prints one line for each contender, with a column for each number of callers. */
export function printRates(columns: ReadonlyMap<string, Rates>): void {
  printLine('reads per second', [...columns.keys()]);
  for (const contender of contendersOf(columns)) {
    const cells = [...columns.values()].map((rates) => asRate(spreadOf(rates.get(contender) ?? [])));
    printLine(contender.name, cells);
  }
}

/** Prints how many times as fast the first of each pair is as the second. */
export function printRatios(
  columns: ReadonlyMap<string, Rates>,
  pairs: readonly (readonly [Contender | undefined, Contender | undefined])[],
): void {
  printLine('times as fast', [...columns.keys()]);
  for (const [fast, slow] of pairs) {
    if (fast === undefined || slow === undefined) continue;
    const cells = [...columns.values()].map((rates) => asFactor(ratioOf(rates, fast, slow)));
    printLine(`${fast.name} : ${slow.name}`, cells);
  }
}

function printLine(name: string, cells: readonly string[]): void {
  console.log(`${name.padEnd(NAME_WIDTH)}${cells.map((cell) => cell.padStart(COLUMN_WIDTH)).join('')}`);
}

const contendersOf = (columns: ReadonlyMap<string, Rates>): readonly Contender[] =>
  [...columns.values()].slice(0, 1).flatMap((rates) => [...rates.keys()]);

const asRate = ({ median, lowest, highest }: Spread): string =>
  `${rate(median)}  [${rate(lowest)} – ${rate(highest)}]`;

const asFactor = ({ median, lowest, highest }: Spread): string =>
  `${factor(median)}  [${factor(lowest)} – ${factor(highest)}]`;

const rate = (value: number): string =>
  value >= 1_000_000 ? `${(value / 1_000_000).toFixed(2)} M` : `${(value / 1_000).toFixed(1)} k`;

const factor = (value: number): string => value.toFixed(value < 10 ? 2 : 0);
