import { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createSlotwise, type Slotwise, type SlotwiseOptions } from '../../src/index.ts';
import { seedBoard, type Board } from '../../src/testing/seeds/seed-board.ts';
import { ScratchPrefix } from '../support/scratch-prefix.ts';
import { describeWithRedis, redisUrl } from '../support/services.ts';
import { rename } from '../support/traffic.ts';

describeWithRedis('what is stored in Redis', () => {
  const stack = new AsyncDisposableStack();
  const scratch = stack.use(new ScratchPrefix());
  const { prefix } = scratch;
  let redis: Redis;
  let sdk: Slotwise;
  let board: Board;

  beforeAll(async () => {
    redis = stack.adopt(new Redis(redisUrl()), (client) => client.disconnect());
    // Which database is behind it does not matter here.
    const options: SlotwiseOptions = {
      database: { embedded: true },
      cache: { ...scratch.options, l1: false },
    };
    sdk = stack.use((await createSlotwise(options))._unsafeUnwrap());
    (await sdk.migrate())._unsafeUnwrap();
    board = (await seedBoard(sdk, { recruiters: 2 }))._unsafeUnwrap();
  });

  afterAll(() => stack.disposeAsync());

  /** Fills are off the caller's path, so the entry may appear a moment after the answer. */
  const entryOf = async (key: string): Promise<{ readonly key: string; readonly stored: string }> => {
    const pattern = `${prefix}:3:*:${key}`;
    await expect.poll(() => redis.keys(pattern), { timeout: 2000 }).toHaveLength(1);
    const [entry = ''] = await redis.keys(pattern);
    return { key: entry, stored: (await redis.get(entry)) ?? '' };
  };

  it.each([
    ['of no format', '?{}'],
    ['half a document', 'j{"id":1,"na'],
    ['no document at all', '\u0000\u0001garbage'],
    ['null', 'jnull'],
    ['a number', 'j42'],
    ['a list', 'j[]'],
    ['an empty object', 'j{}'],
    ['an object with a prototype of its own', 'j{"__proto__":{"id":1},"version":1}'],
    ['another entity', 'j{"id":1,"startsAt":"2030-01-01T00:00:00Z"}'],
  ])('is a counted miss when the payload is %s, and is overwritten', async (_, payload) => {
    const { recruiter } = board;
    await sdk.read.recruiters.get(recruiter.id).unwrapOr(undefined);
    const { key, stored } = await entryOf(`recruiter:${recruiter.id}`);
    const [stamp = '', storedAt = '', lifetime = '', loadMs = ''] = stored.split('|');
    const forged = `${stamp}|${storedAt}|${lifetime}|${loadMs}|${payload}`;
    await redis.set(key, forged, 'PX', 60_000);

    const before = sdk.cache.stats();
    expect((await sdk.read.recruiters.get(recruiter.id))._unsafeUnwrap()).toEqual(recruiter);
    const after = sdk.cache.stats();
    expect(after).toMatchObject({
      undecodable: before.undecodable + 1,
      misses: before.misses + 1,
      state: 'up',
    });

    await expect.poll(() => redis.get(key), { timeout: 2000 }).not.toBe(forged);
    expect((await sdk.read.recruiters.get(recruiter.id))._unsafeUnwrap()).toEqual(recruiter);
    expect(sdk.cache.stats()).toMatchObject({ undecodable: after.undecodable, l2Hits: after.l2Hits + 1 });
  });

  it('is a miss when something else than a text is in its place', async () => {
    const { recruiter } = board;
    await sdk.read.recruiters.get(recruiter.id).unwrapOr(undefined);
    const { key } = await entryOf(`recruiter:${recruiter.id}`);
    await redis.del(key);
    await redis.lpush(key, 'a list');

    expect((await sdk.read.recruiters.get(recruiter.id))._unsafeUnwrap()).toEqual(recruiter);
    await expect.poll(() => redis.type(key), { timeout: 2000 }).toBe('string');
  });

  it('is not believed with a stamp that somebody shortened, lengthened or took from another server', async () => {
    const [, other] = board.recruiters;
    const id = other?.id ?? 0;
    const known = (await sdk.read.recruiters.get(id))._unsafeUnwrap();
    const { key, stored } = await entryOf(`recruiter:${id}`);
    const [stamp = '', ...rest] = stored.split('|');
    const forged = rest.join('|').replace(known.name, 'Forged');
    const foreign = stamp.replace(/^\w+/, 'f'.repeat(40));
    for (const wrong of [stamp.slice(0, -1), `${stamp}0`, `${stamp},1`, foreign, '', '|']) {
      await redis.set(key, `${wrong}|${forged}`, 'PX', 60_000);
      expect((await sdk.read.recruiters.get(id))._unsafeUnwrap()).toEqual(known);
    }
  });

  it('is not valid again when its versions were lost and made anew', async () => {
    const { recruiter } = board;
    await sdk.read.recruiters.get(recruiter.id).unwrapOr(undefined);
    for (let losses = 1; losses <= 5; losses += 1) {
      const { key } = await entryOf(`recruiter:${recruiter.id}`);
      const versions = await redis.keys(`${prefix}:v:*`);
      await redis.del(versions);
      const { recruiter: renamed, invalidation } = await rename(sdk, recruiter.id, `Loss ${losses}`);
      expect({ invalidation, entries: await redis.exists(key) }).toEqual({
        invalidation: 'applied',
        entries: 1,
      });
      expect((await sdk.read.recruiters.get(recruiter.id))._unsafeUnwrap()).toEqual(renamed);
    }
  });

  it.each(['a|b|c', '1:2,3|', 'line\nbreak', '"quoted" \\ and {tagged}', '🗓️ встреча', '<script>'])(
    'comes back from the cache as it was stored: %j',
    async (name) => {
      const { recruiter } = board;
      await rename(sdk, recruiter.id, name);
      const loaded = (await sdk.read.recruiters.get(recruiter.id))._unsafeUnwrap();
      await expect
        .poll(
          async () => {
            const before = sdk.cache.stats().l2Hits;
            expect((await sdk.read.recruiters.get(recruiter.id))._unsafeUnwrap()).toEqual(loaded);
            return sdk.cache.stats().l2Hits - before;
          },
          { timeout: 2000 },
        )
        .toBe(1);
      sdk.cache.disable();
      expect((await sdk.read.recruiters.get(recruiter.id))._unsafeUnwrap()).toEqual(loaded);
      sdk.cache.enable();
      expect(loaded.name).toBe(name);
    },
  );

  it('never has a hostile argument in its key', async () => {
    const before = new Set(await redis.keys(`${prefix}:*`));
    const texts = ['1} evil {', '*', '1\r\nFLUSHALL\r\n', '', ' ', '9'.repeat(5000), '../..', '\u0000'];
    for (const hostile of texts) {
      const error = (await sdk.read.candidates.findByTelegramId(hostile))._unsafeUnwrapErr();
      expect(error.type).toBe('Validation');
    }
    for (const hostile of [
      0,
      -1,
      1.5,
      Number.NaN,
      Number.POSITIVE_INFINITY,
      2 ** 60,
      '1' as unknown as number,
    ]) {
      expect((await sdk.read.recruiters.get(hostile))._unsafeUnwrapErr().type).toBe('Validation');
      expect((await sdk.read.slots.getMany([hostile]))._unsafeUnwrapErr().type).toBe('Validation');
      expect((await sdk.read.recruiters.getByCity(hostile))._unsafeUnwrapErr().type).toBe('Validation');
    }
    const after = await redis.keys(`${prefix}:*`);
    expect(after.filter((key) => !before.has(key))).toEqual([]);
  });

  it('leaves no invalidation behind', async () => {
    await expect.poll(async () => (await sdk.health()).invalidation.backlog, { timeout: 2000 }).toBe(0);
  });

  it('lies under keys of one form, each entry in the hash slot of its first version', async () => {
    const { city, slot, candidate } = board;
    await Promise.all([
      sdk.read.recruiters.list({ active: true, cityId: city.id }),
      sdk.read.recruiters.getByCity(city.id),
      sdk.read.cities.list({ active: true }),
      sdk.read.slots.getFreeForCity(city.id),
      sdk.read.slots.get(slot.id),
      sdk.read.candidates.get(candidate.id),
    ]);
    await entryOf(`candidate:${candidate.id}`);
    const keys = (await redis.keys(`${prefix}:*`)).map((key) => key.slice(prefix.length));
    expect(keys.length).toBeGreaterThan(10);
    for (const key of keys)
      expect(key).toMatch(
        /^:(v:\{[a-z]+(:[a-z]+)*(:\d+)?\}|[3l]:\{[a-z]+(:[a-z]+)*(:\d+)?\}:[a-zA-Z0-9:=&%+,]+)$/,
      );
  });
});
