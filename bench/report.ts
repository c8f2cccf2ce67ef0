import { spreadOf, type Spread } from './measure.ts';
import { HERD } from './races/herd.ts';
import { races } from './races/races.ts';
import type { Coherence } from './races/run-races.ts';
import type { Sightings } from './races/watch.ts';
import { MANY_CALLERS, type Column, type Speeds } from './speeds.ts';
import type { Target } from './targets.ts';

/** One line for each library: how fast it answers from where, how it stands a herd, and what it answers that is stale. */
export function printLibraries(
  names: readonly string[],
  { looks, memory, redis, loaded }: Speeds,
  coherence: ReadonlyMap<string, Coherence> | undefined,
): void {
  printTable(
    [
      '',
      'look',
      'awaited hit',
      'Redis hit, 1 caller',
      `${MANY_CALLERS} callers`,
      ...(coherence ? ['loads', 'stale reads'] : []),
    ],
    names.map((name) => [
      name,
      ...[looks, memory, redis.one, redis.many].map((column) => rateIn(column, name)),
      ...(coherence ? [String(coherence.get(name)?.loads ?? ''), staleReads(coherence.get(name))] : []),
    ]),
  );
  for (const [name, count] of loaded) console.log(`${name}: ${count} of these hits had to be loaded`);
}

export function printDatabase(names: readonly string[], { database }: Speeds): void {
  printTable(
    ['', '1 caller', `${MANY_CALLERS} callers`],
    names.map((name) => [name, rateIn(database.one, name), rateIn(database.many, name)]),
  );
}

/** The stale reads of each race, out of how many that were answered, and how long they went on. */
export function printRaces(names: readonly string[], coherence: ReadonlyMap<string, Coherence>): void {
  for (const { letter, story } of races) console.log(`(${letter}) ${story}`);
  console.log();
  printTable(
    ['stale reads', ...races.map(({ letter }) => `(${letter})`)],
    names.map((name) => [
      name,
      ...races.map((race) => {
        const seen = coherence.get(name)?.races.get(race);
        if (seen instanceof Error) return 'not run';
        return seen === undefined ? '' : sightings(seen);
      }),
    ]),
  );
  for (const name of names)
    for (const [{ letter }, seen] of coherence.get(name)?.races ?? [])
      if (seen instanceof Error) console.log(`${name}, race (${letter}): ${seen.message}`);
}

export function printTargets(targets: readonly Target[]): void {
  printTable(
    ['Slotwise against', 'target', 'measured', ''],
    targets.map(({ name, bound, limit, unit, measured }) => {
      const target = `${bound === 'at least' ? '≥' : '≤'} ${limit} ${unit}`;
      if (measured === undefined || Number.isNaN(measured.median)) return [name, target, 'not measured', ''];
      const met = bound === 'at least' ? measured.median >= limit : measured.median <= limit;
      return [name, target, factors(measured), met ? 'met' : 'missed'];
    }),
  );
}

export const HERD_STORY = `loads: ${HERD.callersPerProcess} callers in each of ${HERD.processes} processes ask for the same cold key at once`;

function sightings({ answered, unanswered, stale, lastStaleMs, stillStale, died }: Sightings): string {
  const lasting = stillStale ? ' to the end' : stale > 0 ? ` for ${(lastStaleMs / 1000).toFixed(1)} s` : '';
  const late = unanswered > 0 ? `, ${unanswered} late` : '';
  return `${stale} of ${answered}${lasting}${late}${died ? ', died' : ''}`;
}

function staleReads(coherence: Coherence | undefined): string {
  if (coherence === undefined) return '';
  const seen = [...coherence.races.values()].filter((one): one is Sightings => !(one instanceof Error));
  const sum = (count: (one: Sightings) => number): number =>
    seen.reduce((total, one) => total + count(one), 0);
  return `${sum(({ stale }) => stale)} of ${sum(({ answered }) => answered)}`;
}

const rateIn = (column: Column, name: string): string => {
  const rates = column.get(name);
  if (rates === undefined) return '';
  const { median, lowest, highest } = spreadOf(rates);
  return `${rate(median)} [${rate(lowest)} – ${rate(highest)}]`;
};

const rate = (value: number): string => {
  if (value >= 1_000_000) return `${(value / 1_000_000).toFixed(value < 10_000_000 ? 2 : 1)} M`;
  return `${(value / 1_000).toFixed(value < 100_000 ? 1 : 0)} k`;
};

const factors = ({ median, lowest, highest }: Spread): string =>
  lowest === highest ? factor(median) : `${factor(median)} [${factor(lowest)} – ${factor(highest)}]`;

const factor = (value: number): string => value.toFixed(Number.isInteger(value) || value >= 10 ? 0 : 2);

function printTable(head: readonly string[], rows: readonly (readonly string[])[]): void {
  const widths = head.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  for (const row of [head, ...rows])
    console.log(
      row
        .map((cell, column) =>
          column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
        )
        .join('   ')
        .trimEnd(),
    );
}
