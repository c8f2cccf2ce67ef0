import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, it } from 'vitest';
import type { CacheOptions } from '../../../src/index.ts';
import { HEARTBEAT_LIMIT_MS } from '../../../src/infrastructure/cache/limits.ts';
import { HoldsFills } from '../../support/holds-fills.ts';
import { nameOf, Scene, type SceneNode } from '../../support/scene.ts';
import { describeWithServers } from '../../support/services.ts';
import { until } from '../../support/until.ts';
import { rename } from '../../support/traffic.ts';

/** The first load takes so long that a reader near the end of this lifetime is due for a refresh. */
const LOAD_MS = 300;
const TTL_MS = 1500;
const cache: CacheOptions = { ttl: { recruiter: TTL_MS, activeRecruiters: TTL_MS } };

describeWithServers('an answer that everybody asks for and that is near its end', () => {
  let stack = new AsyncDisposableStack();

  afterEach(async () => {
    await stack.disposeAsync();
    stack = new AsyncDisposableStack();
  });

  const list = async ({ sdk }: SceneNode): Promise<readonly string[]> =>
    (await sdk.read.recruiters.getActive())._unsafeUnwrap().map(({ name }) => name);

  /** Both processes hold the answer of one load that took long. */
  async function twoReaders(read: (node: SceneNode, id: number) => Promise<unknown>) {
    const scene = stack.use(await Scene.open());
    const stores: HoldsFills[] = [];
    const wrapStore = (store: ConstructorParameters<typeof HoldsFills>[0]): HoldsFills => {
      const holding = new HoldsFills(store);
      stores.push(holding);
      return holding;
    };
    const nodes = [await scene.node({ cache, wrapStore }), await scene.node({ cache, wrapStore })] as const;
    const { id } = scene.board.recruiter;
    const loaded = await scene.whileLocked('recruiter', async () => {
      const loading = read(nodes[0], id);
      await scene.waiting(1);
      await sleep(LOAD_MS);
      return [loading];
    });
    await Promise.all(loaded);
    await expect.poll(() => nodes[0].sdk.cache.stats().fills).toBe(1);
    await read(nodes[1], id);
    const refreshes = (): number =>
      nodes.reduce((total, { sdk }) => total + sdk.cache.stats().earlyRefreshes, 0);
    const readUntilRefresh = (): Promise<void> =>
      until('an early refresh', 2 * TTL_MS, async () => {
        await Promise.all(nodes.map((node) => read(node, id)));
        return refreshes() > 0;
      });
    return { scene, nodes, stores, id, refreshes, readUntilRefresh };
  }

  it.each([
    ['an entity', nameOf],
    ['a list', list],
  ])('is loaded by one process in the background while all go on being answered (%s)', async (_, read) => {
    const { scene, nodes, id, refreshes, readUntilRefresh } = await twoReaders(read);
    await scene.whileLocked('recruiter', async () => {
      await readUntilRefresh();
      // The load cannot end; nobody waits for it, and nobody else starts one.
      const end = performance.now() + 200;
      while (performance.now() < end) {
        const startedAt = performance.now();
        await Promise.all(nodes.map((node) => read(node, id)));
        expect(performance.now() - startedAt).toBeLessThan(150);
        await sleep(5);
      }
      expect(refreshes()).toBe(1);
    });
    await expect.poll(() => nodes.flatMap(({ statements }) => statements).length).toBe(2);
    const sources = nodes.flatMap(({ reads }) => reads.map(({ source }) => source));
    expect(sources.filter((source) => source === 'database')).toHaveLength(1);
    expect(sources).not.toContain('stale');
  });

  it('is not refreshed with what was true before a commit that came meanwhile', async () => {
    const { nodes, stores, id, scene, readUntilRefresh } = await twoReaders(nameOf);
    const writer = await scene.node({ cache });
    for (const store of stores) store.hold();
    await readUntilRefresh();
    await until('the refresh has its answer', 1000, () => stores.some(({ stopped }) => stopped > 0));

    expect((await rename(writer.sdk, id, 'Meanwhile')).invalidation).toBe('applied');
    for (const store of stores) store.release();
    for (const node of nodes)
      await expect
        .poll(() => nameOf(node, id), { timeout: HEARTBEAT_LIMIT_MS, interval: 5 })
        .toBe('Meanwhile');
    await sleep(100);
    for (const node of nodes) expect(await nameOf(node, id)).toBe('Meanwhile');
    expect(await nameOf(await scene.node({ cache }), id)).toBe('Meanwhile');
  });
});
