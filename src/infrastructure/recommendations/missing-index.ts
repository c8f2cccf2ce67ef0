import { indexTroubles } from '../doctor/index-troubles.ts';
import type { Rule } from './rule.ts';

/** Where nothing was migrated, everything is missing, and the doctor says why. */
export const missingIndex: Rule = ({ tables, indexes, schema }) => {
  const there = new Set(tables.map(({ table }) => table));
  const troubles = indexTroubles(
    indexes.filter(({ table }) => there.has(table)),
    schema,
  );
  return troubles.map(({ name, message, remedy }) => ({
    rule: 'missing-index',
    subject: name,
    message,
    remedy,
  }));
};
