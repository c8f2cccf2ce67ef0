import { errAsync, okAsync } from 'neverthrow';
import type { Diagnostics } from '../../application/ports/diagnostics.ts';
import { validationError } from '../../domain/shared/validation-error.ts';
import { notCreated } from '../persistence/catalogue/top-statements.ts';
import { well } from './check.ts';

/** Where everything is in this process, without tables or servers. */
export const nothingToExamine: Diagnostics = {
  doctor: () => okAsync([well('schema', 'everything is in this process: there is nothing to examine')]),
  poolStatus: () => Promise.resolve({}),
  indexes: () => okAsync([]),
  createIndexes: () => okAsync([]),
  tableStatistics: () => okAsync([]),
  analyze: () => okAsync([]),
  vacuum: () => okAsync([]),
  topStatements: () => okAsync(notCreated),
  resetTopStatements: () => okAsync(notCreated),
  slowStatements: () => [],
  resetSlowStatements: () => undefined,
  repeatedStatements: () => [],
  resetRepeatedStatements: () => undefined,
  namedQueries: [],
  explain: () => errAsync(validationError('name', 'names no query: there is no database to ask for a plan')),
  recommendations: () => okAsync([]),
  activity: () =>
    okAsync({
      commits: 0,
      rollbacks: 0,
      deadlocks: 0,
      statements: undefined,
      bookingsInLastMinute: 0,
    }),
};
