import { rawRows } from '../raw-rows.ts';
import type { Db } from '../rows/tables.ts';

const limits = ['statement_timeout', 'lock_timeout'];

/**
 * Limits are meant for statements that somebody waits for, not for upkeep. Resetting them brings back what the connection
 * began with.
 */
export async function withoutLimits<T>(db: Db, work: () => Promise<T>): Promise<T> {
  for (const limit of limits) await rawRows(db, `set ${limit} = 0`, []);
  try {
    return await work();
  } finally {
    for (const limit of limits) await rawRows(db, `reset ${limit}`, []);
  }
}
