import { expect, it } from 'vitest';
import { commandLine, CommandLineScene, migratedScene, type Ran } from '../../support/command-line.ts';
import { freePort } from '../../support/free-port.ts';
import { RedisProcess } from '../../support/redis-process.ts';
import {
  describeWithRedisServer,
  describeWithServers,
  postgresUrl,
  redisUrl,
} from '../../support/services.ts';
import { TcpProxy } from '../../support/tcp-proxy.ts';

/** Connecting is given up after five seconds; the rest is the start of the process on a busy machine. */
const BOUND_MS = 20_000;

const PASSWORD = 'wrong-horse';

const databaseCommands = [
  'migrate up',
  'migrate status',
  'migrate plan',
  'doctor',
  'stats',
  'stats db',
  'slow-queries',
  'slow-queries --reset',
  'explain',
  'explain slots.find --analyze',
  'report',
  'export -',
  'indexes',
  'indexes --create',
  'analyze',
  'vacuum',
  'outbox status',
  'outbox drain',
  'outbox dead',
  'outbox retry',
  'outbox discard --all',
  'expire',
  'sweep',
  'seed',
  'benchmark',
  'cache warm',
  'cache clear',
  'cache inspect',
  'redis slowlog',
];

const redisCommands = [
  'cache warm',
  'cache clear',
  'cache clear slots',
  'cache inspect',
  'stats cache',
  'stats redis',
  'redis slowlog',
  'benchmark',
];

function expectAway({ code, stdout, stderr, durationMs }: Ran, said: RegExp): void {
  expect({ code, stderr }).toEqual({ code: 3, stderr: expect.stringMatching(said) as string });
  expect(stdout).toBe('');
  expect(durationMs).toBeLessThan(BOUND_MS);
}

describeWithServers('slotwise without PostgreSQL', () => {
  const refusing = async (): Promise<Record<string, string>> => ({
    DATABASE_URL: `postgresql://somebody:${PASSWORD}@127.0.0.1:${await freePort()}/test`,
    REDIS_URL: redisUrl(),
  });

  it.each(databaseCommands)('ends %s with 3 when nobody listens', async (command) => {
    const ran = await commandLine(command.split(' '), await refusing());
    expectAway(ran, /^slotwise: the database cannot be reached: .+\n$/);
  });

  it('says so in JSON, and never the password', async () => {
    const { code, stdout, stderr } = await commandLine(['migrate', 'up', '--json'], await refusing());
    expect(code).toBe(3);
    expect(JSON.parse(stdout)).toEqual({
      error: { type: 'DatabaseUnreachable', message: expect.stringContaining('ECONNREFUSED') as string },
    });
    expect(stdout + stderr).not.toContain(PASSWORD);
  });

  it('reports health as down', async () => {
    const { code, stdout } = await commandLine(['health', '--json'], await refusing());
    expect(code).toBe(3);
    expect(JSON.parse(stdout)).toMatchObject({ status: 'down', database: { status: 'down' } });
  });

  it.each(['health', 'migrate up', 'outbox status'])(
    'does not wait for ever for a server that accepts and never answers: %s',
    async (command) => {
      await using proxy = await TcpProxy.startBefore(postgresUrl());
      proxy.swallow();
      const ran = await commandLine(command.split(' '), { DATABASE_URL: proxy.through(postgresUrl()) });
      expect(ran).toMatchObject({ code: 3 });
      expect(ran.stdout + ran.stderr).toMatch(/cannot be reached/);
      expect(ran.durationMs).toBeLessThan(BOUND_MS);
    },
  );
});

describeWithServers('slotwise without Redis', () => {
  it('is healthy all the same, unless everything has to be', async () => {
    await using scene = await migratedScene();
    const env = { ...scene.env, REDIS_URL: `redis://:${PASSWORD}@127.0.0.1:${await freePort()}` };

    const usual = await commandLine(['health', '--json'], env);
    expect(usual.code).toBe(0);
    expect(JSON.parse(usual.stdout)).toMatchObject({ status: 'degraded', database: { status: 'up' } });
    const strict = await commandLine(['health', '--strict'], env);
    expect(strict.code).toBe(3);
    expect(strict.stdout).toMatch(/^cache +degraded/m);
    expect(usual.stdout + usual.stderr + strict.stdout + strict.stderr).not.toContain(PASSWORD);
  });

  it.each(redisCommands)('ends %s with 3 when nobody listens', async (command) => {
    await using scene = new CommandLineScene();
    const env = { ...scene.env, REDIS_URL: `redis://127.0.0.1:${await freePort()}` };
    const ran = await commandLine(command.split(' '), env);
    expectAway(ran, /Redis cannot be reached or does not answer\n$/);
  });
});

describeWithRedisServer('slotwise on a Redis that hangs', () => {
  it.each(redisCommands)('gives %s up with 3', async (command) => {
    await using stack = new AsyncDisposableStack();
    const scene = stack.use(new CommandLineScene());
    const redis = stack.use(await RedisProcess.start());
    redis.pause();
    const ran = await commandLine(command.split(' '), { ...scene.env, REDIS_URL: redis.url });
    redis.resume();
    expectAway(ran, /Redis cannot be reached or does not answer\n$/);
  });

  it('migrates and reads health from the database', async () => {
    await using stack = new AsyncDisposableStack();
    const scene = stack.use(new CommandLineScene());
    const redis = stack.use(await RedisProcess.start());
    redis.pause();
    const env = { ...scene.env, REDIS_URL: redis.url };
    const migrated = await commandLine(['migrate', 'up'], env);
    const health = await commandLine(['health', '--json'], env);
    redis.resume();
    expect(migrated.code).toBe(0);
    expect(health.code).toBe(0);
    expect(JSON.parse(health.stdout)).toMatchObject({ status: 'degraded' });
  });
});

describeWithServers('a command with a read replica', () => {
  it('tells of one that is in use, and of one that is away', async () => {
    await using scene = await migratedScene();
    const url = scene.database.url;
    const gone = `postgresql://127.0.0.1:${await freePort()}/x`;
    // A primary may be its own replica.
    const env = { ...scene.env, DATABASE_READ_REPLICA_URL: `${url} ${gone}` };
    const health = await commandLine(['health', '--json'], env);
    expect(health.code).toBe(0);
    expect(JSON.parse(health.stdout)).toMatchObject({
      status: 'degraded',
      ready: true,
      replicas: [{ status: 'up' }, { status: 'down', detail: 'does not answer' }],
    });
    expect((await commandLine(['health', '--strict'], env)).code).toBe(3);
    const doctor = await commandLine(['doctor'], env);
    expect(doctor.stdout).toContain(
      `the read replica ${new URL(gone).host} is not in use: it does not answer`,
    );
  });
});
