import { Redis } from 'ioredis';
import { afterEach, expect, it } from 'vitest';
import type { SeedBoard } from '../../../src/testing/seeds/seed-board.ts';
import { CommandTap } from '../../support/command-tap.ts';
import { lastSource, nameOf, recruiterOf, Scene, type NodeOptions } from '../../support/scene.ts';
import { describeWithServers, redisUrl } from '../../support/services.ts';

const CALLERS = 1000;
const times = <T>(count: number, call: () => T): T[] => Array.from({ length: count }, call);
const sum = (counts: readonly number[]): number => counts.reduce((total, count) => total + count, 0);

describeWithServers('many callers of one answer', () => {
  let stack = new AsyncDisposableStack();

  afterEach(async () => {
    await stack.disposeAsync();
    stack = new AsyncDisposableStack();
  });

  const openScene = async (amounts?: SeedBoard): Promise<Scene> => stack.use(await Scene.open(amounts));

  const tiers: readonly { readonly name: string; readonly options: NodeOptions }[] = [
    { name: 'memory only', options: { redis: false } },
    { name: 'Redis only', options: { cache: { l1: false } } },
    { name: 'memory and Redis', options: {} },
  ];

  it.each(tiers.flatMap((tier) => [CALLERS, 10 * CALLERS].map((callers) => ({ ...tier, callers }))))(
    'that is not cached make one load and all get what it found ($callers, $name)',
    async ({ callers, options }) => {
      const scene = await openScene();
      const node = await scene.node(options);
      const { id, name } = scene.board.recruiter;
      const answers = await scene
        .whileLocked('recruiter', async () => {
          const asked = times(callers, () => recruiterOf(node, id));
          await scene.waiting(1);
          return asked;
        })
        .then((asked) => Promise.all(asked));
      expect(new Set(answers).size).toBe(1);
      expect(answers[0]).toMatchObject({ id, name });
      expect(node.statements).toEqual(['recruiters.find']);
      // Each of them is told of, as what it was.
      expect(node.reads).toHaveLength(callers);
      expect(new Set(node.reads.map(({ source }) => source))).toEqual(new Set(['database']));
      expect(node.sdk.cache.stats()).toMatchObject({ loads: 1, sharedLoads: callers - 1, misses: callers });
    },
  );

  it('in several processes make one load among all of them', async () => {
    const scene = await openScene({ recruiters: 3 });
    const nodes = [await scene.node(), await scene.node(), await scene.node({ cache: { l1: false } })];
    const answers = await Promise.all(
      nodes.flatMap(({ sdk }) => times(CALLERS, () => sdk.read.recruiters.getActive())),
    );
    const expected = scene.board.recruiters.map(({ id }) => id).toSorted((a, b) => a - b);
    for (const answer of answers)
      expect(answer._unsafeUnwrap().map(({ id }) => Number(id))).toEqual(expect.arrayContaining(expected));
    expect(nodes.flatMap(({ statements }) => statements)).toEqual(['recruiters.getActive']);
    expect(sum(nodes.map(({ sdk }) => sdk.cache.stats().lockWaits))).toBeGreaterThan(0);
  });

  it('ask Redis once, whether it holds the answer or not', async () => {
    const scene = await openScene({ recruiters: 5 });
    const { proxy, url } = await scene.wayToRedis();
    const node = await scene.node({ cache: { url, l1: false } });
    const { recruiter, recruiters } = scene.board;
    const tap = new CommandTap(proxy);
    const readFive = () => Promise.all(times(5, () => nameOf(node, recruiter.id)));
    await readFive();
    await expect.poll(() => node.sdk.cache.stats().fills).toBe(1);
    // Versions are created by a script, and the answer is stored.
    expect(tap.take()).toEqual(['mget', 'eval', 'set']);
    await readFive();
    expect(lastSource(node)).toBe('l2');
    expect(tap.take()).toEqual(['mget']);

    // So do reads of different answers that are started together.
    await Promise.all(recruiters.map(({ id }) => nameOf(node, id)));
    expect(tap.take().filter((name) => name === 'mget')).toHaveLength(1);
  });

  it('share a load that fails, and the next one succeeds as soon as the database does', async () => {
    const scene = await openScene();
    const node = await scene.node({ database: { statementTimeoutMs: 300 } });
    const { id, name } = scene.board.recruiter;
    const failed = await scene.whileLocked('recruiter', () =>
      Promise.all(times(CALLERS, () => node.sdk.read.recruiters.get(id))),
    );
    expect(new Set(failed.map((answer) => answer._unsafeUnwrapErr().type))).toEqual(new Set(['Timeout']));
    expect(node.statements).toEqual(['recruiters.find']);
    expect(await nameOf(node, id)).toBe(name);
    expect(node.sdk.cache.stats()).toMatchObject({ loads: 2, failedLoads: 1 });
  });

  it('keep a failing database from being asked again and again', async () => {
    const scene = await openScene();
    const node = await scene.node({ database: { statementTimeoutMs: 100 } });
    const { id } = scene.board.recruiter;
    const spentMs = 1000;
    const answered = await scene.whileLocked('recruiter', async () => {
      const end = performance.now() + spentMs;
      let failures = 0;
      const impatient = async (): Promise<void> => {
        while (performance.now() < end) {
          expect((await node.sdk.read.recruiters.get(id)).isErr()).toBe(true);
          failures += 1;
        }
      };
      await Promise.all(times(100, impatient));
      return failures;
    });
    expect(answered).toBeGreaterThan(200);
    // Each load takes its 100 ms, and there is a pause of 100 ms before the next.
    expect(node.statements.length).toBeLessThanOrEqual(spentMs / 200 + 2);
  });

  it('find no lock of another process whose load failed', async () => {
    const scene = await openScene();
    const failing = await scene.node({ database: { statementTimeoutMs: 300 } });
    const other = await scene.node();
    await scene.whileLocked('recruiter', async () => {
      expect((await failing.sdk.read.recruiters.getActive()).isErr()).toBe(true);
    });
    // By itself it would end after five seconds.
    const redis = stack.adopt(new Redis(redisUrl()), (client) => client.disconnect());
    await expect.poll(() => redis.keys(`${scene.prefix.prefix}:l:*`), { timeout: 1000 }).toEqual([]);
    expect((await other.sdk.read.recruiters.getActive())._unsafeUnwrap()).toHaveLength(1);
    expect(other.sdk.cache.stats()).toMatchObject({ loads: 1, lockWaits: 0 });
  });
});
