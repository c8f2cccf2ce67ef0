import { afterAll, beforeAll, expect, it } from 'vitest';
import { createSlotwise, type RecruiterId, type Slotwise } from '../../src/index.ts';
import { seedBoard } from '../../src/testing/seeds/seed-board.ts';
import { ScratchDatabase } from '../support/scratch-database.ts';
import { ScratchPrefix } from '../support/scratch-prefix.ts';
import { describeWithServers } from '../support/services.ts';
import { rename } from '../support/traffic.ts';

describeWithServers('the kill switch of the cache', () => {
  const stack = new AsyncDisposableStack();
  let node: Slotwise;
  let other: Slotwise;
  let id: RecruiterId;

  beforeAll(async () => {
    const database = stack.use(new ScratchDatabase());
    const cache = {
      ...stack.use(new ScratchPrefix()).options,
      l1: false as const,
      ttl: { recruiter: 60_000 },
    };
    const open = async (): Promise<Slotwise> =>
      stack.use((await createSlotwise({ database: database.options, cache }))._unsafeUnwrap());
    node = await open();
    (await node.migrate())._unsafeUnwrap();
    other = await open();
    ({ id } = (await seedBoard(node))._unsafeUnwrap().recruiter);
  });

  afterAll(() => stack.disposeAsync());

  const nameIn = async (sdk: Slotwise): Promise<string> =>
    (await sdk.read.recruiters.get(id))._unsafeUnwrap().name;

  const hitsOf = async (sdk: Slotwise): Promise<number> => {
    const before = sdk.cache.stats().l2Hits;
    await nameIn(sdk);
    return sdk.cache.stats().l2Hits - before;
  };

  it('turns the cache off for reads, and says so', async () => {
    await expect.poll(() => hitsOf(node), { timeout: 2000 }).toBe(1);
    node.cache.disable();
    expect(node.cache.enabled).toBe(false);
    expect(node.cache.stats().state).toBe('off');

    const before = node.cache.stats();
    await nameIn(node);
    expect(node.cache.stats()).toMatchObject({ l2Hits: before.l2Hits, bypassed: before.bypassed + 1 });
  });

  it('goes on telling the other nodes what was committed', async () => {
    await expect.poll(() => hitsOf(other), { timeout: 2000 }).toBe(1);
    const { invalidation } = await rename(node, id, 'Renamed while the cache was off');
    expect(invalidation).toBe('applied');
    expect(await nameIn(other)).toBe('Renamed while the cache was off');
  });

  it('turns it on again without showing anything that was stored before', async () => {
    await rename(other, id, 'Renamed by another node');
    node.cache.enable();
    expect(await nameIn(node)).toBe('Renamed by another node');
    await expect.poll(() => hitsOf(node), { timeout: 2000 }).toBe(1);
    expect(node.cache.stats().state).toBe('up');
  });
});
