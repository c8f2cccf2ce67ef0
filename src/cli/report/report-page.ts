import type { StatementReport } from '../../index.ts';
import { hitRateOf, memoryText } from '../cache-usage.ts';
import { bytes, duration, percent, span } from '../text.ts';
import type { Bottlenecks, CollectedReport } from './collect-report.ts';
import { allFigures, groupColumns } from './figure-columns.ts';
import { Markup, markup } from './markup.ts';
import { pageStyle } from './page-style.ts';
import { reportPlots } from './report-plots.ts';
import { MOST_TABLES, titleOf } from './report-text.ts';

/** A page of one file: it loads nothing, runs nothing, and reads well without seeing its plots. */
export function reportPage(report: CollectedReport, writtenAt: Date): string {
  const title = titleOf(report);
  return markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${title}</title>
<style>${new Markup(pageStyle)}</style>
</head>
<body>
<main>
<h1>${title}</h1>
<p class="quiet">Written on ${writtenAt.toISOString().slice(0, 16).replace('T', ' ')} UTC. Slots that start in this time, and their bookings.</p>
${cards(report)}
${reportPlots(report)}
${groupTable(report)}
<h2>All figures</h2>
<div class="scroll"><table><tbody>${allFigures.map(
    ({ label, of }) =>
      markup`<tr><th scope="row">${label}</th><td class="text">${of(report.total)}</td></tr>`,
  )}</tbody></table></div>
${bottleneckSections(report.bottlenecks)}
</main>
</body>
</html>
`.html;
}

function cards({ total }: CollectedReport): Markup {
  const { timeToApproval, leadTime, shares } = total;
  const facts: readonly (readonly [string, string | number])[] = [
    ['slots', total.capacity],
    ['used', percent(shares.utilisation)],
    ['booked', total.booked],
    ['confirmed', percent(shares.confirmationRate)],
    ['attended', total.attended],
    ['no-show rate', percent(shares.noShowRate)],
    ['approved, half within', timeToApproval === undefined ? '–' : span(timeToApproval.p50Ms)],
    ['booked ahead, half', leadTime === undefined ? '–' : span(leadTime.p50Ms)],
  ];
  return markup`<dl class="cards">${facts.map(
    ([name, value]) => markup`<div><dt>${name}</dt><dd>${value}</dd></div>`,
  )}</dl>`;
}

const groupTable = ({ groups, by }: CollectedReport): Markup =>
  markup`<h2>By ${by}</h2>
${
  groups.length === 0
    ? markup`<p>There was no slot in this time.</p>`
    : markup`<div class="scroll"><table>
<thead><tr><th scope="col">${by}</th>${groupColumns.map(({ label }) => markup`<th scope="col">${label}</th>`)}</tr></thead>
<tbody>${groups.map(
        (group) =>
          markup`<tr><th scope="row">${group.name}</th>${groupColumns.map(({ of }) => markup`<td>${of(group)}</td>`)}</tr>`,
      )}</tbody></table></div>`
}`;

const bottleneckSections = ({ statements, tables, cache, findings }: Bottlenecks): Markup =>
  markup`<h2>What the doctor finds</h2>
${
  findings.length === 0
    ? markup`<p>Nothing wrong.</p>`
    : markup`<ul>${findings.map(
        ({ level, check, message, remedy }) =>
          markup`<li><span class="${level}">${level}</span> ${check}: ${message}${remedy === undefined ? '' : markup` <span class="quiet">→ ${remedy}</span>`}</li>`,
      )}</ul>`
}
<h2>The cache</h2>
<p>${
    cache === undefined
      ? 'No Redis is named, or none answers.'
      : `${percent(hitRateOf(cache))} of what was looked up in Redis was there, since it started; memory ${memoryText(cache)}; ${cache.evictions} keys had to make room for others.`
  }</p>
<h2>Statements that cost most</h2>
${
  statements.available
    ? statementTable(statements.statements)
    : markup`<p>Not known: <code>${statements.remedy}</code></p>`
}
<h2>Tables</h2>
<div class="scroll"><table>
<thead><tr>${['table', 'rows', 'dead', 'size', 'of it indexes', 'full scans', 'index scans'].map((name) => markup`<th scope="col">${name}</th>`)}</tr></thead>
<tbody>${tables
    .slice(0, MOST_TABLES)
    .map(
      (one) =>
        markup`<tr><th scope="row">${one.table}</th><td>${one.rows}</td><td>${one.deadRows}</td><td>${bytes(one.bytes)}</td><td>${bytes(one.indexBytes)}</td><td>${one.sequentialScans}</td><td>${one.indexScans}</td></tr>`,
    )}</tbody></table></div>`;

const statementTable = (statements: readonly StatementReport[]): Markup =>
  markup`<div class="scroll"><table>
<thead><tr><th scope="col">statement</th><th scope="col">total</th><th scope="col">mean</th><th scope="col">calls</th></tr></thead>
<tbody>${statements.map(
    ({ query, totalMs, meanMs, calls }) =>
      markup`<tr><td class="text"><code>${query.replaceAll(/\s+/g, ' ')}</code></td><td>${duration(totalMs)}</td><td>${duration(meanMs)}</td><td>${calls}</td></tr>`,
  )}</tbody></table></div>`;
