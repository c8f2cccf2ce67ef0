import type { Metric, Registry } from 'prom-client';
import type { Metrics } from '../metrics/metrics.ts';
import { exportedMetrics, type DurationSample, type ExportedMetric, type Labels } from './samples.ts';

/** One line of the exposition format. */
interface Line {
  readonly metricName: string;
  readonly labels: Readonly<Record<string, string | number>>;
  readonly value: number;
}

/** The content type to answer a scrape with. */
export const prometheusContentType = 'text/plain; version=0.0.4; charset=utf-8';

/**
 * Everything `metrics` knows in the text format of Prometheus (exposition format 0.0.4), for hosts without prom-client,
 * or to be appended to what it prints. Metrics without samples are declared all the same.
 */
export const prometheusText = (metrics: Pick<Metrics, 'summary'>): string =>
  exportedMetrics(metrics.summary())
    .map((metric) =>
      [
        `# HELP ${metric.name} ${metric.help}`,
        `# TYPE ${metric.name} ${metric.type}`,
        ...linesOf(metric).map(({ metricName, labels, value }) => `${metricName}${textOf(labels)} ${value}`),
        '',
      ].join('\n'),
    )
    .join('');

/**
 * Puts everything `metrics` knows into a registry of prom-client, read anew at every scrape. Names that are taken there
 * already make prom-client throw, so do it once for each registry; answers how to take them out again.
 */
export function registerMetrics(registry: Registry, metrics: Pick<Metrics, 'summary'>): () => void {
  const scrape = oncePerTurn(() => exportedMetrics(metrics.summary()));
  const declared = exportedMetrics(metrics.summary());
  for (const { name, help, type } of declared) {
    const collected = {
      name,
      help,
      type,
      aggregator: type === 'gauge' ? 'average' : 'sum',
      get: () => {
        const metric = scrape().find((one) => one.name === name);
        const values = metric === undefined ? [] : linesOf(metric);
        return Promise.resolve({
          name,
          help,
          type,
          values,
          aggregator: type === 'gauge' ? 'average' : 'sum',
        });
      },
      // What there is to reset is the SDK's: `metrics.reset()`.
      reset: () => undefined,
    };
    // Its types ask for one of its own classes, which count themselves; it uses no more than what is here.
    registry.registerMetric(collected as unknown as Metric);
  }
  return () => {
    for (const { name } of declared) registry.removeSingleMetric(name);
  };
}

function linesOf(metric: ExportedMetric): readonly Line[] {
  const { name } = metric;
  return metric.type === 'histogram'
    ? metric.samples.flatMap((sample) => linesOfDurations(name, sample))
    : metric.samples.map(({ labels, value }) => ({ metricName: name, labels, value }));
}

const linesOfDurations = (
  name: string,
  { labels, count, totalSeconds, atMost }: DurationSample,
): readonly Line[] => [
  ...atMost.map(({ seconds, count: value }) => ({
    metricName: `${name}_bucket`,
    labels: { ...labels, le: seconds },
    value,
  })),
  { metricName: `${name}_bucket`, labels: { ...labels, le: '+Inf' }, value: count },
  { metricName: `${name}_sum`, labels, value: totalSeconds },
  { metricName: `${name}_count`, labels, value: count },
];

const escaped = (value: string | number): string =>
  String(value).replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('"', '\\"');

function textOf(labels: Labels | Line['labels']): string {
  const pairs = Object.entries(labels).map(([label, value]) => `${label}="${escaped(value)}"`);
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}

/** A scrape asks for each metric by itself, all in one turn. */
function oncePerTurn<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    if (made === undefined) {
      made = { value: make() };
      setImmediate(() => {
        made = undefined;
      });
    }
    return made.value;
  };
}
