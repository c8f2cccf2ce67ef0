import type { Instrumentation, InstrumentationEvents } from '../../application/ports/instrumentation.ts';
import { channelOf } from './channels.ts';
import type { ReadCounts } from './metrics/read-counts.ts';
import { Signal } from './signal.ts';
import type { StatementWatch } from './statements/statement-watch.ts';

/** How the SDK tells what happens inside: one signal for each hook of `Instrumentation`. */
export type Signals = {
  readonly [Hook in keyof InstrumentationEvents]: Signal<InstrumentationEvents[Hook]>;
} & {
  /** Reads are counted in place: a hit in memory is too quick for an event of its own. */
  readonly reads: ReadCounts | undefined;
  /** Statements with their text: one event for each would cost more than most of them are worth. */
  readonly sent: StatementWatch | undefined;
};

/** What listens inside the SDK itself. */
export interface Recorder {
  readonly hooks: Omit<Instrumentation, 'cacheRead'>;
  readonly reads: ReadCounts;
}

/** @param recorder the SDK's own metrics, which hear of everything before the host does */
export function signalsOf(host: Instrumentation = {}, recorder?: Recorder, sent?: StatementWatch): Signals {
  const own: Instrumentation = recorder?.hooks ?? {};
  const signal = <Hook extends keyof InstrumentationEvents>(hook: Hook): Signals[Hook] =>
    new Signal(
      [own, host].flatMap((listener) =>
        // By its name at each call: the host's hook may use `this`.
        listener[hook] === undefined ? [] : [(event: never) => listener[hook]?.(event)],
      ),
      channelOf(hook),
    ) as unknown as Signals[Hook];
  return {
    reads: recorder?.reads,
    sent,
    cacheRead: signal('cacheRead'),
    cacheLoad: signal('cacheLoad'),
    statement: signal('statement'),
    invalidation: signal('invalidation'),
    breaker: signal('breaker'),
    unitOfWork: signal('unitOfWork'),
    useCase: signal('useCase'),
  };
}
