import { Argument } from 'commander';
import { okAsync, ResultAsync } from 'neverthrow';
import type { CacheContents, PoolStatus, Slotwise } from '../../index.ts';
import { wholeNumber } from '../arguments.ts';
import { cacheTable } from '../cache-table.ts';
import { explain, type CliError } from '../cli-error.ts';
import { defineCommand, type CommandContext, type Given, type Report } from '../command.ts';
import { connectionText, redisTable, statementText, tableText } from '../stats-text.ts';

interface StatsOptions {
  readonly statements?: number;
}

type Show = (context: CommandContext, given: Given<StatsOptions>) => ResultAsync<Report, CliError>;

const tablesAndStatements = (sdk: Slotwise, { statements }: StatsOptions) =>
  sdk.diagnostics
    .tableStatistics()
    .andThen((tables) =>
      sdk.diagnostics.topStatements(statements).map((top) => ({ tables, statements: top })),
    );

const everything: Show = ({ open, namesRedis }, { options }) =>
  open().andThen((sdk) =>
    tablesAndStatements(sdk, options).andThen(({ tables, statements }) =>
      contentsOf(sdk, namesRedis).map((cache) => ({
        data: { tables, statements, ...(cache === undefined ? {} : { cache }) },
        text: [
          tableText(tables),
          statementText(statements),
          cache === undefined ? 'No Redis is named, or none answers.' : cacheTable(cache),
        ].join('\n\n'),
      })),
    ),
  );

/** A cache that is away hides nothing of the database. */
const contentsOf = (sdk: Slotwise, namesRedis: boolean): ResultAsync<CacheContents | undefined, CliError> =>
  namesRedis ? sdk.cache.contents().orElse(() => okAsync(undefined)) : okAsync(undefined);

const parts: Readonly<Record<string, Show>> = {
  db: ({ open }, { options }) =>
    open().andThen((sdk) =>
      tablesAndStatements(sdk, options).andThen(({ tables, statements }) =>
        ResultAsync.fromSafePromise(sdk.diagnostics.poolStatus()).map(({ server }) => ({
          data: { tables, statements, connections: withoutCause(server) },
          text: [tableText(tables), statementText(statements), connectionText(server)].join('\n\n'),
        })),
      ),
    ),
  cache: ({ open }) =>
    open({ redis: true })
      .andThen((sdk) => sdk.cache.contents())
      .map((cache) => ({ data: { cache }, text: cacheTable(cache) })),
  redis: ({ open }) =>
    open({ redis: true })
      .andThen((sdk) => sdk.cache.servers())
      .map((servers) => ({ data: { servers }, text: redisTable(servers) })),
};

/** What the driver threw is not for everybody who reads the answer. */
const withoutCause = (server: PoolStatus['server']): unknown =>
  server?.available === false
    ? { available: false, error: { type: server.error.type, message: explain(server.error) } }
    : server;

export const stats = defineCommand<StatsOptions>({
  name: 'stats',
  summary: 'show what the tables and the cache hold, and which statements cost most',
  details: `Rows are what PostgreSQL estimates. Statements need the extension pg_stat_statements. Without a part, the cache is left
out where no Redis is named or none answers.`,
  configure: (command) =>
    command
      .addArgument(
        new Argument('[part]', 'db, also with connections; cache; or redis, its own figures').choices(
          Object.keys(parts),
        ),
      )
      .option('--statements <number>', 'statements to list; 10 when left out', wholeNumber(1, 1000)),
  run: (context, given) => (parts[given.args[0] ?? ''] ?? everything)(context, given),
});
