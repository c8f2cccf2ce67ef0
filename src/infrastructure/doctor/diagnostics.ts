import type { Diagnostics } from '../../application/ports/diagnostics.ts';
import { readActivity } from '../persistence/catalogue/activity.ts';
import { readIndexes } from '../persistence/catalogue/indexes.ts';
import { maintain } from '../persistence/catalogue/maintain.ts';
import { readTableStatistics } from '../persistence/catalogue/table-statistics.ts';
import { readTopStatements } from '../persistence/catalogue/top-statements.ts';
import type { Examined } from './check.ts';
import { examine } from './doctor.ts';

export const diagnosticsOf = (examined: Examined): Diagnostics => {
  const { catalogue } = examined;
  return {
    doctor: (options) => examine(examined, options),
    indexes: () => readIndexes(catalogue),
    tableStatistics: () => readTableStatistics(catalogue),
    analyze: (options) => maintain(catalogue, 'analyze', options),
    vacuum: (options) => maintain(catalogue, 'vacuum', options),
    topStatements: (limit) => readTopStatements(catalogue, limit),
    activity: () => readActivity(catalogue),
  };
};
