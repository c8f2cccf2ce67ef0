import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { createSlotwise, isRetryable, type CacheReadEvent, type SlotwiseError } from '../../src/index.ts';
import { seedBoard } from '../../src/testing/seeds/seed-board.ts';
import { brokenInvariants } from '../support/booking-invariants.ts';
import { BookingTraffic, type Acknowledgement } from '../support/booking-traffic.ts';
import { PostgresProcess } from '../support/postgres-process.ts';
import { ScratchDatabase } from '../support/scratch-database.ts';
import { ScratchPrefix } from '../support/scratch-prefix.ts';
import { describeWithPostgresServer } from '../support/services.ts';
import { UnhandledRejections } from '../support/unhandled-rejections.ts';
import { until } from '../support/until.ts';

const LIFETIME_SECONDS = 180;
const LIMIT_MS = 20_000;
const WORKERS = 8;
/** What is cached for so long is past its lifetime while the server is away, so that reads live on their grace. */
const SHORT_TTL_MS = 100;

interface Run {
  readonly acknowledged: readonly Acknowledgement[];
  readonly lost: number;
  readonly failures: readonly SlotwiseError[];
  /** Of reads of one recruiter all the time. */
  readonly readFailures: readonly SlotwiseError[];
  readonly sources: readonly CacheReadEvent['source'][];
  readonly awayFrom: number;
  readonly backAt: number;
  readonly health: readonly string[];
  readonly broken: readonly string[];
  /** Of the acknowledged bookings, as they are stored. */
  readonly stored: readonly { readonly id: number; readonly candidate: number; readonly state: string }[];
  readonly unhandled: readonly unknown[];
}

async function runAcross(
  server: PostgresProcess,
  end: (server: PostgresProcess) => Promise<void>,
): Promise<Run> {
  await using stack = new AsyncDisposableStack();
  const unhandled = stack.use(new UnhandledRejections());
  const scratch = stack.use(new ScratchPrefix());
  const database = stack.use(new ScratchDatabase(server.url));
  const sources: CacheReadEvent['source'][] = [];
  const sdk = stack.use(
    (
      await createSlotwise({
        database: { ...database.options, pool: { max: 6 }, acquireTimeoutMs: 2000 },
        cache: { ...scratch.options, ttl: { recruiter: SHORT_TTL_MS } },
        instrumentation: { cacheRead: ({ query, source }) => query === 'recruiter' && sources.push(source) },
      })
    )._unsafeUnwrap(),
  );
  (await sdk.migrate())._unsafeUnwrap();
  const size = { recruiters: 10, slotsPerRecruiter: 60, candidates: 600 };
  const board = (await seedBoard(sdk, size))._unsafeUnwrap();

  const readFailures: SlotwiseError[] = [];
  const reading = new AbortController();
  const reads = (async () => {
    while (!reading.signal.aborted) {
      const read = await sdk.read.recruiters.get(board.recruiter.id);
      if (read.isErr()) readFailures.push(read.error);
      await sleep(10);
    }
  })();
  const health: string[] = [];
  const look = async (): Promise<void> => {
    health.push((await sdk.health()).database.status);
  };

  const traffic = new BookingTraffic(sdk, board, WORKERS);
  const acknowledgedSince = (since: number): number =>
    traffic.acknowledged.filter(({ at }) => at > since).length;
  await until('traffic runs', LIMIT_MS, () => traffic.acknowledged.length >= 40);
  await look();

  const awayFrom = performance.now();
  await end(server);
  await look();
  await until('every worker notices', LIMIT_MS, () => traffic.failures.length >= WORKERS);
  await sleep(4 * SHORT_TTL_MS);
  await server.startAgain();
  const backAt = performance.now();
  await until('traffic goes on', LIMIT_MS, () => acknowledgedSince(backAt) >= 40);
  await look();
  await traffic.stop();
  reading.abort();
  await reads;

  const stored = await database.rows<Run['stored'][number]>(
    'select id::float8 as id, candidate_id::float8 as candidate, state from $schema.booking order by id',
  );
  const broken = await brokenInvariants(database);
  const { acknowledged, failures, lost } = traffic;
  return {
    acknowledged,
    failures,
    lost,
    readFailures,
    sources,
    awayFrom,
    backAt,
    health,
    broken,
    stored,
    unhandled: unhandled.seen,
  };
}

describeWithPostgresServer('PostgreSQL restarts in the middle of bookings', () => {
  describe.each([
    ['as an administrator restarts it', (server: PostgresProcess) => server.stop()],
    ['as a crash does, killed', (server: PostgresProcess) => server.kill()],
  ])('%s', (_way, end) => {
    let run: Run;

    beforeAll(async () => {
      // A commit that was acknowledged has left the process; only a power cut could lose it.
      const durable = { synchronous_commit: 'on' };
      await using server = await PostgresProcess.startInstalled(LIFETIME_SECONDS, durable);
      run = await runAcross(server, end);
    }, 120_000);

    it('keeps every booking that was acknowledged', () => {
      const stored = new Map(run.stored.map((booking) => [booking.id, booking]));
      const missing = run.acknowledged.filter(({ bookingId, candidateId }) => {
        const found = stored.get(bookingId);
        return found?.candidate !== candidateId || found.state !== 'requested';
      });
      expect(missing).toEqual([]);
      expect(run.acknowledged.length).toBeGreaterThanOrEqual(80);
    });

    it('books no slot twice, although several candidates want each', () => {
      expect(run.broken).toEqual([]);
      expect(run.lost).toBeGreaterThan(0);
    });

    it('answers typed errors meanwhile, which say that the call may be made again', () => {
      expect(run.failures.length).toBeGreaterThanOrEqual(WORKERS);
      expect([...new Set(run.failures.map(({ type }) => type))]).toEqual(['Database']);
      expect(run.failures.filter((error) => !isRetryable(error))).toEqual([]);
    });

    it('answers cached reads all the time, from their grace when their lifetime is over', () => {
      expect(run.readFailures).toEqual([]);
      expect(run.sources).toContain('stale');
    });

    it('goes on by itself, and says in its health what was', () => {
      expect(run.health).toEqual(['up', 'down', 'up']);
      expect(run.acknowledged.some(({ at }) => at > run.backAt)).toBe(true);
      expect(run.unhandled).toEqual([]);
    });
  });
});
