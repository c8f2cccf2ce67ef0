import type { Meter, Observable } from '@opentelemetry/api';
import type { Metrics } from '../metrics/metrics.ts';
import { exportedMetrics, type ExportedMetric, type NumberSample } from './samples.ts';

/**
 * Offers everything `metrics` knows to a meter, read anew whenever a reader collects. The names are those of Prometheus;
 * a duration becomes two counters, `…_count` and `…_sum`, since OpenTelemetry has no histograms that are observed.
 * Answers how to stop.
 */
export function observeMetrics(meter: Meter, metrics: Pick<Metrics, 'summary'>): () => void {
  const observables = new Map<string, Observable>();
  for (const { name, help: description, type } of exportedMetrics(metrics.summary()).flatMap(numbersOf))
    observables.set(
      name,
      type === 'gauge'
        ? meter.createObservableGauge(name, { description })
        : meter.createObservableCounter(name, { description }),
    );
  const all = [...observables.values()];
  const observe: Parameters<Meter['addBatchObservableCallback']>[0] = (result) => {
    for (const { name, samples } of exportedMetrics(metrics.summary()).flatMap(numbersOf)) {
      const observable = observables.get(name);
      if (observable === undefined) continue;
      for (const { labels, value } of samples) result.observe(observable, value, labels);
    }
  };
  meter.addBatchObservableCallback(observe, all);
  return () => meter.removeBatchObservableCallback(observe, all);
}

type Numbers = Extract<ExportedMetric, { readonly type: 'counter' | 'gauge' }>;

function numbersOf(metric: ExportedMetric): readonly Numbers[] {
  if (metric.type !== 'histogram') return [metric];
  const { name, help, samples } = metric;
  const counter = (suffix: string, of: (sample: (typeof samples)[number]) => number): Numbers => ({
    name: `${name}_${suffix}`,
    help,
    type: 'counter',
    samples: samples.map((sample): NumberSample => ({ labels: sample.labels, value: of(sample) })),
  });
  return [counter('count', ({ count }) => count), counter('sum', ({ totalSeconds }) => totalSeconds)];
}
