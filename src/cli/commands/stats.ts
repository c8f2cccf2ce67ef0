import { okAsync, type ResultAsync } from 'neverthrow';
import type { CacheContents, Slotwise } from '../../index.ts';
import { wholeNumber } from '../arguments.ts';
import type { CliError } from '../cli-error.ts';
import { defineCommand } from '../command.ts';
import { cacheTable } from '../cache-table.ts';
import { statementText, tableText } from '../database-tables.ts';

interface StatsOptions {
  readonly statements?: number;
}

export const stats = defineCommand<StatsOptions>({
  name: 'stats',
  summary: 'show what the tables and the cache hold, and which statements cost most',
  details: `Rows are what PostgreSQL estimates. Statements need the extension pg_stat_statements. The cache is left out where no Redis
is named or none answers.`,
  configure: (command) =>
    command.option('--statements <number>', 'statements to list; 10 when left out', wholeNumber(1, 1000)),
  run: ({ open, namesRedis }, { options }) =>
    open().andThen((sdk) =>
      sdk.diagnostics.tableStatistics().andThen((tables) =>
        sdk.diagnostics.topStatements(options.statements).andThen((statements) =>
          contentsOf(sdk, namesRedis).map((cache) => ({
            data: { tables, statements, ...(cache === undefined ? {} : { cache }) },
            text: [
              tableText(tables),
              statementText(statements),
              cache === undefined ? 'No Redis is named, or none answers.' : cacheTable(cache),
            ].join('\n\n'),
          })),
        ),
      ),
    ),
});

/** A cache that is away hides nothing of the database. */
const contentsOf = (sdk: Slotwise, namesRedis: boolean): ResultAsync<CacheContents | undefined, CliError> =>
  namesRedis ? sdk.cache.contents().orElse(() => okAsync(undefined)) : okAsync(undefined);
