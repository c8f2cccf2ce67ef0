import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { OpenRateLimiter, RateDecision, RateLimiter, RateLimiterOptions } from '../../src/index.ts';
import { until } from '../support/until.ts';

export interface LimiterSubject extends AsyncDisposable {
  readonly open: OpenRateLimiter;
}

const HOUR_MS = 3_600_000;
const perHour = { limit: 3, perMs: HOUR_MS, onUnavailable: 'closed' } as const;

/** What a limiter promises, wherever it counts. */
export function rateLimiterContract(where: string, create: () => Promise<LimiterSubject>): void {
  describe(`a rate limiter that counts ${where}`, () => {
    let subject: LimiterSubject;

    beforeAll(async () => {
      subject = await create();
    });

    afterAll(() => subject[Symbol.asyncDispose]());

    const limiter = (options: Partial<RateLimiterOptions> = {}): RateLimiter =>
      subject.open({ ...perHour, name: randomUUID(), ...options })._unsafeUnwrap();

    const take = async (from: RateLimiter, key = '4711', cost?: number): Promise<RateDecision> =>
      (await from.take(key, cost))._unsafeUnwrap();

    it('allows the burst at once, counts down, and refuses what is more', async () => {
      const visits = limiter();
      const allowed = [await take(visits), await take(visits), await take(visits)];
      expect(allowed.map((each) => each.allowed)).toEqual([true, true, true]);
      expect(allowed.map(({ remaining }) => remaining)).toEqual([2, 1, 0]);
      expect(allowed.map(({ retryAfterMs }) => retryAfterMs)).toEqual([0, 0, 0]);
      const refused = await take(visits);
      expect(refused).toMatchObject({ allowed: false, remaining: 0, degraded: false });
      expect(refused.retryAfterMs).toBeGreaterThan(HOUR_MS / 3 - 60_000);
      expect(refused.retryAfterMs).toBeLessThanOrEqual(HOUR_MS / 3);
    });

    it('says when everything has come back', async () => {
      const visits = limiter();
      const { resetsAt: first } = await take(visits);
      const { resetsAt: second } = await take(visits);
      expect(second.epochMilliseconds - first.epochMilliseconds).toBeCloseTo(HOUR_MS / 3, -1);
    });

    it('has a burst that is not the limit where it is told to', async () => {
      const visits = limiter({ burst: 1 });
      expect((await take(visits)).allowed).toBe(true);
      const refused = await take(visits);
      expect(refused.allowed).toBe(false);
      expect(refused.retryAfterMs).toBeLessThanOrEqual(HOUR_MS / 3);
    });

    it('counts each key for itself, whatever is in it', async () => {
      const visits = limiter({ limit: 1 });
      const keys = ['4711', '4712', '{4711}', '4711 ', 'Ünïcödé 🦊', 'x'.repeat(512), 'a\r\nFLUSHALL\r\n'];
      for (const key of keys) expect((await take(visits, key)).allowed).toBe(true);
      for (const key of keys) expect((await take(visits, key)).allowed).toBe(false);
    });

    it('shares what was taken with limiters of the same name, and only with those', async () => {
      const name = randomUUID();
      expect((await take(limiter({ name, limit: 1 }))).allowed).toBe(true);
      expect((await take(limiter({ name, limit: 1 }))).allowed).toBe(false);
      expect((await take(limiter({ name: `${name}:other`, limit: 1 }))).allowed).toBe(true);
    });

    it('takes more than one at once, or nothing at all', async () => {
      const visits = limiter();
      expect(await take(visits, 'key', 2)).toMatchObject({ allowed: true, remaining: 1 });
      expect(await take(visits, 'key', 2)).toMatchObject({ allowed: false, remaining: 1 });
      expect(await take(visits, 'key', 1)).toMatchObject({ allowed: true, remaining: 0 });
    });

    it('does not count what it refuses', async () => {
      const visits = limiter();
      await take(visits, 'key', 3);
      const first = await take(visits, 'key');
      for (let times = 0; times < 20; times += 1) await take(visits, 'key');
      const last = await take(visits, 'key');
      expect(last.retryAfterMs).toBeLessThanOrEqual(first.retryAfterMs);
    });

    it('allows exactly the burst when everybody comes at once', async () => {
      const visits = limiter({ limit: 50 });
      const decisions = await Promise.all(Array.from({ length: 200 }, () => take(visits)));
      expect(decisions.filter(({ allowed }) => allowed)).toHaveLength(50);
    });

    it('gives back what it took, as time goes by', async () => {
      const visits = limiter({ limit: 2, perMs: 300 });
      expect(await take(visits, 'key', 2)).toMatchObject({ allowed: true });
      expect(await take(visits, 'key', 2)).toMatchObject({ allowed: false });
      await until('the bucket is empty again', 10_000, async () => (await take(visits, 'key', 2)).allowed);
    });

    it.each([
      ['name', { name: '' }],
      ['name', { name: 'a{b}' }],
      ['name', { name: 'x'.repeat(65) }],
      ['limit', { limit: 0 }],
      ['limit', { limit: 1.5 }],
      ['limit', { limit: Number.NaN }],
      ['perMs', { perMs: 0 }],
      ['perMs', { perMs: 32 * 24 * HOUR_MS }],
      ['burst', { burst: -1 }],
      ['burst', { burst: 1_000_000 }],
      ['onUnavailable', { onUnavailable: undefined as never }],
      ['onUnavailable', { onUnavailable: 'ajar' as never }],
    ])('refuses a wrong %s: %j', (field, wrong) => {
      const refused = subject.open({ ...perHour, name: 'wrong', ...wrong });
      expect(refused._unsafeUnwrapErr()).toMatchObject({ type: 'Validation', field });
    });

    it('refuses options that are none', () => {
      expect(subject.open(undefined as never)._unsafeUnwrapErr()).toMatchObject({ field: 'options' });
    });

    it.each([
      ['key', '', 1],
      ['key', 'x'.repeat(513), 1],
      ['key', 4711 as never, 1],
      ['cost', 'key', 0],
      ['cost', 'key', 0.5],
      ['cost', 'key', 4],
    ])('refuses a wrong %s and counts nothing: %j %j', async (field, key, cost) => {
      const visits = limiter();
      const refused = await visits.take(key, cost);
      expect(refused._unsafeUnwrapErr()).toMatchObject({ type: 'Validation', field });
      expect(await take(visits, 'key', 3)).toMatchObject({ allowed: true });
    });
  });
}
