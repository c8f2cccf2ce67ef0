import { expect, it } from 'vitest';
import { createSlotwise, healthHttpStatus, type HealthReport } from '../../src/index.ts';
import { RedisProcess } from '../support/redis-process.ts';
import { ScratchDatabase } from '../support/scratch-database.ts';
import { describeWithServers } from '../support/services.ts';
import { TcpProxy } from '../support/tcp-proxy.ts';

const LIMIT_MS = 300;
/** The machine may be busy; what is to be shown is that nothing waits for a server that does not answer. */
const FAR_TOO_LONG_MS = 5_000;

const states = ({ status, live, ready, database, cache }: HealthReport) => ({
  status,
  live,
  ready,
  database: database.status,
  cache: cache.status,
});

const well = { status: 'up', live: true, ready: true, database: 'up', cache: 'up' };

describeWithServers('health', () => {
  it('tells a cache that is away from a database that is, within its time, and both when they are back', async () => {
    await using stack = new AsyncDisposableStack();
    const redis = stack.use(await RedisProcess.start());
    const database = stack.use(new ScratchDatabase());
    const proxy = stack.use(await TcpProxy.startBefore(database.url));
    const options = {
      database: { ...database.options, url: proxy.through(database.url) },
      cache: { url: redis.url },
    };
    const sdk = stack.use((await createSlotwise(options))._unsafeUnwrap());
    (await sdk.migrate())._unsafeUnwrap();

    const soon = async (): Promise<HealthReport> => {
      const startedAt = performance.now();
      const report = await sdk.health({ timeoutMs: LIMIT_MS });
      expect(performance.now() - startedAt).toBeLessThan(FAR_TOO_LONG_MS);
      return report;
    };
    const report = await soon();
    expect(states(report)).toEqual(well);
    expect(healthHttpStatus(report)).toBe(200);
    for (const { latencyMs } of [report.database, report.cache]) expect(latencyMs).toBeGreaterThan(0);

    redis.pause();
    const paused = await soon();
    expect(states(paused)).toMatchObject({ status: 'degraded', live: true, ready: true, database: 'up' });
    expect(paused.cache.status).not.toBe('up');
    expect(healthHttpStatus(paused)).toBe(200);

    redis.resume();
    await expect.poll(async () => states(await sdk.health()), { timeout: FAR_TOO_LONG_MS }).toEqual(well);

    proxy.swallow();
    const alone = await soon();
    expect(states(alone)).toMatchObject({ status: 'down', live: true, ready: false, database: 'down' });
    expect(alone.database.detail).toBe('Timeout');
    expect(healthHttpStatus(alone)).toBe(503);

    proxy.heal();
    await expect.poll(async () => states(await sdk.health()), { timeout: FAR_TOO_LONG_MS }).toEqual(well);

    (await sdk.close())._unsafeUnwrap();
    expect(await sdk.health()).toMatchObject({ live: false, ready: false, status: 'down' });
  });
});
