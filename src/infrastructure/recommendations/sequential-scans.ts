import type { TableReport } from '../../application/ports/diagnostics.ts';
import type { Rule } from './rule.ts';

/** Below this, reading all of a table takes a few milliseconds. */
const MANY_ROWS = 10_000;
const MANY_SCANS = 100;
/** Of all scans; a report now and then may well read everything. */
const LARGE_SHARE = 0.1;

/** Large tables that are often read from end to end. */
export const sequentialScans: Rule = ({ tables, schema }) =>
  tables.filter(isOftenReadWhole).map(({ table, rows, sequentialScans: scans }) => ({
    rule: 'sequential-scans',
    subject: table,
    message: `"${schema}".${table} has ${rows} rows and was read from end to end ${scans} times`,
    remedy:
      'find the statement (`slotwise slow-queries`, `slotwise explain`) and give it an index; if indexes are there, `slotwise analyze`',
  }));

const isOftenReadWhole = ({ rows, sequentialScans: whole, indexScans }: TableReport): boolean =>
  rows >= MANY_ROWS && whole >= MANY_SCANS && whole / (whole + indexScans) >= LARGE_SHARE;
