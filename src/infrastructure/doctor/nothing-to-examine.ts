import { okAsync } from 'neverthrow';
import type { Diagnostics } from '../../application/ports/diagnostics.ts';
import { notCreated } from '../persistence/catalogue/top-statements.ts';
import { well } from './check.ts';

/** Where everything is in this process, without tables or servers. */
export const nothingToExamine: Diagnostics = {
  doctor: () => okAsync([well('schema', 'everything is in this process: there is nothing to examine')]),
  indexes: () => okAsync([]),
  tableStatistics: () => okAsync([]),
  analyze: () => okAsync([]),
  vacuum: () => okAsync([]),
  topStatements: () => okAsync(notCreated),
  activity: () =>
    okAsync({
      connections: 0,
      maxConnections: 0,
      commits: 0,
      rollbacks: 0,
      deadlocks: 0,
      statements: undefined,
      bookingsInLastMinute: 0,
    }),
};
