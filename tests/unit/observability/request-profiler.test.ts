import { channel } from 'node:diagnostics_channel';
import { setImmediate as turn } from 'node:timers/promises';
import { err, ok } from 'neverthrow';
import { describe, expect, it } from 'vitest';
import type { Logger } from '../../../src/application/ports/logger.ts';
import { channelNames } from '../../../src/infrastructure/observability/channels.ts';
import type { RequestProfile } from '../../../src/infrastructure/observability/profile/request-profile.ts';
import { metricsAlone } from './sdk-metrics.ts';

function profiled(profileRequests = true) {
  const lines: string[] = [];
  const profiles: RequestProfile[] = [];
  const logger: Logger = {
    debug: () => undefined,
    info: (fields, message) => {
      profiles.push((fields as { readonly profile: RequestProfile }).profile);
      lines.push(message);
    },
    warn: () => undefined,
    error: () => undefined,
  };
  return { ...metricsAlone({ profileRequests }, logger), profiles, lines };
}

const statement = (operation: string, durationMs = 2, failed = false) => ({ operation, durationMs, failed });

describe('a profiled request', () => {
  it('is what it has caused, however it was waited for, and nothing of others', async () => {
    const { metrics, signals, profiles, lines } = profiled();
    const other = metrics.profile('other', async () => {
      await turn();
      signals.statement.send(statement('slots.search'));
    });
    const answer = await metrics.profile('GET /slots', async () => {
      signals.statement.send(statement('slots.find'));
      await Promise.all(
        [1, 2].map(async () => turn().then(() => signals.statement.send(statement('slots.find')))),
      );
      signals.statement.send(statement('now', 1, true));
      for (const source of ['l1', 'l1', 'database'] as const)
        signals.cacheRead.send({ query: 'slot', source });
      signals.useCase.send({ name: 'booking.reserve', durationMs: 3, failed: false });
      return ok('slots');
    });
    await other;
    signals.statement.send(statement('nobody’s'));
    expect(answer).toEqual(ok('slots'));
    expect(profiles.find(({ name }) => name === 'GET /slots')).toEqual({
      name: 'GET /slots',
      durationMs: expect.any(Number) as number,
      failed: false,
      statements: { count: 4, failed: 1, totalMs: 7, byOperation: { 'slots.find': 3, now: 1 } },
      reads: { l1: 2, l2: 0, stale: 0, database: 1 },
      commands: ['booking.reserve'],
    });
    expect(profiles.find(({ name }) => name === 'other')?.statements.byOperation).toEqual({
      'slots.search': 1,
    });
    expect(lines).toContainEqual(
      expect.stringMatching(
        /^GET \/slots: \d+\.\d ms, 4 statements in 7\.0 ms, 2 of 3 reads from the cache$/,
      ),
    );
  });

  it('is measured as well, and failed when it answers an Err or throws', () => {
    const { metrics, profiles } = profiled();
    expect(metrics.profile('refused', () => err({ type: 'No' })).isErr()).toBe(true);
    expect(() =>
      metrics.profile('broken', () => {
        throw new Error('boom');
      }),
    ).toThrow('boom');
    expect(profiles.map(({ name, failed }) => [name, failed])).toEqual([
      ['refused', true],
      ['broken', true],
    ]);
    expect(metrics.summary().timers.byName['refused']).toMatchObject({ count: 1, failed: 1 });
  });

  it('leaves nobody listening when it has ended', async () => {
    const { metrics } = profiled();
    const listening = (): readonly boolean[] =>
      [channelNames.cacheRead, channelNames.statement].map((name) => channel(name).hasSubscribers);
    const both = ['one', 'two'].map((name) => metrics.profile(name, () => turn()));
    expect(listening()).toEqual([true, true]);
    await Promise.all(both);
    expect(listening()).toEqual([false, false]);
  });

  it('is only measured where profiles are not asked for', () => {
    const { metrics, profiles } = profiled(false);
    expect(metrics.profile('GET /slots', () => channel(channelNames.statement).hasSubscribers)).toBe(false);
    expect(profiles).toEqual([]);
    expect(metrics.summary().timers.byName['GET /slots']?.count).toBe(1);
  });
});
