import type { Cache } from '../../../application/ports/cache.ts';
import type { UnitOfWork } from '../../../application/ports/unit-of-work.ts';
import type { Slotwise } from '../../../infrastructure/slotwise.ts';
import { endSubject, type ContractSubject } from '../contract-subject.ts';

/** How the suite gets hold of the cache that it examines. */
export interface CacheSubject {
  /** A cache that can be asked and told. Entries of others may be in it, but nobody else changes or disables it. */
  readonly create: () => Promise<Cache> | Cache;
  /** Ends what `create` began; nothing when left out. */
  readonly dispose?: (cache: Cache) => Promise<void> | void;
  /**
   * Opens a unit of work whose commits tell this cache. What an entry has to do with units of work is examined where
   * there are some.
   */
  readonly unitOfWork?: () => Promise<UnitOfWork> | UnitOfWork;
  /**
   * `false` for a cache that is off or always misses: only what it answers is examined then, not what it keeps. It keeps
   * what it is given when this is left out.
   */
  readonly keeps?: boolean;
}

/** Declares one test that is given the cache. Tests share it, so each has keys and families of its own. */
export type CacheTest = (name: string, body: (cache: Cache) => Promise<void>) => void;

/** The cache of an SDK, beside that SDK's units of work. */
export function cacheOf(subject: ContractSubject): CacheSubject {
  let sdk: Slotwise | undefined;
  const created = (): Slotwise => {
    if (sdk === undefined) throw new Error('the SDK could not be created');
    return sdk;
  };
  return {
    create: async () => {
      sdk = await subject.create({ policies: { booking: {} } });
      return sdk.cache;
    },
    dispose: () => endSubject(subject, created()),
    unitOfWork: () => created().unitOfWork(),
    keeps: subject.cacheKeeps ?? true,
  };
}
