import type { Diagnostics } from '../../application/ports/diagnostics.ts';
import type { Signals } from '../observability/signals.ts';
import { readActivity } from '../persistence/catalogue/activity.ts';
import { createIndexes } from '../persistence/catalogue/create-indexes.ts';
import { readIndexes } from '../persistence/catalogue/indexes.ts';
import { maintain } from '../persistence/catalogue/maintain.ts';
import { readPoolStatus } from '../persistence/catalogue/pool-status.ts';
import { readTableStatistics } from '../persistence/catalogue/table-statistics.ts';
import { readTopStatements, resetTopStatements } from '../persistence/catalogue/top-statements.ts';
import type { Database } from '../persistence/database.ts';
import { explainQuery, queryNames } from '../persistence/explain/explain-query.ts';
import { recommend } from '../recommendations/recommend.ts';
import type { Examined } from './check.ts';
import { examine } from './doctor.ts';

interface Parts extends Examined {
  readonly database: Database;
  readonly signals: Signals;
}

export const diagnosticsOf = (parts: Parts): Diagnostics => {
  const { catalogue, signals } = parts;
  const stores = signals.sent?.stores ?? {};
  const { slow, repeated } = stores;
  return {
    doctor: (options) => examine(parts, options),
    poolStatus: () => readPoolStatus(catalogue, parts.poolUse()),
    indexes: () => readIndexes(catalogue),
    createIndexes: (options) => createIndexes(catalogue, options),
    tableStatistics: () => readTableStatistics(catalogue),
    analyze: (options) => maintain(catalogue, 'analyze', options),
    vacuum: (options) => maintain(catalogue, 'vacuum', options),
    topStatements: (limit, by) => readTopStatements(catalogue, limit, by),
    resetTopStatements: () => resetTopStatements(catalogue),
    slowStatements: () => slow?.list() ?? [],
    resetSlowStatements: () => slow?.reset(),
    repeatedStatements: () => repeated?.list() ?? [],
    resetRepeatedStatements: () => repeated?.reset(),
    namedQueries: queryNames,
    explain: (name, options) => explainQuery(parts, name, options),
    recommendations: () => recommend(catalogue, stores),
    activity: () => readActivity(catalogue),
  };
};
