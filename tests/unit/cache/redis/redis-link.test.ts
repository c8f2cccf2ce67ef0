import { EventEmitter } from 'node:events';
import type { Redis } from 'ioredis';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { silentLogger } from '../../../../src/application/ports/logger.ts';
import { newCacheCounters } from '../../../../src/infrastructure/cache/cache-counters.ts';
import { RedisLink, type RedisLinkOptions } from '../../../../src/infrastructure/cache/redis/redis-link.ts';
import { signalsOf } from '../../../../src/infrastructure/observability/signals.ts';

const PING_MS = 10_000;

/** A server and the connection to it; what it says of itself can be changed. */
class FakeServer extends EventEmitter {
  status = 'wait';
  runId = 'a'.repeat(40);
  replId = 'b'.repeat(40);
  role = 'master';
  mode = 'standalone';
  connects = 0;
  infos = 0;

  connect(): Promise<void> {
    this.connects += 1;
    this.status = 'ready';
    this.emit('ready');
    return Promise.resolve();
  }

  disconnect(): void {
    this.status = 'end';
  }

  /** What ioredis does when it is disconnected while it asks Sentinels. */
  end(): void {
    this.status = 'end';
    this.emit('close');
    this.emit('end');
  }

  ping(): Promise<string> {
    return Promise.resolve('PONG');
  }

  info(): Promise<string> {
    this.infos += 1;
    const { mode, runId, role, replId } = this;
    return Promise.resolve(
      `# Server\r\nredis_mode:${mode}\r\nrun_id:${runId}\r\n# Replication\r\nrole:${role}\r\nmaster_replid:${replId}\r\n`,
    );
  }

  eval(): Promise<number> {
    return Promise.resolve(1);
  }
}

async function linkTo(server: FakeServer, options: Partial<RedisLinkOptions> = {}) {
  const told = { down: 0, moved: 0, recovered: 0 };
  const link = new RedisLink({
    client: server as unknown as Redis,
    owned: true,
    commandTimeoutMs: 50,
    slowTimeoutMs: 500,
    breakerFailures: 3,
    probeIntervalMs: 1000,
    maxProbeIntervalMs: 5000,
    maxInFlight: Number.POSITIVE_INFINITY,
    pingIntervalMs: PING_MS,
    recover: () => {
      told.recovered += 1;
      return Promise.resolve(true);
    },
    breaker: signalsOf().breaker,
    onDown: () => (told.down += 1),
    onMoved: () => (told.moved += 1),
    onServer: () => undefined,
    counters: newCacheCounters(),
    logger: silentLogger,
    ...options,
  });
  const started = link.start(500);
  await vi.advanceTimersByTimeAsync(10);
  await started;
  return { link, told };
}

const refused = (message: string) => () => Promise.reject(new Error(message));

describe('the link to a Redis server', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });

  afterEach(() => {
    vi.useRealTimers();
  });

  it('knows the server by its run and by its history', async () => {
    const server = new FakeServer();
    const { link } = await linkTo(server);
    expect(link.server).toMatchObject({ runId: server.runId, incarnation: 'a'.repeat(20) + 'b'.repeat(20) });
    expect(server.infos).toBe(1);
    link.stop();
  });

  it('takes a master that was a replica meanwhile for another one, though it runs on', async () => {
    const server = new FakeServer();
    const { link, told } = await linkTo(server);
    const before = link.server;
    server.replId = 'c'.repeat(40);
    await vi.advanceTimersByTimeAsync(PING_MS + 100);
    expect(link.server?.incarnation).not.toBe(before?.incarnation);
    expect(link.server?.runId).toBe(before?.runId);
    expect(told).toMatchObject({ down: 1, recovered: 2 });
    link.stop();
  });

  it('stays as it is while the server is the same', async () => {
    const server = new FakeServer();
    const { link, told } = await linkTo(server);
    const before = link.server;
    await vi.advanceTimersByTimeAsync(3 * PING_MS);
    expect(link.server).toBe(before);
    expect(told).toMatchObject({ down: 0, recovered: 1 });
    link.stop();
  });

  it('is not up on a replica, and comes up when it is the master again', async () => {
    const server = new FakeServer();
    const { link } = await linkTo(server);
    server.role = 'slave';
    await vi.advanceTimersByTimeAsync(PING_MS + 100);
    expect(link.server).toBeUndefined();
    server.role = 'master';
    await vi.advanceTimersByTimeAsync(6000);
    expect(link.server).toBeDefined();
    link.stop();
  });

  it.each([
    "READONLY You can't write against a read only replica.",
    "ERR Error running script (call to f_6b1b): @user_script:8: @user_script: 8: -READONLY You can't write against a read only replica. ",
    'LOADING Redis is loading the dataset in memory',
  ])('checks the server again when it answers: %s', async (message) => {
    const { link, told } = await linkTo(new FakeServer());
    await link.send(50, refused(message));
    expect(link.server).toBeUndefined();
    await vi.advanceTimersByTimeAsync(100);
    expect(link.server).toBeDefined();
    expect(told).toMatchObject({ down: 1, recovered: 2, moved: 0 });
    link.stop();
  });

  it.each([
    "OOM command not allowed when used memory > 'maxmemory'.",
    "ERR Error running script (call to f_6b1b): @user_script:8: @user_script: 8: -OOM command not allowed when used memory > 'maxmemory'. ",
  ])('goes on when the memory of the server is full: %s', async (message) => {
    const { link, told } = await linkTo(new FakeServer());
    for (let count = 0; count < 10; count += 1) {
      await link.send(50, refused(message));
      await vi.advanceTimersByTimeAsync(1);
    }
    expect(link.server).toBeDefined();
    expect(told).toMatchObject({ down: 0, moved: 0 });
    link.stop();
  });

  it.each(['MOVED 866 127.0.0.1:7001', 'ASK 866 127.0.0.1:7001', 'CLUSTERDOWN The cluster is down'])(
    'tells that keys are elsewhere, and goes on, when the server answers: %s',
    async (message) => {
      const { link, told } = await linkTo(new FakeServer());
      for (let count = 0; count < 10; count += 1) {
        await link.send(50, refused(message));
        await vi.advanceTimersByTimeAsync(1);
      }
      expect(link.server).toBeDefined();
      expect(told).toMatchObject({ down: 0, moved: 10 });
      link.stop();
    },
  );

  it('counts any other error as a failure', async () => {
    const { link, told } = await linkTo(new FakeServer());
    for (let count = 0; count < 3; count += 1) {
      await link.send(50, refused('ERR something else -and NOTHING of the kind'));
      await vi.advanceTimersByTimeAsync(1);
    }
    expect(link.server).toBeUndefined();
    expect(told).toMatchObject({ down: 1, moved: 0 });
    link.stop();
  });

  it('connects a client that has ended again, until it is stopped', async () => {
    const server = new FakeServer();
    const { link } = await linkTo(server);
    server.end();
    expect(link.server).toBeUndefined();
    await vi.advanceTimersByTimeAsync(1000);
    expect(server.connects).toBe(2);
    expect(link.server).toBeDefined();
    server.end();
    link.stop();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(server.connects).toBe(2);
  });

  it('raises versions on a server that is being recovered, and on none that is not', async () => {
    const server = new FakeServer();
    const found: unknown[] = [];
    let recovers = true;
    let writable = (): unknown => undefined;
    const { link } = await linkTo(server, {
      recover: () => {
        found.push(writable());
        return Promise.resolve(recovers);
      },
    });
    writable = () => link.writableServer;
    recovers = false;
    link.recheck();
    expect(link.writableServer).toBeUndefined();
    await vi.advanceTimersByTimeAsync(100);
    expect(found).toEqual([undefined, expect.objectContaining({ runId: server.runId })]);
    expect(link.writableServer).toBeUndefined();
    recovers = true;
    await vi.advanceTimersByTimeAsync(1500);
    expect(link.server).toBeDefined();
    expect(link.writableServer).toBe(link.server);
    link.stop();
  });
});
