import { describe, expect, it } from 'vitest';
import { observe } from '../../../src/cli/monitor/observation.ts';
import type { Sample } from '../../../src/cli/monitor/sample.ts';
import type { CacheUsage } from '../../../src/cli/cache-usage.ts';
import type { DatabaseActivity, HealthReport } from '../../../src/index.ts';

const health: HealthReport = {
  status: 'up',
  live: true,
  ready: true,
  database: { status: 'up', latencyMs: 1 },
  cache: { status: 'up', latencyMs: 1 },
  events: { backlog: 2, oldestMs: 10, dead: 1 },
  invalidation: { backlog: 0, oldestMs: 0 },
};

const sample = (
  at: number,
  activity: Partial<DatabaseActivity>,
  usage: Partial<CacheUsage>,
  told = health,
): Sample => ({
  at,
  health: told,
  activity: {
    commits: 0,
    rollbacks: 0,
    deadlocks: 0,
    statements: undefined,
    bookingsInLastMinute: 3,
    ...activity,
  },
  usage: { hits: 0, misses: 0, evictions: 0, commands: 0, usedBytes: 5, maxBytes: 0, ...usage },
});

describe('what is observed between two looks', () => {
  it('are rates over the time that has really passed', () => {
    const before = sample(0, { commits: 10, rollbacks: 1, statements: 100 }, { hits: 5, misses: 5 });
    const now = sample(
      4000,
      { commits: 30, rollbacks: 1, statements: 108 },
      { hits: 8, misses: 6, commands: 2 },
    );
    expect(observe(before, now)).toMatchObject({
      database: { commitsPerSecond: 5, rollbacksPerSecond: 0, statementsPerSecond: 2 },
      cache: { hitRate: 0.75, commandsPerSecond: 0.5 },
      bookingsInLastMinute: 3,
    });
  });

  it('is nothing for the first look, nor for counts that have begun anew', () => {
    const now = sample(2000, { commits: 5 }, { hits: 1, commands: 3 });
    for (const before of [undefined, sample(0, { commits: 900 }, { hits: 700, commands: 800 })]) {
      const { database, cache } = observe(before, now);
      for (const rate of ['commitsPerSecond', 'statementsPerSecond'])
        expect(database).not.toHaveProperty(rate);
      for (const rate of ['hitRate', 'commandsPerSecond']) expect(cache).not.toHaveProperty(rate);
    }
  });

  it('is no hit rate where nothing was looked up', () => {
    expect(observe(sample(0, {}, { hits: 5 }), sample(1, {}, { hits: 5 })).cache).not.toHaveProperty(
      'hitRate',
    );
  });

  it('is nothing of what waits where the database does not tell', () => {
    const down = { ...health, database: { status: 'down', detail: 'Timeout' } } as const;
    const { activity: _activity, ...silent } = sample(0, {}, {}, down);
    const seen = observe(undefined, silent);
    expect(seen.database).toEqual({ status: 'down', detail: 'Timeout' });
    for (const field of ['events', 'invalidation', 'bookingsInLastMinute'])
      expect(seen).not.toHaveProperty(field);
  });
});
