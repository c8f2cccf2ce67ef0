import { Redis } from 'ioredis';
import { expect, it } from 'vitest';
import { createSlotwise, type CacheContents, type WarmReport } from '../../../src/index.ts';
import {
  commandLine,
  migratedScene,
  seededScene,
  type CommandLineScene,
} from '../../support/command-line.ts';
import { RedisProcess } from '../../support/redis-process.ts';
import { describeWithRedisServer, describeWithServers } from '../../support/services.ts';
import { until } from '../../support/until.ts';

const families = (contents: CacheContents): readonly string[] =>
  contents.families.map(({ family }) => family);

/** An SDK on the scene whose memory does not answer. */
const openSdk = async ({ database, prefix }: CommandLineScene) =>
  (
    await createSlotwise({ database: database.options, cache: { ...prefix.options, l1: false } })
  )._unsafeUnwrap();

describeWithServers('slotwise cache', () => {
  it('warms what another process then finds in Redis', async () => {
    await using stack = new AsyncDisposableStack();
    const scene = stack.use(await seededScene());
    const report = await scene.json<WarmReport>('cache', 'warm');
    expect(report).toMatchObject({ failed: 0, complete: true });
    expect(report.loaded).toBeGreaterThan(10);

    const sdk = stack.use(await openSdk(scene));
    const [recruiter] = (await sdk.read.recruiters.getActive())._unsafeUnwrap();
    (await sdk.read.recruiters.get(recruiter?.id ?? 0))._unsafeUnwrap();
    expect(sdk.cache.stats()).toMatchObject({ l2Hits: 2, loads: 0 });
  });

  it('warms what is named only', async () => {
    await using scene = await seededScene();
    await scene.json('cache', 'warm', '--families', 'cities', '--recruiters', '1,2');
    expect(families(await scene.json('cache', 'inspect'))).toEqual(['cities', 'recruiters']);
  });

  it('counts what is stored, with sizes, and prints no key', async () => {
    await using stack = new AsyncDisposableStack();
    const scene = stack.use(await seededScene());
    const sdk = stack.use(await openSdk(scene));
    (await sdk.cache.set('session:ben@example.com', { secret: 'hush' }))._unsafeUnwrap();
    (await sdk.read.candidates.findByTelegramId('4242424242'))._unsafeUnwrap();

    const contents = await scene.json<CacheContents>('cache', 'inspect');
    expect(contents).toMatchObject({ locks: 0, other: 0, complete: true });
    expect(families(contents)).toEqual(['candidates', 'host']);
    const client = new Redis(scene.prefix.options.url);
    const keys = await client.keys(`${scene.prefix.prefix}:*`);
    const counted = contents.versions + contents.families.reduce((sum, { entries }) => sum + entries, 0);
    expect(counted).toBe(keys.length);
    const sizes = await Promise.all(
      keys.filter((key) => /:\d+:\{/.test(key)).map((key) => client.strlen(key)),
    );
    client.disconnect();
    expect(contents.families.reduce((sum, { bytes }) => sum + bytes, 0)).toBe(
      sizes.reduce((a, b) => a + b, 0),
    );

    const { stdout, stderr } = await scene.run('cache', 'inspect');
    expect(stdout).toMatch(/^host +1 /m);
    expect(stdout + stderr + JSON.stringify(contents)).not.toMatch(/ben@|4242424242|hush/);
  });

  it('says when it has not looked at everything', async () => {
    await using scene = await seededScene();
    await scene.json('cache', 'warm', '--families', 'cities');
    const { stdout } = await scene.run('cache', 'inspect', '--limit', '1');
    expect(stdout).toContain('There is more: `slotwise cache inspect --limit`');
  });

  it('clears a family, or everything, for processes that run', async () => {
    await using stack = new AsyncDisposableStack();
    const scene = stack.use(await seededScene());
    const sdk = stack.use(await openSdk(scene));
    const loadsOf = async (read: () => Promise<unknown>): Promise<number> => {
      const before = sdk.cache.stats().loads;
      await read();
      return sdk.cache.stats().loads - before;
    };
    const cities = async () => sdk.read.cities.getActive();
    const recruiters = async () => sdk.read.recruiters.getActive();
    expect([await loadsOf(cities), await loadsOf(recruiters)]).toEqual([1, 1]);

    await scene.json('cache', 'clear', 'cities');
    expect([await loadsOf(cities), await loadsOf(recruiters)]).toEqual([1, 0]);
    await scene.json('cache', 'clear');
    expect([await loadsOf(cities), await loadsOf(recruiters)]).toEqual([1, 1]);
  });

  it('clears the memory of processes that have no Redis', async () => {
    await using stack = new AsyncDisposableStack();
    const scene = stack.use(await seededScene());
    const sdk = stack.use((await createSlotwise({ database: scene.database.options }))._unsafeUnwrap());
    const isHit = async (): Promise<boolean> => {
      const before = sdk.cache.stats().l1Hits;
      (await sdk.read.cities.getActive())._unsafeUnwrap();
      return sdk.cache.stats().l1Hits > before;
    };
    await until('memory answers', 5_000, isHit);
    const { DATABASE_URL, SLOTWISE_SCHEMA } = scene.env;
    const { code } = await commandLine(['cache', 'clear'], { DATABASE_URL, SLOTWISE_SCHEMA });
    expect(code).toBe(0);
    expect(await isHit()).toBe(false);
  });

  it.each([
    [['cache', 'clear', 'citys'], /family "citys"/],
    [['cache', 'warm', '--families', 'citys'], /families must be some of/],
    [['cache', 'warm', '--cities', 'first'], /must be a whole number/],
  ])('takes a name that is misspelt for wrong usage: %j', async (args, said) => {
    await using scene = await seededScene();
    const { code, stderr } = await scene.run(...args);
    expect(code).toBe(2);
    expect(stderr).toMatch(said);
  });
});

describeWithRedisServer('slotwise redis slowlog', () => {
  it('tells which commands were slow, and not what they were about', async () => {
    await using stack = new AsyncDisposableStack();
    const redis = stack.use(
      await RedisProcess.start(['--slowlog-log-slower-than', '0', '--slowlog-max-len', '1000']),
    );
    await redis.ask((client) => client.set('session:ben@example.com', 'hush'));
    const scene = stack.use(await migratedScene());
    const log = await scene.json<{ commands: readonly { command: string; arguments: number }[] }>(
      'redis',
      'slowlog',
      '--count',
      '1000',
      '--redis-url',
      redis.url,
    );
    expect(log.commands).toContainEqual(expect.objectContaining({ command: 'SET', arguments: 2 }));
    expect(JSON.stringify(log)).not.toMatch(/ben@|hush/);
    const { stdout } = await scene.run('redis', 'slowlog', '--redis-url', redis.url);
    expect(stdout).toMatch(/^took +command +arguments +at\n/);
  });
});
