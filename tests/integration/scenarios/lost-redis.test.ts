import { Redis } from 'ioredis';
import { afterEach, expect, it } from 'vitest';
import type { Logger } from '../../../src/index.ts';
import { HEARTBEAT_LIMIT_MS } from '../../../src/infrastructure/cache/limits.ts';
import type {
  CacheEntry,
  Filling,
  Ticket,
  VersionedStore,
} from '../../../src/infrastructure/cache/versioned-store.ts';
import { ForwardingStore } from '../../support/forwarding-store.ts';
import { lastSource, nameOf, readUntil, recruiterOf, Scene, type SceneNode } from '../../support/scene.ts';
import { describeWithServers, redisUrl } from '../../support/services.ts';
import type { TcpProxy } from '../../support/tcp-proxy.ts';
import { UnhandledRejections } from '../../support/unhandled-rejections.ts';
import { rename } from '../../support/traffic.ts';

/** Probes are up to five seconds apart once Redis has been away for a while. */
const RECOVERY = { timeout: 8000, interval: 20 };
const OUTAGE_READS = 500;
/** The budget a read has by default. */
const commandTimeoutMs = 50;

/** Does something when an answer is about to be stored. */
class BeforeFill extends ForwardingStore {
  onFill: () => void = () => undefined;

  override fill<T>(entry: CacheEntry<T>, ticket: Ticket, filling: Filling<T>): void {
    this.onFill();
    super.fill(entry, ticket, filling);
  }
}

describeWithServers('processes that lose Redis', () => {
  let stack = new AsyncDisposableStack();

  afterEach(async () => {
    await stack.disposeAsync();
    stack = new AsyncDisposableStack();
  });

  const isUsed = (node: SceneNode, id: number): Promise<void> =>
    readUntil(node, 'l1', () => recruiterOf(node, id));

  async function emptied(scene: Scene): Promise<void> {
    const client = new Redis(redisUrl());
    try {
      const keys = await client.keys(`${scene.prefix.prefix}:*`);
      if (keys.length > 0) await client.del(keys);
    } finally {
      client.disconnect();
    }
  }

  const losses: readonly (readonly [string, (proxy: TcpProxy, scene: Scene) => unknown])[] = [
    ['is silent', (proxy) => proxy.swallow()],
    ['takes commands and never answers', (proxy) => proxy.swallow(['answers'])],
    ['closes its connections', (proxy) => proxy.cut()],
    ['is emptied', (_, scene) => emptied(scene)],
  ];

  it.each(losses)('in the middle of a load answer what was loaded: Redis %s', async (_, lose) => {
    const unhandled = stack.use(new UnhandledRejections());
    const scene = stack.use(await Scene.open({ recruiters: 2 }));
    const { proxy, url } = await scene.wayToRedis();
    const [node, writer] = [await scene.node({ cache: { url, commandTimeoutMs } }), await scene.node()];
    const { id, name } = scene.board.recruiter;
    const loaded = await scene.whileLocked('recruiter', async () => {
      const loading = [nameOf(node, id), node.sdk.read.recruiters.getActive()] as const;
      await scene.waiting(2);
      await lose(proxy, scene);
      return loading;
    });
    expect(await loaded[0]).toBe(name);
    expect((await loaded[1])._unsafeUnwrap()).toHaveLength(2);
    // Whatever became of what was to be stored, it hides nothing that is committed from now on.
    expect((await rename(writer.sdk, id, 'Afterwards')).invalidation).toBe('applied');
    await expect
      .poll(() => nameOf(node, id), { timeout: HEARTBEAT_LIMIT_MS, interval: 5 })
      .toBe('Afterwards');
    proxy.heal();
    await expect.poll(() => node.sdk.cache.stats().state, RECOVERY).toBe('up');
    await isUsed(node, id);
    expect(await nameOf(node, id)).toBe('Afterwards');
    expect(unhandled.seen).toEqual([]);
  });

  it('hide no commit by what they sent before it and what arrives after it', async () => {
    const scene = stack.use(await Scene.open());
    const { proxy, url } = await scene.wayToRedis();
    let store: BeforeFill | undefined;
    const wrapStore = (inner: VersionedStore): VersionedStore => (store = new BeforeFill(inner));
    const node = await scene.node({ cache: { url, commandTimeoutMs }, wrapStore });
    const writer = await scene.node();
    if (store === undefined) throw new Error('the store was not wrapped');
    const { id, name } = scene.board.recruiter;
    // From here on nothing reaches Redis, but nothing is lost either: it is late.
    store.onFill = () => proxy.swallow(['requests']);
    expect(await nameOf(node, id)).toBe(name);
    await expect.poll(() => node.sdk.cache.stats().failedFills).toBe(1);
    expect((await rename(writer.sdk, id, 'Committed')).invalidation).toBe('applied');
    expect(await nameOf(writer, id)).toBe('Committed');
    await expect.poll(() => writer.sdk.cache.stats().fills).toBe(1);

    store.onFill = () => undefined;
    proxy.heal();
    const stored = async (): Promise<string> => {
      const client = new Redis(redisUrl());
      const [key = ''] = await client.keys(`${scene.prefix.prefix}:*:{recruiter:${id}}:recruiter:${id}`);
      const text = await client.get(key);
      client.disconnect();
      return text ?? '';
    };
    await expect.poll(stored).toContain(name);
    for (const reader of [writer, await scene.node(), await scene.node({ cache: { l1: false } })])
      expect(await nameOf(reader, id)).toBe('Committed');
    await expect.poll(() => node.sdk.cache.stats().state, RECOVERY).toBe('up');
    expect(await nameOf(node, id)).toBe('Committed');
  });

  it.each(['all', 'one'] as const)(
    'agree on what was committed last when Redis is back, each having committed something while it was away from %s',
    async (whom) => {
      const scene = stack.use(await Scene.open());
      const ways = [await scene.wayToRedis(), await scene.wayToRedis(), await scene.wayToRedis()];
      const nodes: SceneNode[] = [];
      for (const { url } of ways) nodes.push(await scene.node({ cache: { url, commandTimeoutMs } }));
      const { id } = scene.board.recruiter;
      for (const node of nodes) await isUsed(node, id);
      const lost = whom === 'all' ? ways : ways.slice(0, 1);
      for (const { proxy } of lost) proxy.swallow();
      const reports: string[] = [];
      for (const [index, { sdk }] of nodes.entries())
        reports.push((await rename(sdk, id, `Node ${index + 1}`)).invalidation);
      expect(reports).toEqual(nodes.map((_, index) => (index < lost.length ? 'deferred' : 'applied')));
      // Whoever committed shows nothing older than that, whatever Redis holds.
      for (const [index, node] of nodes.entries())
        expect((await recruiterOf(node, id)).version).toBeGreaterThanOrEqual(index + 2);

      // What they sent meanwhile is lost.
      for (const { proxy } of lost) {
        proxy.cut();
        proxy.heal();
      }
      const last = `Node ${nodes.length}`;
      for (const node of nodes) {
        await expect.poll(() => node.sdk.cache.stats().state, RECOVERY).toBe('up');
        await expect.poll(() => nameOf(node, id), { timeout: HEARTBEAT_LIMIT_MS + 500 }).toBe(last);
        await isUsed(node, id);
        expect(await nameOf(node, id)).toBe(last);
      }
      const started = await scene.node({ cache: { l1: false } });
      expect([await nameOf(started, id), lastSource(started)]).toEqual([last, 'l2']);
      await expect.poll(async () => (await started.sdk.health()).invalidation.backlog).toBe(0);
    },
  );

  it('say so a few times in the log, not with every read', async () => {
    const scene = stack.use(await Scene.open());
    const { proxy, url } = await scene.wayToRedis();
    const messages: string[] = [];
    const note = (_: object, message: string): void => void messages.push(message);
    const logger: Logger = { debug: () => undefined, info: note, warn: note, error: note };
    const node = await scene.node({ cache: { url, commandTimeoutMs }, logger });
    const { id } = scene.board.recruiter;
    await isUsed(node, id);
    expect(messages).toEqual(['the cache uses Redis']);
    proxy.swallow();
    await expect
      .poll(() => node.sdk.cache.stats(), { timeout: 5000 })
      .toMatchObject({
        memory: 'untrusted',
      });
    for (let reads = 0; reads < OUTAGE_READS; reads += 1) await nameOf(node, id);
    expect(node.sdk.cache.stats().state).toBe('degraded');
    proxy.heal();
    await expect.poll(() => node.sdk.cache.stats().state, RECOVERY).toBe('up');
    await isUsed(node, id);
    expect(messages).toContain('the cache stopped using Redis');
    expect(messages.length).toBeLessThan(10);
  });
});
