import type { History } from './history.ts';
import { bounds } from './judge/bounds.ts';
import type { Violation } from './judge/judge.ts';
import { RECOVERY_LIMIT_MS, type Round } from './round.ts';

/** A round that did less than this has shown nothing. */
const FEWEST = { reads: 300, commits: 15, hits: 100 } as const;
/** Where nothing fails, the cache answers most of the time. */
const FEWEST_CALM_SHARE = 0.5;
const DETAILS = 5;

const sum = (histories: readonly History[], count: (history: History) => number): number =>
  histories.reduce((total, history) => total + count(history), 0);

const invalidations = (histories: readonly History[], kind: 'applied' | 'deferred'): number =>
  sum(
    histories,
    ({ acknowledgements }) => acknowledgements.filter((one) => one.invalidation === kind).length,
  );

/** Everything a round must not show, one line each; none when the promise held. */
export function complaints(round: Round): readonly string[] {
  const { fault, outcome, rules, histories, judgement, wrongInTheEnd, unjudged, recoveredAfterMs } = round;
  const commits = sum(histories, ({ acknowledgements }) => acknowledgements.length);
  const cache = rules.memory ? 'l1Hits' : 'l2Hits';
  const hits = sum(histories, ({ lookups }) => lookups[cache]);
  const { reads } = judgement;
  return [
    ...judgement.violations.map(describeViolation),
    ...wrongInTheEnd.map((row) => `in the end ${row}`),
    ...histories.flatMap(({ failures }, node) => failures.map((error) => `process ${node} got ${error}`)),
    ...histories.flatMap(({ unhandled }, node) =>
      unhandled.map((cause) => `process ${node} left a rejection unhandled: ${cause}`),
    ),
    ...(unjudged > 0 ? [`${unjudged} commits were never acknowledged, or nobody could relay them`] : []),
    ...(outcome.hits === 0 ? ['the fault hit nothing'] : []),
    ...(recoveredAfterMs < RECOVERY_LIMIT_MS ? [] : ['the cache was not used again']),
    ...(reads < FEWEST.reads || commits < FEWEST.commits || hits < FEWEST.hits
      ? [`too little happened: ${reads} reads, ${commits} commits, ${hits} hits`]
      : []),
    ...(fault.calm === true && share(histories, cache) < FEWEST_CALM_SHARE
      ? [`the cache answered only ${hitRate(round, cache)} of the reads although nothing failed`]
      : []),
  ];
}

function describeViolation(violation: Violation): string {
  const { kind, node, entity, version } = violation;
  const seen = `process ${node} saw ${entity} in version ${version}`;
  if (kind === 'phantom') return `${seen} as nobody ever committed it: ${violation.value}`;
  if (kind === 'misplaced') return `${seen} in the list ${violation.list}, where it does not belong`;
  const { list, missing, source, shouldBeAtLeast, lateByMs } = violation;
  const asked = list === undefined ? '' : ` in ${list}`;
  const where = missing ? `process ${node} missed ${entity}${asked}` : `${seen}${asked}`;
  return `${where} (${source}) ${lateByMs.toFixed(1)} ms after version ${shouldBeAtLeast} had to be seen`;
}

const percent = (part: number, all: number): string =>
  all === 0 ? '–' : `${((100 * part) / all).toFixed(0)} %`;
const ms = (value: number): string => (Number.isFinite(value) ? value.toFixed(0) : 'never');

/** The columns, from left to right. */
const columns: readonly (readonly [title: string, width: number, cell: (round: Round) => string])[] = [
  ['fault', 20, ({ fault }) => fault.name],
  ['struck', 8, ({ outcome }) => String(outcome.hits ?? '–')],
  [
    'operations',
    11,
    ({ judgement, histories }) =>
      String(
        judgement.reads +
          sum(histories, ({ acknowledgements, rollbacks }) => acknowledgements.length + rollbacks),
      ),
  ],
  ['L1 hits', 9, (round) => hitRate(round, 'l1Hits')],
  ['L2 hits', 9, (round) => hitRate(round, 'l2Hits')],
  ['applied', 9, ({ histories }) => String(invalidations(histories, 'applied'))],
  ['deferred', 10, ({ histories }) => String(invalidations(histories, 'deferred'))],
  ['undone', 8, ({ histories }) => String(sum(histories, ({ rollbacks }) => rollbacks))],
  ['errors', 8, ({ histories }) => String(sum(histories, ({ failures }) => failures.length))],
  [
    'violations',
    12,
    ({ judgement, wrongInTheEnd }) => String(judgement.violations.length + wrongInTheEnd.length),
  ],
  ['L1 age', 11, ({ judgement }) => `${ms(judgement.staleness.l1)}/${bounds.heartbeat}`],
  ['other age', 11, ({ judgement }) => `${ms(judgement.staleness.shared)}/0`],
  ['deferred age', 14, ({ judgement }) => `${ms(judgement.staleness.deferred)}/${bounds.relay}`],
  ['unsourced', 11, ({ judgement }) => percent(judgement.unattributed, judgement.reads)],
  ['recovered', 11, ({ recoveredAfterMs }) => ms(recoveredAfterMs)],
  ['unhandled', 11, ({ histories }) => String(sum(histories, ({ unhandled }) => unhandled.length))],
];

function share(histories: readonly History[], kind: 'l1Hits' | 'l2Hits'): number {
  const all = sum(histories, ({ lookups }) =>
    Object.values(lookups).reduce((total, count) => total + count, 0),
  );
  return sum(histories, ({ lookups }) => lookups[kind]) / all;
}

const hitRate = ({ histories }: Round, kind: 'l1Hits' | 'l2Hits'): string =>
  percent(share(histories, kind), 1);

const line = (cells: readonly string[]): string =>
  cells
    .map((cell, index) => {
      const width = columns[index]?.[1] ?? 0;
      return index === 0 ? cell.padEnd(width) : cell.padStart(width);
    })
    .join('');

/** What the columns mean, and their titles. */
export const tableHead = (): string =>
  [
    'Per fault, all processes together. Struck: what the fault hit, where that can be counted. Ages are the longest times in',
    'ms between an acknowledgement and the start of a read that did not show it yet, against what is allowed: of applied',
    'commits through L1 and otherwise, and of deferred ones since some process could relay them. Unsourced reads joined',
    'others and were held to the bound of L1. Recovered: ms from the end of the fault until the cache of every process',
    'answered again.',
    '',
    line(columns.map(([title]) => title)),
  ].join('\n');

export function tableRow(round: Round): string {
  const found = complaints(round);
  const more = found.length - DETAILS;
  return [
    line(columns.map(([, , cell]) => cell(round))),
    ...found.slice(0, DETAILS).map((complaint) => `    ${complaint}`),
    ...(more > 0 ? [`    and ${more} more`] : []),
  ].join('\n');
}
