import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pourScript } from '../../../src/infrastructure/cache/redis/redis-scripts.ts';
import {
  leakMs,
  pour,
  type BucketRule,
  type Pour,
  type Poured,
} from '../../../src/infrastructure/rate-limits/leaky-bucket.ts';
import { runLua } from '../../protocol/lua.ts';

const START_MS = 1_700_000_000_000;

const rules: fc.Arbitrary<BucketRule> = fc.record({
  limit: fc.integer({ min: 1, max: 1_000 }),
  perMs: fc.integer({ min: 1, max: 86_400_000 }),
  burst: fc.integer({ min: 1, max: 100 }),
});

/** Who comes after how long, and wants how much of the burst: a part of it. */
const arrivals = fc.array(
  fc.record({
    afterMs: fc.oneof(fc.integer({ min: 0, max: 50 }), fc.integer({ min: 0, max: 10_000_000 })),
    part: fc.double({ min: 0, max: 1, noNaN: true }),
  }),
  { minLength: 1, maxLength: 60 },
);

const into = (rule: BucketRule, part: number): Pour => ({
  name: 'limit',
  hash: 'key',
  rule,
  cost: Math.max(1, Math.ceil(part * rule.burst)),
});

describe('a leaky bucket', () => {
  it('never lets more than the burst and what came back pass, between any two moments', () => {
    fc.assert(
      fc.property(rules, arrivals, (rule, all) => {
        const passed: { readonly atMs: number; readonly cost: number }[] = [];
        let bucket: Poured | undefined;
        let atMs = START_MS;
        for (const { afterMs, part } of all) {
          atMs += afterMs;
          const wanted = into(rule, part);
          bucket = pour(bucket, wanted, atMs);
          if (bucket.allowed) passed.push({ atMs, cost: wanted.cost });
        }
        for (const [first, { atMs: from }] of passed.entries()) {
          let sum = 0;
          for (const { atMs: until, cost } of passed.slice(first)) {
            sum += cost;
            expect(sum).toBeLessThanOrEqual(rule.burst + ((until - from) * rule.limit) / rule.perMs + 1e-6);
          }
        }
      }),
    );
  });

  it('takes what it refused after exactly as long as it said, and not a millisecond before', () => {
    fc.assert(
      fc.property(rules, arrivals, (rule, all) => {
        let bucket: Poured | undefined;
        let atMs = START_MS;
        for (const { afterMs, part } of all) {
          atMs += afterMs;
          const wanted = into(rule, part);
          bucket = pour(bucket, wanted, atMs);
          if (bucket.allowed) continue;
          const waitMs = leakMs(bucket.level + wanted.cost - rule.burst, rule);
          const answers = [waitMs - 1, waitMs].map((later) => pour(bucket, wanted, atMs + later).allowed);
          expect(answers).toEqual([false, true]);
        }
      }),
    );
  });

  it('lets nothing out when the clock goes back', () => {
    const rule = { limit: 2, perMs: 1_000, burst: 2 };
    const full = pour(undefined, into(rule, 1), START_MS);
    expect(pour(full, into(rule, 0), START_MS - 3_600_000)).toMatchObject({ allowed: false, level: 2 });
  });

  it('decides in Redis what it decides here, and is gone when it is empty', () => {
    fc.assert(
      fc.property(rules, arrivals, (rule, all) => {
        let stored: string | undefined;
        let goneAtMs = 0;
        let atMs = START_MS;
        let bucket: Poured | undefined;
        for (const { afterMs, part } of all) {
          atMs += afterMs;
          const wanted = into(rule, part);
          const call = ([name, , value = '', , lifetimeMs]: readonly string[]) => {
            if (name === 'TIME') return [String(Math.floor(atMs / 1e3)), String((atMs % 1e3) * 1e3)];
            if (name === 'GET') return stored === undefined || atMs >= goneAtMs ? false : stored;
            stored = value;
            goneAtMs = atMs + Number(lifetimeMs);
            return 'OK';
          };
          const args = [rule.limit, rule.perMs, rule.burst, wanted.cost].map(String);
          const answer = String(runLua(pourScript, ['bucket'], args, call))
            .split(' ')
            .map(Number);
          bucket = pour(bucket, wanted, atMs);
          expect(answer[0]).toBe(bucket.allowed ? 1 : 0);
          expect(answer[1]).toBeCloseTo(bucket.level, 6);
          expect(answer[2]).toBe(atMs);
        }
      }),
    );
  });
});
