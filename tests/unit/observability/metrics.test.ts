import { errAsync, ok, okAsync, err } from 'neverthrow';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { silentLogger } from '../../../src/application/ports/logger.ts';
import { readInterfaces } from '../../../src/infrastructure/observability/metrics/host-use.ts';
import { metricsAlone } from './sdk-metrics.ts';

const statement = (operation: string, durationMs: number, failed = false) => ({
  operation,
  durationMs,
  failed,
});

describe('the summary', () => {
  it('counts statements by operation, the slow and the failed ones too', () => {
    const { metrics, signals } = metricsAlone({ slowStatementMs: 100 });
    for (const event of [statement('slots.get', 10), statement('slots.get', 150), statement('now', 5, true)])
      signals.statement.send(event);
    const { statements, slowShare, failedShare } = metrics.summary().database;
    expect(statements.all).toMatchObject({ count: 3, slow: 1, failed: 1, totalMs: 165, maxMs: 150 });
    expect(statements.byName['slots.get']).toMatchObject({ count: 2, slow: 1, failed: 0, averageMs: 80 });
    expect(slowShare).toBeCloseTo(1 / 3);
    expect(failedShare).toBeCloseTo(1 / 3);
  });

  it('tells where reads were answered, by query', () => {
    const { metrics, recorder } = metricsAlone();
    for (const source of ['l1', 'l1', 'l2', 'stale', 'database'] as const)
      recorder.reads.count('recruiter', source, false);
    recorder.reads.count('candidate', 'l1', true);
    const { reads, hitRate, bySource, negativeHits, byQuery } = metrics.summary().cache;
    expect({ reads, bySource, negativeHits }).toEqual({
      reads: 6,
      bySource: { l1: 3, l2: 1, stale: 1, database: 1 },
      negativeHits: 1,
    });
    expect(hitRate).toBeCloseTo(5 / 6);
    expect(byQuery['candidate']).toEqual({ l1: 1, l2: 0, stale: 0, database: 0, negative: 1 });
  });

  it('tells transactions from units of work that needed none', () => {
    const { metrics, signals } = metricsAlone();
    signals.unitOfWork.send({ outcome: 'committed', transaction: true, durationMs: 5 });
    signals.unitOfWork.send({ outcome: 'committed', transaction: false, durationMs: 1 });
    signals.unitOfWork.send({ outcome: 'rolled-back', transaction: true, durationMs: 1 });
    signals.invalidation.send({ anchors: 2, outcome: 'deferred', durationMs: 500 });
    const { database, cache } = metrics.summary();
    expect(database.transactions).toEqual({ committed: 1, rolledBack: 1, failed: 0 });
    expect(database.unitsOfWork.byName['committed']?.count).toBe(2);
    expect(cache.invalidations.byName['deferred']?.count).toBe(1);
  });

  it('has room for so many names, and puts the rest together', () => {
    const { metrics, signals, recorder } = metricsAlone({ maxNames: 3 });
    for (let id = 0; id < 1_000; id += 1) {
      signals.statement.send(statement(`made-up.${id}`, 1));
      recorder.reads.count(`made-up.${id}`, 'l1', false);
    }
    const { cache, database } = metrics.summary();
    expect(Object.keys(database.statements.byName)).toEqual(['other', 'made-up.0', 'made-up.1', 'made-up.2']);
    expect(database.statements.byName['other']?.count).toBe(997);
    expect(Object.keys(cache.byQuery)).toHaveLength(4);
    expect(cache.reads).toBe(1_000);
  });

  it('starts over when it is reset', () => {
    const { metrics, signals, recorder } = metricsAlone();
    signals.statement.send(statement('now', 5));
    signals.unitOfWork.send({ outcome: 'committed', transaction: true, durationMs: 5 });
    recorder.reads.count('recruiter', 'l1', false);
    metrics.timer('work').stop();
    metrics.reset();
    const { database, cache, timers } = metrics.summary();
    expect(database.statements).toMatchObject({ all: { count: 0 }, byName: {} });
    expect(database.transactions.committed).toBe(0);
    expect(cache.reads).toBe(0);
    expect(timers.all.count).toBe(0);
  });

  it('counts nothing when it is switched off, and still works', () => {
    const { metrics, signals } = metricsAlone({ enabled: false });
    expect(signals.statement.wanted).toBe(false);
    expect(signals.reads).toBeUndefined();
    expect(metrics.measure('work', () => 5)).toBe(5);
    expect(metrics.summary()).toMatchObject({ enabled: false, timers: { all: { count: 0 } } });
  });

  it('reads well', () => {
    const { metrics, signals, recorder } = metricsAlone();
    signals.statement.send(statement('slots.get', 150));
    recorder.reads.count('recruiter', 'l1', false);
    metrics.measure('GET /api/slots', () => undefined);
    const text = metrics.text();
    expect(text).toContain('=== Performance Summary ===');
    expect(text).toContain('Cache hit rate: 100.0%');
    expect(text).toContain('Total queries: 1');
    expect(text).toContain('Slow queries: 1');
    expect(text).toMatch(/Top endpoints:\n {2}GET \/api\/slots: 1 requests, avg \d+\.\dms/);
    expect(text).toContain('Connections: 9 of 10 in use, 2 waiting');
  });
});

describe('a target', () => {
  it('is met, missed, or missed by far', () => {
    const { metrics, signals, recorder } = metricsAlone();
    for (let read = 0; read < 10; read += 1)
      recorder.reads.count('city', read < 7 ? 'l1' : 'database', false);
    signals.statement.send(statement('now', 700));
    const { status, findings } = metrics.evaluate()._unsafeUnwrap();
    const of = (name: string) => findings.find(({ measure }) => measure === name);
    expect(status).toBe('critical');
    expect(of('hitRate')).toMatchObject({ status: 'missed', value: 0.7, target: 0.8, critical: 0.6 });
    expect(of('p95StatementMs')).toMatchObject({ status: 'critical' });
    expect(of('failedStatementShare')).toMatchObject({ status: 'met', value: 0 });
    expect(of('poolShare')).toMatchObject({ status: 'missed', value: 0.9 });
    expect(of('p95UseCaseMs')).toEqual({
      measure: 'p95UseCaseMs',
      status: 'unknown',
      target: 500,
      critical: 1_000,
    });
  });

  it('can be another one, or none', () => {
    const { metrics, recorder } = metricsAlone();
    recorder.reads.count('city', 'database', false);
    const none = { target: 1, critical: 1 };
    const { findings, status } = metrics
      .evaluate({
        hitRate: { target: 0, critical: 0 },
        memoryShare: none,
        cpuShare: { target: 100, critical: 100 },
        poolShare: false,
      })
      ._unsafeUnwrap();
    expect(findings.find(({ measure }) => measure === 'hitRate')?.status).toBe('met');
    expect(findings.some(({ measure }) => measure === 'poolShare')).toBe(false);
    expect(status).toBe('met');
  });

  it.each([
    [{ hitRate: { target: 0.5, critical: 0.6 } }, 'targets.hitRate'],
    [{ slowShare: { target: 0.5, critical: 0.4 } }, 'targets.slowShare'],
    [{ slowShare: { target: Number.NaN, critical: 1 } }, 'targets.slowShare'],
    [{ toString: { target: 1, critical: 1 } }, 'targets.toString'],
  ])('that makes no sense is refused: %j', (targets, field) => {
    const { metrics } = metricsAlone();
    expect(metrics.evaluate(targets as never)._unsafeUnwrapErr()).toMatchObject({
      type: 'Validation',
      field,
    });
  });
});

describe('timing', () => {
  beforeEach(
    () =>
      void vi.useFakeTimers({
        toFake: ['performance', 'setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'],
      }),
  );
  afterEach(() => void vi.useRealTimers());

  it('ends with the block it is used in, once', () => {
    const { metrics } = metricsAlone();
    const timer = metrics.timer('work');
    {
      using block = timer;
      vi.advanceTimersByTime(25);
      expect(block.elapsedMs).toBe(25);
    }
    vi.advanceTimersByTime(25);
    expect(timer.stop()).toBe(25);
    expect(metrics.summary().timers.byName['work']).toMatchObject({ count: 1, totalMs: 25, failed: 0 });
  });

  it('answers what is measured as it is, and for as long as it takes', async () => {
    const { metrics } = metricsAlone();
    const later = metrics.measure('later', () => new Promise((resolve) => setTimeout(resolve, 40, 'done')));
    await vi.advanceTimersByTimeAsync(40);
    expect(await later).toBe('done');
    const chained = metrics.measure('chained', () => okAsync(1)).map((value) => value + 1);
    expect(await chained).toEqual(ok(2));
    expect(metrics.measure('plain', () => ok(1))).toEqual(ok(1));
    const { byName } = metrics.summary().timers;
    expect(byName['later']).toMatchObject({ count: 1, totalMs: 40, failed: 0 });
    expect(byName['chained']).toMatchObject({ count: 1, failed: 0 });
  });

  it.each([
    ['an Err', () => err('busy')],
    ['an Err some time', () => errAsync('busy')],
    ['an Err in a promise', () => Promise.resolve(err('busy'))],
    ['a rejection', () => Promise.reject(new Error('broken'))],
    [
      'a throw',
      () => {
        throw new Error('broken');
      },
    ],
  ])('counts %s as failed', async (_what, fn) => {
    const { metrics } = metricsAlone();
    const settled = await Promise.allSettled([(async () => metrics.measure<unknown>('work', fn))()]);
    expect(settled).toHaveLength(1);
    expect(metrics.summary().timers.all).toMatchObject({ count: 1, failed: 1 });
  });

  it('is logged from time to time when that is wanted, and no more after the end', () => {
    const info = vi.fn<(fields: object, message: string) => void>();
    const { metrics } = metricsAlone({ logEveryMs: 60_000 }, { ...silentLogger, info });
    metrics.start();
    vi.advanceTimersByTime(120_000);
    expect(info).toHaveBeenCalledTimes(2);
    expect(info.mock.calls[0]?.[1]).toContain('Performance Summary');
    metrics.stop();
    vi.advanceTimersByTime(120_000);
    expect(info).toHaveBeenCalledTimes(2);
  });
});

describe('the machine', () => {
  it('tells what it can', async () => {
    const { metrics } = metricsAlone();
    const { memoryShare, disk } = await metrics.host();
    expect(memoryShare).toBeGreaterThan(0);
    expect(memoryShare).toBeLessThan(1);
    expect(disk?.freeBytes).toBeLessThanOrEqual(disk?.totalBytes ?? 0);
  });

  it('counts its interfaces, the loopback left out', () => {
    const line = (name: string, received: number, sent: number): string =>
      `  ${name}: ${received} 1 0 0 0 0 0 0 ${sent} 1 0 0 0 0 0 0`;
    const text = `Inter-|   Receive  |  Transmit\n face |bytes\n${line('lo', 9, 9)}\n${line('eth0', 100, 50)}\n${line('eth1', 1, 2)}`;
    expect(readInterfaces(text)).toEqual({ receivedBytes: 101, sentBytes: 52 });
  });

  it('measures how late the event loop is while it is asked to', async () => {
    const { metrics } = metricsAlone({ eventLoopDelay: true });
    expect(metrics.summary().process.eventLoopDelay).toBeUndefined();
    metrics.start();
    expect(metrics.summary().process.eventLoopDelay).toBeDefined();
    metrics.stop();
    expect(metrics.summary().process.eventLoopDelay).toBeUndefined();
  });
});
