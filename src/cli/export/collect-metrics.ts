import { ok, okAsync, ResultAsync, safeTry } from 'neverthrow';
import type {
  BookingReport,
  CacheContents,
  DatabaseActivity,
  HealthReport,
  PoolStatus,
  Slotwise,
  TableReport,
  TopStatements,
} from '../../index.ts';
import { usageOf, type CacheUsage } from '../cache-usage.ts';
import type { CliError } from '../cli-error.ts';
import type { LocalDays } from '../report/local-days.ts';

export interface ExportedMetrics {
  /** Fields may be added to it; one that changes its meaning, or goes, makes another version. */
  readonly version: 1;
  /** ISO 8601 in UTC. */
  readonly at: string;
  /** With how much waits in the outboxes, and for how long. */
  readonly health: HealthReport;
  /** Of the process that wrote it, and of the server. */
  readonly pool: PoolStatus;
  readonly activity: DatabaseActivity;
  readonly tables: readonly TableReport[];
  readonly statements: TopStatements;
  /** Absent where no Redis is named, or none answers. */
  readonly cache?: {
    readonly usage: CacheUsage;
    /** Absent where the user of Redis may not look. */
    readonly contents?: CacheContents;
  };
  /** Of the last 30 days. */
  readonly bookings: BookingReport;
}

/** Asks one after the other, so that it takes a single connection. */
export const collectMetrics = (
  sdk: Slotwise,
  { from, until, timeZone }: LocalDays,
  namesRedis: boolean,
  now: Date,
): ResultAsync<ExportedMetrics, CliError> =>
  safeTry<ExportedMetrics, CliError>(async function* () {
    const { diagnostics, reports } = sdk;
    const health = yield* ResultAsync.fromSafePromise(sdk.health());
    const pool = yield* ResultAsync.fromSafePromise(diagnostics.poolStatus());
    const activity = yield* diagnostics.activity();
    const tables = yield* diagnostics.tableStatistics();
    const statements = yield* diagnostics.topStatements();
    const cache = namesRedis ? yield* cacheOf(sdk) : undefined;
    const bookings = yield* reports.bookings({ from, until, timeZone, groupBy: 'day' });
    return ok<ExportedMetrics>({
      version: 1,
      at: now.toISOString(),
      health,
      pool,
      activity,
      tables,
      statements,
      ...(cache === undefined ? {} : { cache }),
      bookings,
    });
  });

const cacheOf = ({ cache }: Slotwise): ResultAsync<ExportedMetrics['cache'], CliError> =>
  cache
    .servers()
    .map(usageOf)
    .andThen((usage) =>
      cache
        .contents()
        .map((contents): ExportedMetrics['cache'] => ({ usage, contents }))
        .orElse(() => okAsync({ usage })),
    )
    .orElse(() => okAsync(undefined));
