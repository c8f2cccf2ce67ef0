import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, it } from 'vitest';
import type { CacheOptions } from '../../../src/index.ts';
import type { CacheEntry, Filling, Ticket } from '../../../src/infrastructure/cache/versioned-store.ts';
import { ForwardingStore } from '../../support/forwarding-store.ts';
import { lastSource, nameOf, readUntil, Scene, type SceneNode } from '../../support/scene.ts';
import { describeWithServers } from '../../support/services.ts';
import type { TcpProxy } from '../../support/tcp-proxy.ts';
import { UnhandledRejections } from '../../support/unhandled-rejections.ts';
import { rename } from '../../support/traffic.ts';

const TTL_MS = 300;
/** A lifetime that is certainly over, spread included. */
const EXPIRED_MS = 1.1 * TTL_MS + 50;
/** A load is slow after 250 ms; the rest is for the machine. */
const SLOW_MS = 250;
const SLACK_MS = 400;
const CALLERS = 100;

const cache: CacheOptions = {
  ttl: { recruiter: TTL_MS, activeRecruiters: TTL_MS, slot: TTL_MS, recruiterList: TTL_MS },
};

const SHORT_GRACE_MS = 500;

/** Keeps what has a grace period past its lifetime for a moment only. */
class ShortGrace extends ForwardingStore {
  override fill<T>(entry: CacheEntry<T>, ticket: Ticket, filling: Filling<T>): void {
    const { policy } = entry;
    const short =
      policy.graceMs === undefined ? entry : { ...entry, policy: { ...policy, graceMs: SHORT_GRACE_MS } };
    super.fill(short, ticket, filling);
  }
}

describeWithServers('an answer that has outlived its lifetime', () => {
  let stack = new AsyncDisposableStack();

  afterEach(async () => {
    await stack.disposeAsync();
    stack = new AsyncDisposableStack();
  });

  interface Faulty {
    readonly scene: Scene;
    readonly node: SceneNode;
    /** Between `node` and PostgreSQL; nobody else needs it. */
    readonly database: TcpProxy;
  }

  async function openFaulty(more: Parameters<Scene['node']>[0] = {}): Promise<Faulty> {
    const scene = stack.use(await Scene.open({ recruiters: 2 }));
    const { proxy: database, url } = await scene.wayToDatabase();
    const node = await scene.node({ ...more, cache: { ...cache, ...more.cache }, database: { url } });
    // A connection that is held up would keep the SDK from closing.
    stack.defer(() => database.heal());
    return { scene, node, database };
  }

  const activeNames = async ({ sdk }: SceneNode): Promise<readonly string[]> =>
    (await sdk.read.recruiters.getActive())._unsafeUnwrap().map(({ name }) => name);

  /** PostgreSQL accepts connections, and never answers. */
  const silent = (database: TcpProxy): Promise<void> => Promise.resolve(database.swallow());
  /** Nobody listens there any more. */
  const gone = (database: TcpProxy): Promise<void> => database[Symbol.asyncDispose]();

  const tiers = [
    { tier: 'memory and Redis', options: {} },
    { tier: 'Redis only', options: { cache: { l1: false } } },
  ] as const;

  it.each(
    tiers.flatMap((tier) => [
      { ...tier, what: 'is silent', fault: silent },
      { ...tier, what: 'is gone', fault: gone },
    ]),
  )('is given while PostgreSQL $what, and says that it is stale ($tier)', async ({ options, fault }) => {
    const { scene, node, database } = await openFaulty(options);
    const before = await activeNames(node);
    expect(await nameOf(node, scene.board.recruiter.id)).toBe(scene.board.recruiter.name);
    await expect.poll(() => node.sdk.cache.stats().fills).toBe(2);
    await sleep(EXPIRED_MS);
    await fault(database);
    const reads = [
      [() => activeNames(node), before],
      [() => nameOf(node, scene.board.recruiter.id), scene.board.recruiter.name],
    ] as const;
    for (const [read, expected] of reads) {
      const startedAt = performance.now();
      expect(await read()).toEqual(expected);
      expect(performance.now() - startedAt).toBeLessThan(SLOW_MS + SLACK_MS);
      expect(node.reads.at(-1)).toMatchObject({ source: 'stale' });
      expect(node.reads.at(-1)?.ageMs).toBeGreaterThan(0.9 * TTL_MS);
    }
    expect(node.sdk.cache.stats()).toMatchObject({ staleServed: 2 });
  });

  it('is given to all who wait for one load, at once, and the load goes on in the background', async () => {
    const { scene, node } = await openFaulty();
    await activeNames(node);
    await expect.poll(() => node.sdk.cache.stats().fills).toBe(1);
    await sleep(EXPIRED_MS);
    node.statements.length = 0;
    await scene.whileLocked('recruiter', async () => {
      for (let round = 0; round < 2; round += 1) {
        const startedAt = performance.now();
        await Promise.all(Array.from({ length: CALLERS }, () => activeNames(node)));
        expect(performance.now() - startedAt).toBeLessThan(SLOW_MS + SLACK_MS);
      }
    });
    expect(node.sdk.cache.stats().staleServed).toBe(2 * CALLERS);
    // What the load found is stored, although nobody waited for it.
    await expect.poll(() => node.sdk.cache.stats().fills).toBe(2);
    await activeNames(node);
    expect(['l1', 'l2']).toContain(lastSource(node));
    expect(node.statements).toEqual(['recruiters.getActive']);
  });

  it('is given as well while another process has the lock and loads for too long', async () => {
    const { scene, node } = await openFaulty();
    const other = await scene.node({ cache });
    await activeNames(node);
    await expect.poll(() => node.sdk.cache.stats().fills).toBe(1);
    await sleep(EXPIRED_MS);
    await scene.whileLocked('recruiter', async () => {
      await activeNames(other);
      expect(lastSource(other)).toBe('stale');
      const startedAt = performance.now();
      await activeNames(node);
      expect(performance.now() - startedAt).toBeLessThan(SLOW_MS + SLACK_MS);
      expect(lastSource(node)).toBe('stale');
      expect(node.statements).toEqual(['recruiters.getActive']);
    });
    await readUntil(node, 'l1', () => activeNames(node));
    expect([...node.statements, ...other.statements]).toHaveLength(2);
  });

  it('is never given when something has changed it', async () => {
    const { scene, node, database } = await openFaulty();
    const writer = await scene.node({ cache });
    await activeNames(node);
    await nameOf(node, scene.board.recruiter.id);
    await expect.poll(() => node.sdk.cache.stats().fills).toBe(2);
    await sleep(EXPIRED_MS);
    await gone(database);
    await activeNames(node);
    expect(lastSource(node)).toBe('stale');

    expect((await rename(writer.sdk, scene.board.recruiter.id, 'Renamed')).invalidation).toBe('applied');
    const answers = [
      await node.sdk.read.recruiters.getActive(),
      await node.sdk.read.recruiters.get(scene.board.recruiter.id),
    ];
    for (const answer of answers) expect(answer._unsafeUnwrapErr()).toMatchObject({ retryable: true });
    expect(node.sdk.cache.stats().staleServed).toBe(1);
  });

  it('is not given where its policy has no grace, nor when that is over', async () => {
    const { scene, node, database } = await openFaulty({ wrapStore: (store) => new ShortGrace(store) });
    const { recruiter, slot } = scene.board;
    await nameOf(node, recruiter.id);
    (await node.sdk.read.slots.get(slot.id))._unsafeUnwrap();
    await expect.poll(() => node.sdk.cache.stats().fills).toBe(2);
    await sleep(EXPIRED_MS);
    await gone(database);
    expect(await nameOf(node, recruiter.id)).toBe(recruiter.name);
    expect(lastSource(node)).toBe('stale');
    expect((await node.sdk.read.slots.get(slot.id))._unsafeUnwrapErr()).toMatchObject({ retryable: true });
    await sleep(SHORT_GRACE_MS);
    expect((await node.sdk.read.recruiters.get(recruiter.id))._unsafeUnwrapErr()).toMatchObject({
      retryable: true,
    });
  });

  it('gives way to the truth as soon as PostgreSQL is back', async () => {
    const { scene, node, database } = await openFaulty();
    const { id } = scene.board.recruiter;
    await nameOf(node, id);
    await expect.poll(() => node.sdk.cache.stats().fills).toBe(1);
    await sleep(EXPIRED_MS);
    database.swallow();
    await nameOf(node, id);
    expect(lastSource(node)).toBe('stale');
    database.heal();
    await readUntil(node, 'l1', () => nameOf(node, id));
  });
});

describeWithServers('a process that has lost PostgreSQL and Redis', () => {
  it('answers typed errors within its deadlines, and the truth when they are back', async () => {
    await using stack = new AsyncDisposableStack();
    const unhandled = stack.use(new UnhandledRejections());
    const scene = stack.use(await Scene.open());
    const [redis, database] = [await scene.wayToRedis(), await scene.wayToDatabase()];
    const timeoutMs = 500;
    const node = await scene.node({
      cache: { url: redis.url, commandTimeoutMs: 50 },
      database: { url: database.url, acquireTimeoutMs: timeoutMs, statementTimeoutMs: timeoutMs },
    });
    const { id } = scene.board.recruiter;
    await nameOf(node, id);
    for (const { proxy } of [redis, database]) proxy.swallow();
    stack.defer(() => [redis, database].forEach(({ proxy }) => proxy.heal()));
    await expect.poll(() => node.sdk.cache.stats().memory, { timeout: 3000 }).toBe('untrusted');
    const startedAt = performance.now();
    const answers = await Promise.all(Array.from({ length: 50 }, () => node.sdk.read.recruiters.get(id)));
    // One load, and one for all who came while it ran; each may wait for a connection and for its answer.
    expect(performance.now() - startedAt).toBeLessThan(2 * 2 * timeoutMs + SLACK_MS);
    for (const answer of answers) expect(answer._unsafeUnwrapErr()).toMatchObject({ retryable: true });
    for (const { proxy } of [redis, database]) proxy.heal();
    await expect
      .poll(async () => (await node.sdk.read.recruiters.get(id)).isOk(), { timeout: 5000 })
      .toBe(true);
    await readUntil(node, 'l1', () => node.sdk.read.recruiters.get(id).unwrapOr(undefined));
    expect(unhandled.seen).toEqual([]);
  });
});
