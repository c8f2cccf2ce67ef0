import type { Clock } from '../application/ports/clock.ts';
import { silentLogger, type Logger } from '../application/ports/logger.ts';
import { parseBookingPolicy, type BookingPolicy } from '../domain/booking/booking-policy.ts';
import { systemClock } from '../infrastructure/config/system-clock.ts';
import { defaultMetrics } from '../infrastructure/observability/metrics/metrics-options.ts';
import { SdkMetrics } from '../infrastructure/observability/metrics/metrics.ts';
import { MetricsRecorder } from '../infrastructure/observability/metrics/recorder.ts';
import { signalsOf } from '../infrastructure/observability/signals.ts';
import { correlatedLogger } from '../infrastructure/observability/logs/correlated-logger.ts';
import { Correlation } from '../infrastructure/observability/logs/correlation.ts';
import { assembleSlotwise, type Slotwise } from '../infrastructure/slotwise.ts';
import { inMemoryBackend } from './in-memory/in-memory-backend.ts';

export interface InMemorySlotwiseOptions {
  /** Decides everything that has to do with time; the system's clock when left out. */
  readonly clock?: Clock;
  readonly policies?: { readonly booking?: Partial<BookingPolicy> };
  /** Told when an `afterCommit` or `onCommit` callback throws; silent when left out. */
  readonly logger?: Logger;
  /**
   * How long a unit of work waits for another one that writes before it answers a `Timeout`, in milliseconds; 2,000
   * when left out, which is less than the time limit test runners give a test.
   */
  readonly lockTimeoutMs?: number;
}

const LOCK_TIMEOUT_MS = 2_000;

/**
 * An SDK for unit tests that keeps everything in this process: the same use cases, the same errors, the same rules about
 * transactions as on PostgreSQL, without a server and without waiting. `migrate()` has nothing to do.
 *
 * One unit of work writes at a time: the first write or lock waits until the one before it has ended. A unit of work
 * that is opened inside another one that has written therefore ends in a `Timeout` instead of hanging.
 *
 * Throws a `TypeError` when a policy is invalid. Each write copies the table it changes: made for hundreds of rows.
 */
export function createInMemorySlotwise(options: InMemorySlotwiseOptions = {}): Slotwise {
  const { clock = systemClock, logger: host = silentLogger, lockTimeoutMs = LOCK_TIMEOUT_MS } = options;
  const correlation = new Correlation();
  const logger = correlatedLogger(host, correlation);
  const policy = parseBookingPolicy(options.policies?.booking).match(
    (valid) => valid,
    ({ field, message }) => {
      throw new TypeError(`${field} ${message}`);
    },
  );
  // The delay of the event loop would be that of the test runner.
  const settings = { ...defaultMetrics, eventLoopDelay: false };
  const recorder = new MetricsRecorder(settings);
  const signals = signalsOf({}, recorder);
  const backend = inMemoryBackend(clock, logger, lockTimeoutMs, signals);
  const gauges = { cache: () => backend.cache.stats(), pool: () => undefined, replicas: () => undefined };
  const metrics = new SdkMetrics({ settings, recorder, gauges, logger });
  return assembleSlotwise(backend, { policy, logger, clock, metrics, signals, correlation });
}
