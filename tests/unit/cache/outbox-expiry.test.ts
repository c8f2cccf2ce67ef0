import { errAsync, okAsync } from 'neverthrow';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { InvalidationOutbox } from '../../../src/application/ports/invalidation.ts';
import { OutboxExpiry } from '../../../src/infrastructure/cache/outbox-expiry.ts';

const DAY_MS = 86_400_000;

describe('dropping outbox rows that nobody needs any more', () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  it('happens soon after the start and every hour, for rows older than any entry, until it is stopped', async () => {
    vi.useFakeTimers();
    const ages: number[] = [];
    const outbox: Pick<InvalidationOutbox, 'expire'> = {
      expire: (ageMs) => {
        ages.push(ageMs);
        // An hour later it is tried again, whatever came of it.
        return ages.length === 1
          ? errAsync({ type: 'Timeout', operation: 'expire', waitedFor: 'connection', retryable: true })
          : okAsync(undefined);
      },
    };
    const expiry = new OutboxExpiry(outbox);
    expiry.start();
    await vi.advanceTimersByTimeAsync(2 * 60_000);
    expect(ages).toEqual([10 * DAY_MS]);
    await vi.advanceTimersByTimeAsync(2 * 3_600_000);
    expect(ages).toHaveLength(3);
    expiry.stop();
    await vi.advanceTimersByTimeAsync(DAY_MS);
    expect(ages).toHaveLength(3);
  });
});
