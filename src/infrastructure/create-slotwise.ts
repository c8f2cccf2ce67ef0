import { err, errAsync, ok, ResultAsync, type Result } from 'neverthrow';
import type { Clock } from '../application/ports/clock.ts';
import type { Logger } from '../application/ports/logger.ts';
import { composeCache } from './compose-cache.ts';
import type { VersionedStore } from './cache/versioned-store.ts';
import type { DatabaseUnreachable, MissingPackage, StartupError } from './config/errors.ts';
import type { SlotwiseOptions } from './config/options.ts';
import { parseOptions, type ParsedDatabase, type ParsedOptions } from './config/parse-options.ts';
import { systemClock } from './config/system-clock.ts';
import { EventBus } from './events/event-bus.ts';
import { Correlation } from './observability/logs/correlation.ts';
import { sdkLogger } from './observability/logs/sdk-logger.ts';
import { SdkMetrics } from './observability/metrics/metrics.ts';
import { MetricsRecorder } from './observability/metrics/recorder.ts';
import { signalsOf, type Signals } from './observability/signals.ts';
import { watchStatements } from './observability/statements/watch-statements.ts';
import { Database } from './persistence/database.ts';
import { messageOf } from './persistence/error-mapping.ts';
import { hostRowsOf } from './persistence/host-rows.ts';
import { MikroOrmEventQueue } from './persistence/mikro-orm-event-queue.ts';
import { MikroOrmInvalidationOutbox } from './persistence/invalidation-outbox.ts';
import { MikroOrmBackend } from './persistence/mikro-orm-backend.ts';
import { openBorrowed, openEmbedded, openServer, refusedRows, type OpenOrm } from './persistence/open-orm.ts';
import { mikroOrmRepositories } from './persistence/repositories/mikro-orm-repositories.ts';
import { AutocommitSession } from './persistence/session.ts';
import { openReplicas } from './persistence/replicas/open-replicas.ts';
import type { Replicas } from './persistence/replicas/replicas.ts';
import { assembleSlotwise, type Slotwise } from './slotwise.ts';

/**
 * Opens the SDK. Without options it runs on PGlite in memory with the cache in this process; call `migrate()` before
 * the first use of a database.
 *
 * Answers a `StartupError` when an option is wrong, an optional package is missing, or the database does not answer.
 * A Redis that is away is no error: the SDK starts, `health()` says `degraded`, and the cache joins when it appears.
 * Nothing is registered with the process, and what the host lends (a MikroORM, an ioredis client) is never closed.
 */
export const createSlotwise = (options: SlotwiseOptions = {}): ResultAsync<Slotwise, StartupError> =>
  openSlotwise(options, {});

/** What those options are where there is no cache. */
const uncached = { families: [], warmOnStart: undefined };

/** Places where tests reach into the composition, to show that they notice when a part is broken. */
export interface Seams {
  readonly wrapStore?: (store: VersionedStore) => VersionedStore;
}

export function openSlotwise(options: SlotwiseOptions, seams: Seams): ResultAsync<Slotwise, StartupError> {
  const parsed = parseOptions(options);
  if (parsed.isErr()) return errAsync(parsed.error);
  const correlation = new Correlation();
  const logger = sdkLogger(options.logger, correlation);
  if (options.unusedVariables !== undefined && options.unusedVariables.length > 0)
    logger.info({ variables: options.unusedVariables }, 'these environment variables have no effect yet');
  const { policy, cache, metrics: settings, queries } = parsed.value;
  const { families, warmOnStart } = cache === false ? uncached : cache;
  const { clock = systemClock } = options;
  const recorder = new MetricsRecorder(settings);
  const sent = watchStatements({ ...queries, slowMs: settings.slowStatementMs }, clock, logger);
  const signals = signalsOf(options.instrumentation, settings.enabled ? recorder : undefined, sent);
  return new ResultAsync(openBackend(parsed.value, { clock, logger, signals }, seams))
    .andTee((backend) => backend.cache.declareFamilies(...families))
    .map((backend) => {
      const gauges = {
        cache: () => backend.cache.stats(),
        pool: () => backend.poolUse(),
        replicas: () => backend.replicaUse(),
      };
      const metrics = new SdkMetrics({ settings, recorder, gauges, logger });
      return assembleSlotwise(backend, {
        policy,
        logger,
        clock,
        warmOnStart,
        metrics,
        signals,
        correlation,
      });
    });
}

interface Surroundings {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly signals: Signals;
}

async function openBackend(
  { database: databaseOptions, cache: cacheOptions }: ParsedOptions,
  { clock, logger, signals }: Surroundings,
  { wrapStore = (store) => store }: Seams,
): Promise<Result<MikroOrmBackend, StartupError>> {
  const opened = await openOrm(databaseOptions, logger);
  if (opened.isErr()) return err(opened.error);
  const connections = opened.value;
  const { orm, distrust } = connections;
  const { schema, acquireTimeoutMs } = databaseOptions;
  const database = new Database(orm, schema, acquireTimeoutMs, distrust);
  const unreachable = await answers(database);
  if (unreachable !== undefined) {
    await connections.close();
    return err(unreachable);
  }

  const session = new AutocommitSession(database, signals);
  const outbox = new MikroOrmInvalidationOutbox(session);
  const outside = mikroOrmRepositories({ session, onWrite: () => undefined }, database.schema, clock);
  const surroundings = {
    database: databaseOptions,
    outside,
    outbox,
    listen: connections.direct,
    clock,
    logger,
    signals,
    wrapStore,
  };
  const composed = await composeCache(cacheOptions, surroundings);
  if (composed.isErr()) {
    await connections.close();
    return err(composed.error);
  }
  const cache = composed.value;
  const { caching, invalidation } = cache;
  const events = new EventBus(logger);
  const replicas = await replicasOf(databaseOptions, { database, connections }, logger);
  const unitOfWork = {
    database,
    replicas,
    caching,
    invalidation,
    clock,
    logger,
    signals,
    publisher: events,
  };
  await cache.start();
  await replicas?.start();
  const { rows: registered } = databaseOptions;
  const rows = hostRowsOf({ orm, database, outside: session, registered });
  const { audit } = outside;
  const eventQueue = new MikroOrmEventQueue(session);
  return ok(
    new MikroOrmBackend({
      connections,
      database,
      replicas,
      session,
      outbox,
      cache,
      unitOfWork,
      rows,
      events,
      audit,
      eventQueue,
      logger,
    }),
  );
}

async function openOrm(options: ParsedDatabase, logger: Logger): Promise<Result<OpenOrm, StartupError>> {
  const { schema, rows } = options;
  const ormOptions = { schema, rows, logger };
  try {
    if (options.kind === 'server') return ok(await openServer(options, ormOptions));
    if (options.kind === 'borrowed') return ok(await openBorrowed(options.orm, ormOptions));
    return ok(await openEmbedded(options.dataDir, ormOptions));
  } catch (cause) {
    const message = refusedRows(cause);
    if (message !== undefined) return err({ type: 'Config', key: 'database.rows', message });
    return err(isMissingModule(cause) && options.kind === 'embedded' ? pgliteMissing : notReached(cause));
  }
}

async function replicasOf(
  options: ParsedDatabase,
  { database, connections }: { readonly database: Database; readonly connections: OpenOrm },
  logger: Logger,
): Promise<Replicas | undefined> {
  const { direct } = connections;
  if (options.kind !== 'server' || options.replicaUrls.length === 0 || direct === undefined) return undefined;
  return openReplicas(options, { ...options, logger }, { database, direct });
}

const pgliteMissing: MissingPackage = {
  type: 'MissingPackage',
  packages: ['@mikro-orm/pglite', '@electric-sql/pglite'],
  install: 'npm install @mikro-orm/pglite@7.2.1 @electric-sql/pglite@0.5.8',
};

const isMissingModule = (cause: unknown): boolean =>
  cause instanceof Error && 'code' in cause && cause.code === 'ERR_MODULE_NOT_FOUND';

const notReached = (cause: unknown): DatabaseUnreachable => ({
  type: 'DatabaseUnreachable',
  message: messageOf(cause),
  cause,
});

/** PGlite needs seconds to start on a busy machine; a server's own connect timeout is shorter. */
const START_TIMEOUT_MS = 60_000;

async function answers(database: Database): Promise<DatabaseUnreachable | undefined> {
  try {
    await database.ping(START_TIMEOUT_MS);
    return undefined;
  } catch (cause) {
    return notReached(cause);
  }
}
