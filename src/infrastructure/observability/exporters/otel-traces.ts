import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { context, SpanKind, SpanStatusCode, type Attributes, type Tracer } from '@opentelemetry/api';
import type { InstrumentationEvents } from '../../../application/ports/instrumentation.ts';
import { systemClock } from '../../config/system-clock.ts';
import { channelNames } from '../channels.ts';

interface Described {
  readonly name: string;
  readonly kind: SpanKind;
  readonly durationMs: number;
  readonly failed: boolean;
  readonly attributes: Attributes;
}

type Describe = {
  readonly [Hook in keyof InstrumentationEvents]?: (event: InstrumentationEvents[Hook]) => Described;
};

/** What becomes a span. Database attributes are those of the semantic conventions for database client calls, 1.33. */
const spans: Describe = {
  statement: ({ operation, durationMs, failed }) => ({
    name: operation,
    kind: SpanKind.CLIENT,
    durationMs,
    failed,
    attributes: {
      'db.system.name': 'postgresql',
      'db.operation.name': operation,
      ...(failed ? { 'error.type': '_OTHER' } : {}),
    },
  }),
  unitOfWork: ({ outcome, transaction, durationMs }) => ({
    name: 'slotwise unit of work',
    kind: SpanKind.INTERNAL,
    durationMs,
    failed: outcome === 'failed',
    attributes: { 'slotwise.outcome': outcome, 'slotwise.transaction': transaction },
  }),
  cacheRead: ({ query, source, ageMs }) => ({
    name: `cache ${query}`,
    kind: SpanKind.INTERNAL,
    durationMs: 0,
    failed: false,
    attributes: {
      'slotwise.cache.query': query,
      'slotwise.cache.source': source,
      ...(ageMs === undefined ? {} : { 'slotwise.cache.age_ms': ageMs }),
    },
  }),
  useCase: ({ name, durationMs, failed, error }) => ({
    name,
    kind: SpanKind.INTERNAL,
    durationMs,
    failed,
    attributes: { 'slotwise.use_case': name, ...(error === undefined ? {} : { 'error.type': error }) },
  }),
};

export interface TraceOptions {
  /** Also a span for every cached read, of no length: they are many. `false` when left out. */
  readonly cacheReads?: boolean;
}

/**
 * Makes spans of what all SDKs of this process do: use cases, units of work, statements and, on request, cached reads.
 * Each is made when it has ended, under the span that is active for its caller by then, and begins when the work began.
 * Answers how to stop; until it is called and after that, nothing is made of anything.
 */
export function traceSlotwise(tracer: Tracer, { cacheReads = false }: TraceOptions = {}): () => void {
  const subscriptions = Object.entries(spans)
    .filter(([hook]) => cacheReads || hook !== 'cacheRead')
    .map(([hook, describe]) => {
      const listen = (event: unknown): void => {
        // A subscriber that throws ends the process.
        try {
          makeSpan(tracer, describe(event as never));
        } catch {
          // A span less.
        }
      };
      const name = channelNames[hook as keyof Describe];
      subscribe(name, listen);
      return () => unsubscribe(name, listen);
    });
  return () => {
    for (const stop of subscriptions) stop();
  };
}

function makeSpan(tracer: Tracer, { name, kind, durationMs, failed, attributes }: Described): void {
  const endTime = systemClock.now().epochMilliseconds;
  const span = tracer.startSpan(
    name,
    { kind, attributes, startTime: endTime - durationMs },
    context.active(),
  );
  if (failed) span.setStatus({ code: SpanStatusCode.ERROR });
  span.end(endTime);
}
