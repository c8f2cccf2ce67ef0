import type { Cache } from '../../application/ports/cache.ts';
import { cacheAnswersContract } from './cache/cache-answers-contract.ts';
import { cacheEntriesContract } from './cache/cache-entries-contract.ts';
import { cacheInvalidationContract } from './cache/cache-invalidation-contract.ts';
import { cacheLifetimesContract } from './cache/cache-lifetimes-contract.ts';
import { cacheLoadsContract } from './cache/cache-loads-contract.ts';
import { cacheRefusalsContract } from './cache/cache-refusals-contract.ts';
import { cacheSwitchContract } from './cache/cache-switch-contract.ts';
import { cacheTransactionsContract } from './cache/cache-transactions-contract.ts';
import { cacheValuesContract } from './cache/cache-values-contract.ts';
import type { CacheSubject, CacheTest } from './cache/cache-subject.ts';
import { sharedBetweenTests, type TestFramework } from './contract-subject.ts';

/** What a `Cache` promises for the host's own entries, wherever it keeps them. The tests share one cache. */
export function cacheContract(framework: TestFramework, subject: CacheSubject): void {
  const { create, dispose = () => undefined, unitOfWork, keeps = true } = subject;
  sharedBetweenTests<Cache>(framework, 'a cache of the host', { create, dispose }, (cache) => {
    const test: CacheTest = (name, body) => framework.it(name, async () => body(cache()));
    cacheAnswersContract(test);
    cacheRefusalsContract(test);
    if (!keeps) return;
    cacheEntriesContract(test);
    cacheValuesContract(test);
    cacheLifetimesContract(test);
    cacheLoadsContract(test);
    cacheInvalidationContract(test);
    cacheSwitchContract(test);
    if (unitOfWork !== undefined) cacheTransactionsContract(test, unitOfWork);
  });
}
