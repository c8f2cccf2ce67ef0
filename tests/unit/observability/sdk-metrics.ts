import { silentLogger, type Logger } from '../../../src/application/ports/logger.ts';
import { newCacheCounters, summarize } from '../../../src/infrastructure/cache/cache-counters.ts';
import {
  defaultMetrics,
  type MetricsSettings,
} from '../../../src/infrastructure/observability/metrics/metrics-options.ts';
import { SdkMetrics } from '../../../src/infrastructure/observability/metrics/metrics.ts';
import { MetricsRecorder } from '../../../src/infrastructure/observability/metrics/recorder.ts';
import { signalsOf } from '../../../src/infrastructure/observability/signals.ts';

/** Metrics with nothing around them, and the signals they listen to. */
export function metricsAlone(options: Partial<MetricsSettings> = {}, logger: Logger = silentLogger) {
  const settings = { ...defaultMetrics, eventLoopDelay: false, ...options };
  const recorder = new MetricsRecorder(settings);
  const metrics = new SdkMetrics({
    settings,
    recorder,
    logger,
    gauges: {
      cache: () => summarize(newCacheCounters(), { state: 'up', memory: 'up', l1Entries: 0 }),
      pool: () => ({ open: 10, idle: 1, waiting: 2, max: 10 }),
      replicas: () => [{ name: 'standby:5432', status: 'up', lagMs: 250, reads: 7, failures: 1 }],
    },
  });
  return { metrics, recorder, signals: signalsOf({}, settings.enabled ? recorder : undefined) };
}
