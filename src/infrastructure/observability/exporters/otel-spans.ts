import {
  context,
  createContextKey,
  SpanKind,
  SpanStatusCode,
  trace,
  type Attributes,
  type Context,
  type Span,
  type Tracer,
} from '@opentelemetry/api';
import type {
  Activity,
  CacheReadEvent,
  StatementEvent,
  UnitOfWorkEvent,
  UseCaseEvent,
} from '../../../application/ports/instrumentation.ts';
import { systemClock } from '../../config/system-clock.ts';

/** Which activities a context lies in, from the innermost on. */
interface Place {
  readonly activity: Activity;
  readonly outer: Place | undefined;
}

interface Begun {
  readonly span: Span;
  readonly inside: Context;
}

/** What a span that is made when everything is known says. */
interface Described {
  readonly name: string;
  readonly kind: SpanKind;
  readonly durationMs: number;
  readonly attributes: Attributes;
}

const PLACE = createContextKey('the activities of Slotwise around this');
const CORRELATION = 'slotwise.correlation_id';

/** Makes spans of what it is told of. Attributes of databases are those of the semantic conventions for client calls, 1.33. */
export class OtelSpans {
  readonly #tracer: Tracer;
  readonly #begun = new WeakMap<Activity, Begun>();

  constructor(tracer: Tracer) {
    this.#tracer = tracer;
  }

  readonly begin = (activity: Activity): void => {
    const outside = context.active();
    const { name } = activity;
    const startTime = systemClock.now().epochMilliseconds;
    const place: Place = { activity, outer: placeOf(outside) };
    const attributes = correlationAt(place);
    const span = this.#tracer.startSpan(name, { kind: SpanKind.INTERNAL, startTime, attributes }, outside);
    const inside = trace.setSpan(outside, span).setValue(PLACE, place);
    this.#begun.set(activity, { span, inside });
    activity.around((run) => context.with(inside, run));
  };

  readonly endUseCase = ({ activity, name, failed, error }: UseCaseEvent): void =>
    this.#end(activity, failed, {
      'slotwise.use_case': name,
      ...(error === undefined ? {} : { 'error.type': error }),
    });

  readonly endUnitOfWork = ({ activity, outcome, transaction }: UnitOfWorkEvent): void =>
    this.#end(activity, outcome === 'failed', {
      'slotwise.outcome': outcome,
      'slotwise.transaction': transaction,
    });

  readonly statement = ({ activity, operation, durationMs, failed, sqlState }: StatementEvent): void => {
    const described = {
      name: operation,
      kind: SpanKind.CLIENT,
      durationMs,
      attributes: {
        'db.system.name': 'postgresql',
        'db.operation.name': operation,
        ...(failed ? { 'error.type': sqlState ?? '_OTHER' } : {}),
        ...(sqlState === undefined ? {} : { 'db.response.status_code': sqlState }),
      },
    };
    this.#make(described, failed, this.#insideOf(activity));
  };

  readonly cacheRead = ({ query, source, ageMs }: CacheReadEvent): void => {
    const described = {
      name: `cache ${query}`,
      kind: SpanKind.INTERNAL,
      durationMs: 0,
      attributes: {
        'slotwise.cache.query': query,
        'slotwise.cache.source': source,
        ...(ageMs === undefined ? {} : { 'slotwise.cache.age_ms': ageMs }),
      },
    };
    this.#make(described, false, context.active());
  };

  /** The caller may be deeper inside of the activity; or, where it was opened by hand, not inside of it at all. */
  #insideOf(activity: Activity | undefined): Context {
    const active = context.active();
    if (activity === undefined) return active;
    for (let place = placeOf(active); place !== undefined; place = place.outer)
      if (place.activity === activity) return active;
    return this.#begun.get(activity)?.inside ?? active;
  }

  #make({ name, kind, durationMs, attributes }: Described, failed: boolean, parent: Context): void {
    const endTime = systemClock.now().epochMilliseconds;
    const span = this.#tracer.startSpan(
      name,
      {
        kind,
        startTime: endTime - durationMs,
        attributes: { ...attributes, ...correlationAt(placeOf(parent)) },
      },
      parent,
    );
    if (failed) span.setStatus({ code: SpanStatusCode.ERROR });
    span.end(endTime);
  }

  #end(activity: Activity | undefined, failed: boolean, attributes: Attributes): void {
    const begun = activity && this.#begun.get(activity);
    if (begun === undefined) return;
    const { span } = begun;
    span.setAttributes(attributes);
    if (failed) span.setStatus({ code: SpanStatusCode.ERROR });
    span.end(systemClock.now().epochMilliseconds);
  }
}

const placeOf = (of: Context): Place | undefined => of.getValue(PLACE) as Place | undefined;

/** Of the innermost activity that has one. */
function correlationAt(innermost: Place | undefined): Attributes {
  for (let place = innermost; place !== undefined; place = place.outer)
    if (place.activity.correlationId !== undefined) return { [CORRELATION]: place.activity.correlationId };
  return {};
}
