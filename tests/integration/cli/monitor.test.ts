import { expect, it } from 'vitest';
import type { Observation } from '../../../src/cli/monitor/observation.ts';
import {
  commandLine,
  migratedScene,
  outcomeOf,
  seededScene,
  startCommandLine,
} from '../../support/command-line.ts';
import { RedisProcess } from '../../support/redis-process.ts';
import { describeWithRedisServer, describeWithServers, postgresUrl } from '../../support/services.ts';
import { TcpProxy } from '../../support/tcp-proxy.ts';
import { until } from '../../support/until.ts';

const LIMIT_MS = 20_000;

/** A monitor that runs beside the test, and what it has said so far. */
class RunningMonitor implements AsyncDisposable {
  readonly #process;
  readonly #ended;
  #said = '';

  constructor(env: Readonly<Record<string, string>>) {
    this.#process = startCommandLine(['monitor', '--every', '1', '--json'], env);
    this.#process.stdout?.on('data', (chunk: Buffer) => {
      this.#said += chunk.toString();
    });
    this.#ended = outcomeOf(this.#process);
  }

  /** Waits for a look like this, after those there were before. */
  async shows(what: string, isIt: (look: Observation) => boolean): Promise<Observation> {
    const before = this.#looks().length;
    let found: Observation | undefined;
    await until(what, LIMIT_MS, () => {
      found = this.#looks().slice(before).find(isIt);
      return found !== undefined;
    });
    return found as Observation;
  }

  /** Interrupts it, and answers how it has ended. */
  interrupt(signal: NodeJS.Signals) {
    this.#process.kill(signal);
    return this.#ended;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#process.kill('SIGKILL');
    await this.#ended;
  }

  #looks(): readonly Observation[] {
    return this.#said
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line) as Observation);
  }
}

describeWithServers('slotwise monitor', () => {
  it('shows rates from the second look on, and as many looks as it was asked for', async () => {
    await using scene = await seededScene();
    const { code, stdout, stderr } = await scene.run('monitor', '--every', '1', '--count', '2', '--json');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const [first, second, ...more] = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Observation);
    expect(more).toEqual([]);
    expect(first).toMatchObject({ database: { status: 'up' }, cache: { status: 'up' }, events: { dead: 0 } });
    expect(first?.events?.waiting).toBeGreaterThan(0);
    expect(first?.database).not.toHaveProperty('commitsPerSecond');
    expect(first?.cache).not.toHaveProperty('commandsPerSecond');
    expect(second?.database.commitsPerSecond).toBeGreaterThanOrEqual(0);
    expect(second?.database.connections).toBeGreaterThan(0);
    expect(second?.cache?.commandsPerSecond).toBeGreaterThan(0);
    expect(second?.cache?.usedBytes).toBeGreaterThan(0);
  });

  it('shows a block for each look to people', async () => {
    await using scene = await migratedScene();
    const { stdout } = await scene.run('monitor', '--every', '1', '--count', '2');
    const blocks = stdout.trimEnd().split('\n\n');
    expect(blocks).toHaveLength(2);
    expect(blocks[1]).toMatch(/^PostgreSQL +up in [\d.]+ ms\n +\d+ of \d+ connections .*commits\/s/m);
    expect(blocks[1]).toMatch(/^cache +up in [\d.]+ ms\n.* commands\/s .*(KiB|MiB)/m);
    expect(blocks[1]).toMatch(/^bookings +0 in the last minute$/m);
    expect(stdout).not.toContain('\u001B');
  });

  it.each(['SIGINT', 'SIGTERM'] as const)('ends with 0 on %s', async (signal) => {
    await using scene = await migratedScene();
    await using monitor = new RunningMonitor(scene.env);
    await monitor.shows('a first look', () => true);
    expect(await monitor.interrupt(signal)).toMatchObject({ code: 0, stderr: '' });
  });

  it('goes on while PostgreSQL is away, and with it when it is back', { timeout: 90_000 }, async () => {
    await using stack = new AsyncDisposableStack();
    const scene = stack.use(await migratedScene());
    const proxy = stack.use(await TcpProxy.startBefore(postgresUrl()));
    // Away from the start: there is nothing to open the SDK on.
    proxy.swallow();
    const env = { ...scene.env, DATABASE_URL: proxy.through(scene.database.url) };
    const monitor = stack.use(new RunningMonitor(env));
    const silent = await monitor.shows('a database that is away', () => true);
    expect(silent).toMatchObject({
      database: { status: 'down', detail: expect.stringMatching(/cannot be reached/) as string },
    });
    expect(Object.keys(silent).toSorted()).toEqual(['at', 'database']);

    proxy.heal();
    await monitor.shows('the database', ({ database }) => database.commitsPerSecond !== undefined);
    proxy.swallow();
    const away = await monitor.shows('an outage', ({ database }) => database.status === 'down');
    expect(away).not.toHaveProperty('events');
    expect(away.cache?.status).toBe('up');
    proxy.heal();
    await monitor.shows('the end of the outage', ({ database }) => database.commitsPerSecond !== undefined);
    expect(await monitor.interrupt('SIGINT')).toMatchObject({ code: 0 });
  });

  it('is given options that are right', async () => {
    for (const options of [
      ['--every', '0'],
      ['--count', '0'],
      ['--every', 'often'],
    ])
      expect(await commandLine(['monitor', ...options], { DATABASE_URL: 'postgresql://x/y' })).toMatchObject({
        code: 2,
        stdout: '',
      });
  });
});

describeWithRedisServer('slotwise monitor beside a Redis that comes and goes', () => {
  it('says so, and counts anew when it is back', { timeout: 60_000 }, async () => {
    await using stack = new AsyncDisposableStack();
    const scene = stack.use(await migratedScene());
    const redis = stack.use(await RedisProcess.start());
    const monitor = stack.use(new RunningMonitor({ ...scene.env, REDIS_URL: redis.url }));
    await monitor.shows('Redis', ({ cache }) => cache?.commandsPerSecond !== undefined);
    await redis.kill();
    const away = await monitor.shows('an outage', ({ cache }) => cache?.status !== 'up');
    expect(away.database.status).toBe('up');
    expect(away.cache).not.toHaveProperty('usedBytes');
    await redis.restart();
    const back = await monitor.shows('Redis again', ({ cache }) => cache?.commandsPerSecond !== undefined);
    expect(back.cache?.status).toBe('up');
    expect(await monitor.interrupt('SIGINT')).toMatchObject({ code: 0 });
  });
});
