import type { SetUp } from './drivers/place.ts';

/** What is compared: a driver, and which of its set-ups stands for which column. */
export interface Library {
  readonly name: string;
  readonly program: URL;
  /** Folder in `bench/peers` with the packages it needs. */
  readonly peer?: string;
  /** The set-up whose hits come from this process's memory. */
  readonly memory?: SetUp;
  /** The set-up whose hits come from Redis. */
  readonly redis?: SetUp;
  /** The set-up for several processes, as its documentation advises; it goes through the races. */
  readonly shared: SetUp;
}

/** A way to ask the database, which no cache can do without. */
export type PlainRead = Pick<Library, 'name' | 'program'>;

const programs = {
  slotwise: new URL('./drivers/slotwise.ts', import.meta.url),
  ioredis: new URL('./drivers/ioredis.ts', import.meta.url),
  mikroOrm: new URL('./drivers/mikro-orm.ts', import.meta.url),
  pg: new URL('./drivers/pg.ts', import.meta.url),
};

const peer = (name: string): Pick<Library, 'program' | 'peer'> => ({
  program: new URL(`./peers/${name}/driver.ts`, import.meta.url),
  peer: name,
});

export const slotwise: Library = {
  name: 'Slotwise',
  program: programs.slotwise,
  memory: 'tiers',
  redis: 'redis',
  shared: 'tiers',
};

export const ioredis: Library = {
  name: 'ioredis GET + JSON.parse',
  program: programs.ioredis,
  redis: 'redis',
  shared: 'redis',
};

export const bentoCache: Library = {
  name: 'BentoCache',
  ...peer('bentocache'),
  memory: 'memory',
  redis: 'redis',
  shared: 'tiers',
};

export const layeredLoader: Library = {
  name: 'layered-loader',
  ...peer('layered-loader'),
  memory: 'tiers',
  redis: 'redis',
  shared: 'tiers',
};

const cacheable: Library = {
  name: 'cacheable',
  ...peer('cacheable'),
  memory: 'tiers',
  redis: 'redis',
  shared: 'tiers',
};

const asyncCacheDedupe: Library = {
  name: 'async-cache-dedupe',
  ...peer('async-cache-dedupe'),
  memory: 'memory',
  redis: 'redis',
  shared: 'redis',
};

/** Each process has its own: MikroORM keeps results in memory and has nothing to tell another process with. */
const mikroOrm: Library = {
  name: 'MikroORM result cache',
  program: programs.mikroOrm,
  memory: 'memory',
  shared: 'memory',
};

export const libraries: readonly Library[] = [
  slotwise,
  bentoCache,
  layeredLoader,
  cacheable,
  asyncCacheDedupe,
  mikroOrm,
  ioredis,
];

export const uncached: PlainRead = { name: 'Slotwise without a cache', program: programs.slotwise };
export const pgSelect: PlainRead = { name: 'pg select', program: programs.pg };

export const plainReads: readonly PlainRead[] = [
  uncached,
  pgSelect,
  { name: 'MikroORM em.fork().findOne', program: programs.mikroOrm },
];
