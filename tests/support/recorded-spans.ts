import type { Attributes, SpanStatus, Tracer } from '@opentelemetry/api';
import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';

/** A span as a test looks at it. */
export interface RecordedSpan {
  readonly name: string;
  readonly parent: RecordedSpan | undefined;
  readonly traceId: string;
  readonly attributes: Attributes;
  readonly status: SpanStatus;
  readonly durationMs: number;
}

/** A tracer of OpenTelemetry's own SDK, and what it has recorded, in the order in which it ended. */
export function recordedSpans(): { readonly tracer: Tracer; readonly spans: () => readonly RecordedSpan[] } {
  const exporter = new InMemorySpanExporter();
  const provider = new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter })] });
  const spans = (): readonly RecordedSpan[] => {
    const finished = exporter.getFinishedSpans();
    const byId = new Map<string, RecordedSpan>();
    for (const span of finished) {
      const { name, attributes, status, duration, parentSpanContext } = span;
      const { spanId, traceId } = span.spanContext();
      byId.set(spanId, {
        name,
        // Parents end after their children.
        get parent() {
          return byId.get(parentSpanContext?.spanId ?? '');
        },
        traceId,
        attributes,
        status,
        durationMs: duration[0] * 1e3 + duration[1] / 1e6,
      });
    }
    return [...byId.values()];
  };
  return { tracer: provider.getTracer('slotwise'), spans };
}
