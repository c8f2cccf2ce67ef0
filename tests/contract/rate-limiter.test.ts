import { createCache, createSlotwise, type StandaloneCacheOptions } from '../../src/index.ts';
import { createInMemorySlotwise, ioredisMockCache } from '../../src/testing/index.ts';
import { ScratchPrefix } from '../support/scratch-prefix.ts';
import { describeWithRedis } from '../support/services.ts';
import { PATIENT_MS } from './adapters.ts';
import { rateLimiterContract, type LimiterSubject } from './rate-limiter-contract.ts';

async function ofCache(
  options: StandaloneCacheOptions,
  ...around: readonly AsyncDisposable[]
): Promise<LimiterSubject> {
  const stack = new AsyncDisposableStack();
  for (const one of around) stack.use(one);
  const cache = stack.use((await createCache({ ...options, commandTimeoutMs: PATIENT_MS }))._unsafeUnwrap());
  return { open: cache.rateLimiter, [Symbol.asyncDispose]: () => stack.disposeAsync() };
}

rateLimiterContract('in the memory of a cache', () => ofCache({}));

rateLimiterContract('in ioredis-mock', async () => ofCache(await ioredisMockCache()));

rateLimiterContract('in the SDK for unit tests', () => {
  const sdk = createInMemorySlotwise();
  return Promise.resolve({
    open: sdk.rateLimiter,
    [Symbol.asyncDispose]: () => sdk[Symbol.asyncDispose](),
  });
});

rateLimiterContract('in an SDK without servers', async () => {
  const sdk = (await createSlotwise())._unsafeUnwrap();
  return { open: sdk.rateLimiter, [Symbol.asyncDispose]: () => sdk[Symbol.asyncDispose]() };
});

describeWithRedis('beside a cache in Redis', () => {
  rateLimiterContract('in Redis', () => {
    const scratch = new ScratchPrefix();
    return ofCache(scratch.options, scratch);
  });
});
