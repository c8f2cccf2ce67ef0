import { SpanStatusCode, type Meter, type Span, type SpanOptions, type Tracer } from '@opentelemetry/api';
import { describe, expect, it } from 'vitest';
import { observeMetrics, traceSlotwise } from '../../../src/otel.ts';
import { signalsOf } from '../../../src/infrastructure/observability/signals.ts';
import { metricsAlone } from './sdk-metrics.ts';

interface Recorded extends SpanOptions {
  readonly name: string;
  status?: SpanStatusCode;
  endedAt?: number;
}

/** The part of a tracer that is used, with what was made of it. */
function recordingTracer() {
  const spans: Recorded[] = [];
  const tracer = {
    startSpan(name: string, options: SpanOptions): Span {
      const recorded: Recorded = { name, ...options };
      spans.push(recorded);
      return {
        setStatus: ({ code }: { code: SpanStatusCode }) => (recorded.status = code),
        end: (at: number) => (recorded.endedAt = at),
      } as unknown as Span;
    },
  } as unknown as Tracer;
  return { tracer, spans };
}

describe('traces', () => {
  it('are made of what happens, from its beginning to its end', () => {
    const { tracer, spans } = recordingTracer();
    const stop = traceSlotwise(tracer);
    const signals = signalsOf();
    signals.statement.send({ operation: 'slots.get', durationMs: 40, failed: true });
    signals.useCase.send({ name: 'slots.publish', durationMs: 5, failed: true, error: 'SlotOverlap' });
    signals.unitOfWork.send({ outcome: 'committed', transaction: true, durationMs: 5 });
    stop();
    const [statement, useCase, unitOfWork] = spans;
    expect(statement).toMatchObject({
      name: 'slots.get',
      status: SpanStatusCode.ERROR,
      attributes: { 'db.system.name': 'postgresql', 'db.operation.name': 'slots.get' },
    });
    expect((statement?.endedAt ?? 0) - (statement?.startTime as number)).toBeCloseTo(40);
    expect(useCase?.attributes).toMatchObject({
      'slotwise.use_case': 'slots.publish',
      'error.type': 'SlotOverlap',
    });
    expect(unitOfWork).toMatchObject({ attributes: { 'slotwise.outcome': 'committed' } });
    expect(unitOfWork?.status).toBeUndefined();
  });

  it('leave reads out unless they are asked for, and make nothing once they are stopped', () => {
    const { tracer, spans } = recordingTracer();
    const { cacheRead, statement } = signalsOf();
    const stop = traceSlotwise(tracer);
    expect([cacheRead.wanted, statement.wanted]).toEqual([false, true]);
    stop();
    const stopReads = traceSlotwise(tracer, { cacheReads: true });
    cacheRead.send({ query: 'recruiter', source: 'l1', ageMs: 12 });
    stopReads();
    expect([cacheRead.wanted, statement.wanted]).toEqual([false, false]);
    expect(spans.map(({ name }) => name)).toEqual(['cache recruiter']);
    expect(spans[0]?.attributes).toMatchObject({
      'slotwise.cache.source': 'l1',
      'slotwise.cache.age_ms': 12,
    });
  });

  it('that cannot be made harm nobody', () => {
    const stop = traceSlotwise({
      startSpan: () => {
        throw new Error('broken');
      },
    } as unknown as Tracer);
    expect(() =>
      signalsOf().statement.send({ operation: 'now', durationMs: 1, failed: false }),
    ).not.toThrow();
    stop();
  });
});

describe('metrics for OpenTelemetry', () => {
  it('are observed when they are collected, until that is stopped', () => {
    const { metrics, signals } = metricsAlone();
    type Collect = (result: { observe(of: { name: string }, value: number, labels: object): void }) => void;
    const callbacks = new Set<Collect>();
    const create = (name: string) => ({ name });
    const meter = {
      createObservableCounter: create,
      createObservableGauge: create,
      addBatchObservableCallback: (callback: Collect) => callbacks.add(callback),
      removeBatchObservableCallback: (callback: Collect) => callbacks.delete(callback),
    } as unknown as Meter;
    const stop = observeMetrics(meter, metrics);
    signals.statement.send({ operation: 'slots.get', durationMs: 500, failed: false });
    const seen: unknown[] = [];
    for (const collect of callbacks)
      collect({ observe: ({ name }, value, labels) => seen.push([name, value, labels]) });
    expect(seen).toContainEqual(['slotwise_statement_duration_seconds_sum', 0.5, { operation: 'slots.get' }]);
    expect(seen).toContainEqual(['slotwise_statement_duration_seconds_count', 1, { operation: 'slots.get' }]);
    expect(seen).toContainEqual(['slotwise_cache_up', 1, {}]);
    stop();
    expect(callbacks.size).toBe(0);
  });
});
