import { afterEach, expect, it } from 'vitest';
import { createCache, createSlotwise, type CacheOptions, type Slotwise } from '../../src/index.ts';
import { seedBoard } from '../../src/testing/seeds/seed-board.ts';
import { ScratchDatabase } from '../support/scratch-database.ts';
import { ScratchPrefix } from '../support/scratch-prefix.ts';
import { describeWithServers } from '../support/services.ts';

interface Logged {
  readonly level: 'info' | 'warn' | 'error';
  readonly fields: object;
  readonly message: string;
}

const WARMING_LIMIT_MS = 5000;

describeWithServers('a cache that is made ready on start', () => {
  let stack = new AsyncDisposableStack();

  afterEach(async () => {
    await stack.disposeAsync();
    stack = new AsyncDisposableStack();
  });

  /** Opens SDKs on one database and one part of Redis, and keeps what they log of it. */
  function place(): { logged: Logged[]; open: (options?: CacheOptions) => Promise<Slotwise> } {
    const database = stack.use(new ScratchDatabase());
    const { options: redis } = stack.use(new ScratchPrefix());
    const logged: Logged[] = [];
    const log =
      (level: Logged['level']) =>
      (fields: object, message: string): void => {
        if (message.startsWith('the cache was')) logged.push({ level, fields, message });
      };
    const logger = { debug: () => undefined, info: log('info'), warn: log('warn'), error: log('error') };
    const open = async (options: CacheOptions = {}): Promise<Slotwise> => {
      const cache = { ...redis, ...options };
      return stack.use((await createSlotwise({ database: database.options, cache, logger }))._unsafeUnwrap());
    };
    return { logged, open };
  }

  it('answers the first read of everybody', async () => {
    const { logged, open } = place();
    const first = await open();
    (await first.migrate())._unsafeUnwrap();
    const { recruiter, city } = (await seedBoard(first))._unsafeUnwrap();

    const second = await open({ warmOnStart: true });
    await expect.poll(() => logged, { timeout: WARMING_LIMIT_MS }).toHaveLength(1);
    expect(logged[0]).toMatchObject({ level: 'info', fields: { failed: 0, complete: true } });
    const { loads } = second.cache.stats();
    expect((await second.read.recruiters.get(recruiter.id))._unsafeUnwrap()).toEqual(recruiter);
    expect((await second.read.slots.getFreeForCity(city.id))._unsafeUnwrap()).not.toEqual([]);
    expect(second.cache.stats().loads).toBe(loads);
  });

  it('holds what was named and nothing else', async () => {
    const { logged, open } = place();
    const first = await open();
    (await first.migrate())._unsafeUnwrap();
    const { recruiter, city } = (await seedBoard(first))._unsafeUnwrap();

    const second = await open({ warmOnStart: { recruiters: [recruiter.id] } });
    await expect.poll(() => logged, { timeout: WARMING_LIMIT_MS }).toHaveLength(1);
    expect(second.read.recruiters.peek(recruiter.id)).toEqual(recruiter);
    expect(second.read.cities.peek(city.id)).toBeUndefined();
  });

  it('keeps nobody from starting where there are no tables yet, and says so', async () => {
    const { logged, open } = place();
    const sdk = await open({ warmOnStart: true });
    await expect.poll(() => logged, { timeout: WARMING_LIMIT_MS }).toHaveLength(1);
    expect(logged[0]).toMatchObject({ level: 'warn', fields: { complete: false } });
    (await sdk.migrate())._unsafeUnwrap();
    expect((await sdk.read.cities.getActive())._unsafeUnwrap()).toEqual([]);
  });

  it('does not keep anybody from closing', async () => {
    const { logged, open } = place();
    const first = await open();
    (await first.migrate())._unsafeUnwrap();
    (await seedBoard(first))._unsafeUnwrap();
    const second = await open({ warmOnStart: true });
    expect((await second.close()).isOk()).toBe(true);
    await expect.poll(() => logged, { timeout: WARMING_LIMIT_MS }).toHaveLength(1);
    expect(logged[0]).toMatchObject({ fields: { complete: false } });
  });

  it('knows the families of its host from the beginning', async () => {
    const { open } = place();
    const sdk = await open({ families: ['jobs'] });
    expect(sdk.cache.anchorsOf('jobs:*')._unsafeUnwrap()).toHaveLength(1);
    expect(sdk.cache.anchorsOf('quotes:*')._unsafeUnwrapErr()).toMatchObject({ type: 'UnknownFamily' });
    const { options } = stack.use(new ScratchPrefix());
    const alone = stack.use((await createCache({ ...options, families: ['jobs'] }))._unsafeUnwrap());
    expect(alone.anchorsOf('jobs:*').isOk()).toBe(true);
    const inProcess = stack.use((await createCache({ families: ['jobs'] }))._unsafeUnwrap());
    expect(inProcess.anchorsOf('jobs:*').isOk()).toBe(true);
  });
});
