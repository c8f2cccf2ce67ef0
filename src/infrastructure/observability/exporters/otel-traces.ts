import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { Tracer } from '@opentelemetry/api';
import { activityChannelName, channelNames } from '../channels.ts';
import { OtelSpans } from './otel-spans.ts';

export interface TraceOptions {
  /** Also a span for every cached read, of no length: they are many. `false` when left out. */
  readonly cacheReads?: boolean;
}

/**
 * Makes spans of what all SDKs of this process do: use cases, units of work, statements and, on request, cached reads. They
 * nest: what a use case or the work of `transaction` does, spans of the host included, lies under its span, and a statement
 * lies under its unit of work, also where that was opened by hand. Everything else lies under the span that is active for its
 * caller. What belongs to a correlation id has it as `slotwise.correlation_id`.
 *
 * What had begun before this was called, or has not ended when tracing is stopped, gets no span. Answers how to stop; before
 * and after that, nothing is made of anything.
 */
export function traceSlotwise(tracer: Tracer, { cacheReads = false }: TraceOptions = {}): () => void {
  const spans = new OtelSpans(tracer);
  const stops = [
    listen(activityChannelName, spans.begin),
    listen(channelNames.useCase, spans.endUseCase),
    listen(channelNames.unitOfWork, spans.endUnitOfWork),
    listen(channelNames.statement, spans.statement),
    ...(cacheReads ? [listen(channelNames.cacheRead, spans.cacheRead)] : []),
  ];
  return () => {
    for (const stop of stops) stop();
  };
}

/** @param make is told what the channel carries by its name */
function listen(channel: string, make: (event: never) => void): () => void {
  const heard = (event: unknown): void => {
    // A subscriber that throws ends the process.
    try {
      make(event as never);
    } catch {
      // A span less.
    }
  };
  subscribe(channel, heard);
  return () => unsubscribe(channel, heard);
}
