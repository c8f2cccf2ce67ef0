import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { afterEach, expect, it } from 'vitest';
import { ok } from '../../../src/index.ts';
import { HEARTBEAT_LIMIT_MS } from '../../../src/infrastructure/cache/limits.ts';
import { seedCity } from '../../../src/testing/seeds/seed-city.ts';
import type { SeedBoard } from '../../../src/testing/seeds/seed-board.ts';
import { CommandTap } from '../../support/command-tap.ts';
import { lastSource, nameOf, readUntil, recruiterOf, Scene, type SceneNode } from '../../support/scene.ts';
import { describeWithServers, redisUrl } from '../../support/services.ts';
import { rename } from '../../support/traffic.ts';

/** Longer than the protocol takes to make up for a commit whose writer could not tell anybody. */
const RELAYED_MS = HEARTBEAT_LIMIT_MS + 500;

describeWithServers('memory in front of Redis', () => {
  let stack = new AsyncDisposableStack();

  afterEach(async () => {
    await stack.disposeAsync();
    stack = new AsyncDisposableStack();
  });

  const openScene = async (amounts?: SeedBoard): Promise<Scene> => stack.use(await Scene.open(amounts));
  const openRedis = (): Redis => stack.adopt(new Redis(redisUrl()), (client) => client.disconnect());

  const inMemory = (node: SceneNode, id: number): Promise<void> =>
    readUntil(node, 'l1', () => recruiterOf(node, id));

  it('answers without a word to Redis, and what it does not hold is filled into both', async () => {
    const scene = await openScene();
    const { proxy, url } = await scene.wayToRedis();
    const node = await scene.node({ cache: { url } });
    const { id, name } = scene.board.recruiter;
    const tap = new CommandTap(proxy);
    await nameOf(node, id);
    await expect.poll(() => node.sdk.cache.stats().fills).toBe(1);
    expect(tap.take()).toEqual(['mget', 'eval', 'set']);
    for (let times = 0; times < 1000; times += 1) expect(await nameOf(node, id)).toBe(name);
    expect(node.sdk.read.recruiters.peek(id)?.name).toBe(name);
    expect(tap.take()).toEqual([]);
    expect(node.sdk.cache.stats()).toMatchObject({ l1Hits: 1001, l2Hits: 0, misses: 1, loads: 1 });

    const other = await scene.node();
    expect(await nameOf(other, id)).toBe(name);
    expect(await nameOf(other, id)).toBe(name);
    expect(other.reads.map(({ source }) => source)).toEqual(['l2', 'l1']);
    expect(other.statements).toEqual([]);
  });

  it('keeps what it took from Redis no longer than Redis would have', async () => {
    const scene = await openScene();
    const ttlMs = 1500;
    const cache = { ttl: { slot: ttlMs } };
    const [loader, other] = [await scene.node({ cache }), await scene.node({ cache })];
    const { id } = scene.board.slot;
    const readSlot = (node: SceneNode) => node.sdk.read.slots.get(id);
    (await readSlot(loader))._unsafeUnwrap();
    const loadedAt = performance.now();
    await sleep(ttlMs / 2);
    (await readSlot(other))._unsafeUnwrap();
    (await readSlot(other))._unsafeUnwrap();
    const [fromRedis, fromMemory] = other.reads;
    expect([fromRedis?.source, fromMemory?.source]).toEqual(['l2', 'l1']);
    // Its age is counted from when it was stored, not from when it came here.
    expect(fromRedis?.ageMs).toBeGreaterThan(ttlMs / 2 - 50);
    expect(fromMemory?.ageMs).toBeGreaterThanOrEqual(fromRedis?.ageMs ?? 0);
    await readUntil(other, 'database', () => readSlot(other).unwrapOr(undefined));
    const lifetimeMs = performance.now() - loadedAt;
    expect(lifetimeMs).toBeGreaterThan(0.9 * ttlMs - 50);
    expect(lifetimeMs).toBeLessThan(1.1 * ttlMs + 250);
  });

  it('asks for what another process has loaded since, when its own copy is over', async () => {
    const scene = await openScene();
    const cache = { ttl: { slot: 1000 } };
    const [early, late] = [await scene.node({ cache }), await scene.node({ cache })];
    const readSlot = (node: SceneNode) => node.sdk.read.slots.get(scene.board.slot.id);
    (await readSlot(early))._unsafeUnwrap();
    await sleep(1200);
    (await readSlot(late))._unsafeUnwrap();
    expect(lastSource(late)).toBe('database');
    await expect.poll(() => late.sdk.cache.stats().fills).toBe(1);
    (await readSlot(early))._unsafeUnwrap();
    expect(lastSource(early)).toBe('l2');
    expect(early.statements).toHaveLength(1);
  });

  it('spreads lifetimes, so that what was stored together does not expire together', async () => {
    const scene = await openScene({ slotsPerRecruiter: 20 });
    const ttlMs = 100_000;
    const node = await scene.node({ cache: { ttl: { slot: ttlMs } } });
    const { slots } = scene.board;
    (await node.sdk.read.slots.getMany(slots.map(({ id }) => id)))._unsafeUnwrap();
    await expect.poll(() => node.sdk.cache.stats().fills).toBe(slots.length);
    const redis = openRedis();
    const keys = await redis.keys(`${scene.prefix.prefix}:*:{slot:*}:slot:*`);
    const left = await Promise.all(keys.map((key) => redis.pttl(key)));
    expect(left).toHaveLength(slots.length);
    expect(Math.min(...left)).toBeGreaterThan(0.9 * ttlMs - 5000);
    expect(Math.max(...left)).toBeLessThanOrEqual(1.1 * ttlMs);
    expect(Math.max(...left) - Math.min(...left)).toBeGreaterThan(0.05 * ttlMs);
  });

  it('answers many by memory, one MGET and one query, in the order asked for, without what is absent', async () => {
    const scene = await openScene({ recruiters: 9 });
    const { proxy, url } = await scene.wayToRedis();
    const [node, other] = [await scene.node({ cache: { url } }), await scene.node()];
    const ids = scene.board.recruiters.map(({ id }) => id);
    const [held, stored, neither] = [ids.slice(0, 3), ids.slice(3, 6), ids.slice(6)];
    (await other.sdk.read.recruiters.getMany(stored))._unsafeUnwrap();
    (await node.sdk.read.recruiters.getMany(held))._unsafeUnwrap();
    await expect.poll(() => other.sdk.cache.stats().fills + node.sdk.cache.stats().fills).toBe(6);
    const tap = new CommandTap(proxy);
    node.statements.length = 0;
    node.reads.length = 0;

    const asked = [
      neither[2],
      stored[0],
      held[2],
      999_999,
      neither[0],
      held[0],
      stored[2],
      held[1],
      neither[1],
      stored[1],
    ].map((id) => id ?? 0);
    const found = (await node.sdk.read.recruiters.getMany(asked))._unsafeUnwrap();
    expect([...found.keys()]).toEqual(asked.filter((id) => id !== 999_999));
    for (const [id, recruiter] of found)
      expect(recruiter).toEqual(scene.board.recruiters.find((one) => one.id === id));
    expect(tap.take().filter((name) => name === 'mget')).toHaveLength(1);
    expect(node.statements).toEqual(['recruiters.getMany']);
    const sources = node.reads.map(({ source }) => source).toSorted((a, b) => a.localeCompare(b));
    expect(sources).toEqual([...times(3, 'database'), ...times(3, 'l1'), ...times(3, 'l2')]);

    (await node.sdk.read.recruiters.getMany(ids))._unsafeUnwrap();
    expect(tap.take().filter((name) => name === 'mget')).toEqual([]);
    expect(node.statements).toEqual(['recruiters.getMany']);
  });

  it('shows what another process has changed, added or deleted within the heartbeat limit', async () => {
    const scene = await openScene();
    const [writer, reader] = [await scene.node(), await scene.node()];
    const { id } = scene.board.recruiter;
    const list = async () =>
      (await reader.sdk.read.cities.getActive())._unsafeUnwrap().map((city) => city.id);
    await inMemory(reader, id);
    await readUntil(reader, 'l1', list);

    expect((await rename(writer.sdk, id, 'Changed')).invalidation).toBe('applied');
    const seen = { timeout: HEARTBEAT_LIMIT_MS, interval: 5 };
    await expect.poll(() => nameOf(reader, id), seen).toBe('Changed');

    const added = (await seedCity(writer.sdk))._unsafeUnwrap();
    await expect.poll(list, seen).toContain(added.id);
    await readUntil(reader, 'l1', () => reader.sdk.read.cities.get(added.id).unwrapOr(undefined));

    (await writer.sdk.transaction((uow) => uow.cities.delete(added.id)))._unsafeUnwrap();
    await expect.poll(list, seen).not.toContain(added.id);
    const read = async () =>
      (await reader.sdk.read.cities.get(added.id)).match(
        () => 'found',
        ({ type }) => type,
      );
    await expect.poll(read, seen).toBe('CityNotFound');
  });

  it('passes nothing on of what it has heard', async () => {
    const scene = await openScene();
    const { proxy, url } = await scene.wayToRedis();
    const [writer, hearer] = [await scene.node(), await scene.node({ cache: { url } })];
    const { id } = scene.board.recruiter;
    await inMemory(hearer, id);
    const tap = new CommandTap(proxy);
    const heard = hearer.sdk.cache.stats().announcements;
    await rename(writer.sdk, id, 'Heard');
    await expect.poll(() => hearer.sdk.read.recruiters.peek(id)).toBeUndefined();
    expect(hearer.sdk.cache.stats().announcements).toBeGreaterThan(heard);
    await sleep(100);
    expect(tap.take()).toEqual([]);
    expect(hearer.sdk.cache.stats()).toMatchObject({ bumps: 0 });
  });

  it('hears of a commit whose writer has lost Redis, from those that have not', async () => {
    const scene = await openScene();
    const { proxy, url } = await scene.wayToRedis();
    const writer = await scene.node({ cache: { url, commandTimeoutMs: 50 } });
    const reader = await scene.node();
    const { id } = scene.board.recruiter;
    await inMemory(reader, id);
    proxy.swallow();
    expect((await rename(writer.sdk, id, 'Could not be told')).invalidation).toBe('deferred');
    expect(await nameOf(writer, id)).toBe('Could not be told');
    await expect
      .poll(() => nameOf(reader, id), { timeout: RELAYED_MS, interval: 5 })
      .toBe('Could not be told');
    proxy.heal();
  });

  it('is dropped by family with one bump, everywhere, and what is loaded afterwards stays', async () => {
    const scene = await openScene({ recruiters: 4 });
    const nodes = [await scene.node(), await scene.node(), await scene.node({ cache: { l1: false } })];
    const [first] = nodes;
    if (first === undefined) throw new Error('no node');
    const ids = scene.board.recruiters.map(({ id }) => id);
    const readAll = async (node: SceneNode) => {
      node.reads.length = 0;
      for (const id of ids) await recruiterOf(node, id);
      (await node.sdk.read.recruiters.getActive())._unsafeUnwrap();
      (await node.sdk.read.cities.get(scene.board.city.id))._unsafeUnwrap();
      return node.reads.map(({ query, source }) => `${query} ${source}`);
    };
    for (const node of nodes) await readAll(node);
    await expect.poll(() => first.sdk.cache.stats().fills).toBe(ids.length + 2);

    // Rows that nobody knows are changed by a statement of the host's own.
    await scene.database.rows(`update $schema.recruiter set name = name || ' (moved)'`);
    const bumps = first.sdk.cache.stats().bumps;
    const dropped = await first.sdk.transaction((uow) => {
      uow.invalidate('recruiters');
      return Promise.resolve(ok());
    });
    expect(dropped.isOk()).toBe(true);
    expect(first.sdk.cache.stats().bumps - bumps).toBe(1);

    for (const node of nodes) {
      await expect
        .poll(() => node.sdk.read.recruiters.peek(ids[0] ?? 0), { timeout: HEARTBEAT_LIMIT_MS })
        .toBeUndefined();
      for (const id of ids) expect(await nameOf(node, id)).toContain('(moved)');
    }
    // The other family was left alone, and what was loaded since is as good as before.
    const again = await readAll(first);
    expect(again.filter((read) => read.endsWith('database'))).toEqual(['activeRecruiters database']);
    expect(await readAll(first)).toEqual(again.map((read) => read.replace('database', 'l1')));
  });

  it('is not taken in by what Redis still holds from before, in a process that has just started', async () => {
    const scene = await openScene();
    const writer = await scene.node();
    const { id } = scene.board.recruiter;
    await nameOf(writer, id);
    await expect.poll(() => writer.sdk.cache.stats().fills).toBe(1);
    await rename(writer.sdk, id, 'Before the start');
    const redis = openRedis();
    expect(await redis.keys(`${scene.prefix.prefix}:*:{recruiter:${id}}:recruiter:${id}`)).toHaveLength(1);
    const started = await scene.node();
    expect(await nameOf(started, id)).toBe('Before the start');
    expect(started.reads.map(({ source }) => source)).toEqual(['database']);
  });

  it('holds no more than it may, and answers right beside processes that hold everything', async () => {
    const scene = await openScene({ recruiters: 8 });
    const small = await scene.node({ cache: { l1: { maxEntries: 3 } } });
    const large = await scene.node();
    const ids = scene.board.recruiters.map(({ id }) => id);
    for (const [round, renamed] of ids.slice(0, 3).entries()) {
      await rename(large.sdk, renamed, `Round ${round}`);
      for (const node of [small, large]) {
        await expect
          .poll(() => nameOf(node, renamed), { timeout: HEARTBEAT_LIMIT_MS })
          .toBe(`Round ${round}`);
        for (const id of ids) expect((await recruiterOf(node, id)).id).toBe(id);
      }
      expect(small.sdk.cache.stats().l1Entries).toBeLessThanOrEqual(3);
    }
    expect(large.sdk.cache.stats().l1Entries).toBe(ids.length);
  });

  it('remembers in every process that there is nothing, until there is', async () => {
    const scene = await openScene();
    const [node, other] = [await scene.node(), await scene.node()];
    const telegramId = 7_000_000_001;
    const find = async ({ sdk }: SceneNode) =>
      (await sdk.read.candidates.findByTelegramId(telegramId))._unsafeUnwrap()?.fullName;
    expect(await find(node)).toBeUndefined();
    await expect.poll(() => node.sdk.cache.stats().fills).toBe(1);
    expect([await find(node), await find(other), await find(other)]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    expect(node.reads.map(({ source }) => source)).toEqual(['database', 'l1']);
    expect(other.reads.map(({ source }) => source)).toEqual(['l2', 'l1']);
    expect(other.sdk.cache.stats()).toMatchObject({ negativeHits: 2, loads: 0 });

    (
      await node.sdk.transaction((uow) => uow.candidates.add({ fullName: 'New', telegramId }))
    )._unsafeUnwrap();
    expect(await find(node)).toBe('New');
    await expect.poll(() => find(other), { timeout: HEARTBEAT_LIMIT_MS, interval: 5 }).toBe('New');
  });

  it('cannot be changed through what it answers', async () => {
    const scene = await openScene({ recruiters: 3 });
    const node = await scene.node();
    const list = async () => (await node.sdk.read.recruiters.getActive())._unsafeUnwrap();
    const page = async () => (await node.sdk.read.recruiters.list())._unsafeUnwrap();
    const many = async () =>
      (await node.sdk.read.recruiters.getMany(scene.board.recruiters.map(({ id }) => id)))._unsafeUnwrap();
    // As loaded, and as read back from Redis by a process that did not load it.
    for (const reader of [node, await scene.node()]) {
      const before = {
        list: [...(await list())],
        page: { ...(await page()), items: [...(await page()).items] },
      };
      for (let times = 0; times < 2; times += 1) {
        const answers = [
          (await reader.sdk.read.recruiters.getActive())._unsafeUnwrap(),
          (await reader.sdk.read.recruiters.list())._unsafeUnwrap().items,
        ] as unknown[][];
        for (const answer of answers) expect(() => answer.push(undefined)).toThrow(TypeError);
        const answered = (await reader.sdk.read.recruiters.list())._unsafeUnwrap() as { items: unknown };
        expect(() => {
          answered.items = [];
        }).toThrow(TypeError);
      }
      ((await many()) as Map<unknown, unknown>).clear();
      expect((await many()).size).toBe(3);
      expect({ list: await list(), page: await page() }).toEqual(before);
    }
  });
});

const times = <T>(count: number, value: T): T[] => Array.from({ length: count }, () => value);
