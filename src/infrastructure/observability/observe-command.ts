import type { UseCaseEvent } from '../../application/ports/instrumentation.ts';
import type { ObserveCommand } from '../../application/use-case.ts';
import { beginActivity } from './activity.ts';
import type { Signal } from './signal.ts';

/**
 * Tells of each command when it has ended; one that nobody wants to hear of goes through as it is.
 *
 * @param correlationId what the host is doing at this moment
 */
export const observeCommand =
  (ended: Signal<UseCaseEvent>, correlationId: () => string | undefined): ObserveCommand =>
  (name, run) => {
    const activity = beginActivity(name, correlationId());
    if (!ended.wanted && activity === undefined) return run();
    const startedAt = performance.now();
    const told = (failure: Pick<UseCaseEvent, 'failed' | 'error'>): void =>
      ended.send({ name, durationMs: performance.now() - startedAt, ...failure, activity });
    return (activity === undefined ? run() : activity.run(run))
      .andTee(() => told({ failed: false }))
      .orTee((error) => told({ failed: true, error: typeOf(error) }));
  };

/** Errors are told apart by their `type`, a fixed word. */
const typeOf = (error: unknown): string => String((error as { readonly type?: unknown } | null)?.type);
