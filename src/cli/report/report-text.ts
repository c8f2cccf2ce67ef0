import { hitRateOf, memoryText } from '../cache-usage.ts';
import { statementText, tableText } from '../stats-text.ts';
import { percent, table } from '../text.ts';
import type { Bottlenecks, CollectedReport } from './collect-report.ts';
import { allFigures, groupColumns } from './figure-columns.ts';

export const titleOf = ({ days, about }: CollectedReport): string =>
  [`Interviews from ${days.firstDay} to ${days.lastDay} (${days.timeZone})`, ...about].join(', ');

/** Of the tables; the rest is seldom large enough to matter. */
export const MOST_TABLES = 8;

/** The report for a terminal. */
export function reportText(report: CollectedReport): string {
  const { total, groups, by, bottlenecks } = report;
  return [
    titleOf(report),
    table(allFigures.map(({ label, of }) => [label, of(total)])),
    ...(groups.length === 0
      ? []
      : [
          table([
            [by, ...groupColumns.map(({ label }) => label)],
            ...groups.map((group) => [group.name, ...groupColumns.map(({ of }) => of(group))]),
          ]),
        ]),
    ...bottleneckTexts(bottlenecks),
  ].join('\n\n');
}

const bottleneckTexts = ({ statements, tables, cache, findings }: Bottlenecks): readonly string[] => [
  `Statements that cost most\n\n${statementText(statements)}`,
  `Tables, the largest first\n\n${tableText(tables.slice(0, MOST_TABLES))}`,
  cache === undefined
    ? 'No Redis is named, or none answers.'
    : `Redis: ${percent(hitRateOf(cache))} of what was looked up was there, since it started; memory ${memoryText(cache)}.`,
  findings.length === 0
    ? 'The doctor finds nothing wrong.'
    : table(findings.map(({ level, check, message, remedy = '' }) => [level, check, message, remedy])),
];
