import { context, SpanStatusCode, type Meter, type Tracer } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { observeMetrics, traceSlotwise } from '../../../src/otel.ts';
import { beginActivity } from '../../../src/infrastructure/observability/activity.ts';
import { signalsOf } from '../../../src/infrastructure/observability/signals.ts';
import { recordedSpans } from '../../support/recorded-spans.ts';
import { metricsAlone } from './sdk-metrics.ts';

describe('traces', () => {
  const contexts = new AsyncLocalStorageContextManager();

  beforeAll(() => context.setGlobalContextManager(contexts.enable()));
  afterAll(() => context.disable());

  it('are made of what happens, from its beginning to its end', () => {
    const { tracer, spans } = recordedSpans();
    const stop = traceSlotwise(tracer);
    const { statement } = signalsOf();
    statement.send({ operation: 'slots.get', durationMs: 40, failed: true, sqlState: '57014' });
    statement.send({ operation: 'slots.add', durationMs: 1, failed: true });
    statement.send({ operation: 'slots.list', durationMs: 1, failed: false });
    stop();
    const [canceled, broken, fine] = spans();
    expect(canceled).toMatchObject({
      name: 'slots.get',
      status: { code: SpanStatusCode.ERROR },
      attributes: {
        'db.system.name': 'postgresql',
        'db.operation.name': 'slots.get',
        'db.response.status_code': '57014',
        'error.type': '57014',
      },
    });
    expect(canceled?.durationMs).toBeCloseTo(40);
    expect(broken?.attributes).toEqual({
      'db.system.name': 'postgresql',
      'db.operation.name': 'slots.add',
      'error.type': '_OTHER',
    });
    expect(fine?.status).toEqual({ code: SpanStatusCode.UNSET });
  });

  it('put what happens inside of an activity under its span', () => {
    const { tracer, spans } = recordedSpans();
    const stop = traceSlotwise(tracer);
    const { useCase, statement } = signalsOf();
    const activity = beginActivity('slots.publish', 'request-7');
    activity?.run(() => statement.send({ operation: 'slots.add', durationMs: 1, failed: false }));
    useCase.send({ name: 'slots.publish', durationMs: 5, failed: true, error: 'SlotOverlap', activity });
    stop();
    const [child, parent] = spans();
    expect(parent).toMatchObject({
      name: 'slots.publish',
      parent: undefined,
      status: { code: SpanStatusCode.ERROR },
      attributes: {
        'slotwise.use_case': 'slots.publish',
        'slotwise.correlation_id': 'request-7',
        'error.type': 'SlotOverlap',
      },
    });
    expect(child).toMatchObject({ parent: { name: 'slots.publish' }, traceId: parent?.traceId });
    expect(child?.attributes).toMatchObject({ 'slotwise.correlation_id': 'request-7' });
  });

  it('leave reads out unless they are asked for, and make nothing once they are stopped', () => {
    const { tracer, spans } = recordedSpans();
    const { cacheRead, statement } = signalsOf();
    const stop = traceSlotwise(tracer);
    expect([cacheRead.wanted, statement.wanted]).toEqual([false, true]);
    stop();
    const stopReads = traceSlotwise(tracer, { cacheReads: true });
    cacheRead.send({ query: 'recruiter', source: 'l1', ageMs: 12 });
    stopReads();
    expect([cacheRead.wanted, statement.wanted]).toEqual([false, false]);
    expect(spans().map(({ name }) => name)).toEqual(['cache recruiter']);
    expect(spans()[0]?.attributes).toMatchObject({
      'slotwise.cache.source': 'l1',
      'slotwise.cache.age_ms': 12,
    });
  });

  it('begin nothing while nobody traces, and end nothing that they have not seen begin', () => {
    const { tracer, spans } = recordedSpans();
    expect(beginActivity('slots.publish')).toBeUndefined();
    const stop = traceSlotwise(tracer);
    const activity = beginActivity('slots.publish');
    stop();
    const later = recordedSpans();
    const stopLater = traceSlotwise(later.tracer);
    signalsOf().useCase.send({ name: 'slots.publish', durationMs: 5, failed: false, activity });
    signalsOf().unitOfWork.send({ outcome: 'committed', transaction: true, durationMs: 5 });
    stopLater();
    expect([...spans(), ...later.spans()]).toEqual([]);
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
    expect(beginActivity('slots.publish')?.run(() => 42)).toBe(42);
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
