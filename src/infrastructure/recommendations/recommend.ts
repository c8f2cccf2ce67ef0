import type { ResultAsync } from 'neverthrow';
import type { Recommendation } from '../../application/ports/query-diagnostics.ts';
import type { RepositoryError } from '../../domain/shared/repository-error.ts';
import type { StatementStores } from '../observability/statements/statement-watch.ts';
import type { Catalogue } from '../persistence/catalogue/catalogue.ts';
import { readIndexes } from '../persistence/catalogue/indexes.ts';
import { readTableStatistics } from '../persistence/catalogue/table-statistics.ts';
import { missingIndex } from './missing-index.ts';
import { repeatedStatement } from './repeated-statement.ts';
import type { Rule } from './rule.ts';
import { sequentialScans } from './sequential-scans.ts';
import { slowStatement } from './slow-statement.ts';
import { unusedIndex } from './unused-index.ts';

/** Those first whose remedy helps most. */
export const rules: readonly Rule[] = [
  missingIndex,
  sequentialScans,
  repeatedStatement,
  slowStatement,
  unusedIndex,
];

export const recommend = (
  catalogue: Catalogue,
  { slow, repeated }: StatementStores,
): ResultAsync<readonly Recommendation[], RepositoryError> =>
  readTableStatistics(catalogue).andThen((tables) =>
    readIndexes(catalogue).map((indexes) => {
      const { schema } = catalogue;
      const observed = {
        schema,
        tables,
        indexes,
        slow: slow?.list() ?? [],
        repeated: repeated?.list() ?? [],
      };
      return rules.flatMap((rule) => rule(observed));
    }),
  );
