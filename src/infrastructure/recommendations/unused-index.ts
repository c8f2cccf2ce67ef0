import type { Rule } from './rule.ts';

/** So often has its table been asked by other indexes that this one would have had its chance. */
const MANY_SCANS = 1_000;

/** Indexes of others that nothing uses. Those that guard are never asked, and those of the SDK belong to its queries. */
export const unusedIndex: Rule = ({ tables, indexes, schema }) => {
  const scans = new Map(tables.map(({ table, indexScans }) => [table, indexScans]));
  return indexes
    .filter(
      ({ table, state, declared, guards, scans: own }) =>
        state === 'present' && !declared && !guards && own === 0 && (scans.get(table) ?? 0) >= MANY_SCANS,
    )
    .map(({ table, name, bytes }) => ({
      rule: 'unused-index',
      subject: name,
      message: `the index ${name} (${bytes} bytes) was never used, while others on "${schema}".${table} were ${scans.get(table)} times`,
      remedy: `drop index concurrently "${schema}"."${name}"; it costs every write, unless something rare needs it, or a read replica, which counts for itself`,
    }));
};
