import { setTimeout as sleep } from 'node:timers/promises';
import {
  createSlotwise,
  optionsFromEnv,
  type ReadSource,
  type Slotwise,
  type SlotwiseOptions,
  type StartupError,
} from '../../src/index.ts';
import { sandbox } from '../support/sandbox.ts';
import { Recorder } from './recorder.ts';
import { ms, Unfulfilled, type Transcript } from './transcript.ts';

/** Everything the steps of the demo work with. */
export interface Stage {
  readonly sdk: Slotwise;
  readonly recorder: Recorder;
  readonly transcript: Transcript;
  /** Where a warm read is answered on this stage. */
  readonly warm: ReadSource;
  /** Whether there is a Redis that processes tell of their commits. */
  readonly shared: boolean;
  /** What the SDK was configured with; steps that need an SDK of their own start from it. */
  readonly options: SlotwiseOptions;
  /** Whether the environment named any server. */
  readonly onServers: boolean;
}

/** Opens the SDK as the environment says, on a schema and a prefix of its own, and leaves `cleanUp` to close it. */
export async function openStage(
  env: NodeJS.ProcessEnv,
  transcript: Transcript,
  cleanUp: AsyncDisposableStack,
): Promise<Stage> {
  const options = optionsFromEnv(env).match(forDemo, (error) => {
    throw new Unfulfilled(describeStart(error));
  });
  const onServer = 'url' in (options.database ?? {});
  const onRedis = redisUrl(options) !== undefined;
  const recorder = new Recorder();
  const startedAt = performance.now();
  const sdk = await openOn(options, 'demo', recorder, transcript, cleanUp);
  const { applied } = transcript.must(await sdk.migrate(), 'migrating');
  const { cache, database } = await sdk.health();

  transcript.table([
    ['database', onServer ? 'PostgreSQL server' : 'PGlite: PostgreSQL in this process'],
    ['cache', onRedis ? 'memory of this process in front of a Redis server' : 'memory of this process'],
    ['ready', `in ${ms(performance.now() - startedAt)}, with ${applied.length} migration applied`],
  ]);
  if (cache.status !== 'up') throw new Unfulfilled('REDIS_URL is set, but no Redis answers there');
  transcript.check(database.status === 'up', 'the database answers');
  await until(() => sdk.cache.stats().memory === 'up', 'the memory of this process to be kept up to date');
  return {
    sdk,
    recorder,
    transcript,
    options,
    warm: 'l1',
    shared: onRedis,
    onServers: onServer || onRedis,
  };
}

/** An SDK in a sandbox; when the demo ends it is closed first and its sandbox is emptied then. */
export async function openOn(
  options: SlotwiseOptions,
  label: string,
  recorder: Recorder,
  transcript: Transcript,
  cleanUp: AsyncDisposableStack,
): Promise<Slotwise> {
  const box = sandbox(label, options);
  const opened = await createSlotwise({ ...box.options, instrumentation: recorder });
  const sdk = opened.match(
    (value) => value,
    (error) => {
      throw new Unfulfilled(describeStart(error));
    },
  );
  cleanUp.defer(async () => {
    const closed = await sdk.close();
    const troubles = await box.cleanUp();
    if (closed.isErr()) transcript.say('the SDK did not close in time');
    for (const trouble of troubles) transcript.say(trouble);
  });
  return sdk;
}

/** Waits for something that is about to become true. */
export async function until(
  condition: () => boolean | Promise<boolean>,
  what: string,
  limitMs = 15_000,
): Promise<number> {
  const startedAt = performance.now();
  while (!(await condition())) {
    if (performance.now() - startedAt > limitMs)
      throw new Unfulfilled(`waited ${ms(limitMs)} in vain for ${what}`);
    await sleep(10);
  }
  return performance.now() - startedAt;
}

/**
 * Waits until no commit is left in the invalidation outbox. Rows in it are bumped once more by the relay, which is
 * harmless, but would turn a read that is shown to be warm into a miss. Without Redis there is no relay to wait for.
 */
export async function settled({ sdk, shared }: Pick<Stage, 'sdk' | 'shared'>): Promise<void> {
  if (!shared) return;
  await until(
    async () => (await sdk.health()).invalidation.backlog === 0,
    'the invalidation outbox to empty',
  );
  await sleep(20);
}

const redisUrl = ({ cache }: SlotwiseOptions): string | undefined =>
  cache === undefined || cache === false ? undefined : cache.url;

/**
 * The demo shows where reads come from, so a machine that is busy must not turn a hit into a timeout; and it is the
 * only process on its schema, so without Redis the cache of this process may be used on a server too.
 */
function forDemo(options: SlotwiseOptions): SlotwiseOptions {
  const { database = { embedded: true }, cache } = options;
  return {
    ...options,
    database: { ...database, acquireTimeoutMs: 30_000 },
    cache:
      redisUrl(options) === undefined
        ? { l1: { maxEntries: 10_000 } }
        : { ...cache, commandTimeoutMs: 1_000 },
  };
}

function describeStart(error: StartupError): string {
  if (error.type === 'Config') return `${error.key} ${error.message}`;
  if (error.type === 'MissingPackage') return `${error.packages.join(' and ')} are missing: ${error.install}`;
  return `the database does not answer: ${error.message}`;
}
