import { readFileSync } from 'node:fs';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { Registry } from 'prom-client';
import { describe, expect, it, onTestFinished } from 'vitest';
import { prometheusText, registerMetrics } from '../../../src/prometheus.ts';
import { metricsAlone } from './sdk-metrics.ts';

const textOf = (path: string): string => readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8');

/** Metrics in which everything has happened once, so that nothing is missing in what is exported. */
function busy() {
  const { metrics, recorder, signals } = metricsAlone({ eventLoopDelay: true });
  metrics.start();
  onTestFinished(() => metrics.stop());
  recorder.reads.count('recruiter', 'l1', false);
  recorder.reads.count('recruiter', 'database', false);
  signals.cacheLoad.send({ query: 'recruiter', durationMs: 4, failed: false });
  signals.statement.send({ operation: 'slots.get', durationMs: 150, failed: true });
  signals.unitOfWork.send({ outcome: 'committed', transaction: true, durationMs: 5 });
  signals.invalidation.send({ anchors: 1, outcome: 'applied', durationMs: 1 });
  signals.useCase.send({ name: 'slots.publish', durationMs: 7, failed: false });
  metrics.timer('GET "/slots"').stop();
  return metrics;
}

/** Names that can be asked for: those of the lines, without the limits of histograms. */
const exportedNames = (): ReadonlySet<string> =>
  new Set([...prometheusText(busy()).matchAll(/^(slotwise_\w+)/gm)].map(([, name = '']) => name));

const declared = (): readonly string[] =>
  [...prometheusText(busy()).matchAll(/^# TYPE (\w+)/gm)].map(([, name = '']) => name);

describe('the text for Prometheus', () => {
  it('has counters, gauges and histograms', () => {
    const text = prometheusText(busy());
    expect(text).toContain('# TYPE slotwise_cache_reads_total counter\n');
    expect(text).toContain('slotwise_cache_reads_total{query="recruiter",source="l1"} 1\n');
    expect(text).toContain('slotwise_statement_duration_seconds_bucket{operation="slots.get",le="0.1"} 0\n');
    expect(text).toContain('slotwise_statement_duration_seconds_bucket{operation="slots.get",le="0.25"} 1\n');
    expect(text).toContain('slotwise_statement_duration_seconds_bucket{operation="slots.get",le="+Inf"} 1\n');
    expect(text).toContain('slotwise_statement_duration_seconds_sum{operation="slots.get"} 0.15\n');
    expect(text).toContain('slotwise_slow_statements_total{operation="slots.get"} 1\n');
    expect(text).toContain('slotwise_pool_connections{state="used"} 9\n');
    expect(text).toContain('slotwise_timer_duration_seconds_count{name="GET \\"/slots\\""} 1\n');
  });

  it('is the same through a registry of prom-client, as long as it is registered', async () => {
    const metrics = busy();
    const registry = new Registry();
    const unregister = registerMetrics(registry, metrics);
    const printed = await registry.metrics();
    const linesOf = (text: string): readonly string[] =>
      text
        .split('\n')
        .filter((line) => line.startsWith('slotwise_') && !line.includes('process') && !line.includes('loop'))
        .toSorted();
    expect(linesOf(printed)).toEqual(linesOf(prometheusText(metrics)));
    expect(linesOf(printed).length).toBeGreaterThan(50);
    metrics.timer('later').stop();
    await nextTurn();
    expect(await registry.metrics()).toContain('slotwise_timer_duration_seconds_count{name="later"} 1');
    unregister();
    expect((await registry.metrics()).trim()).toBe('');
  });
});

describe('what is shipped beside the exporter', () => {
  it.each(['docs/observability/grafana-dashboard.json', 'docs/observability/prometheus-rules.yml'])(
    '%s asks for nothing that is not exported',
    (path) => {
      const asked = [...textOf(path).matchAll(/slotwise_[a-z\d_]+/g)].map(([name]) => name);
      const exported = exportedNames();
      expect(asked.length).toBeGreaterThan(10);
      expect(asked.filter((name) => !exported.has(name))).toEqual([]);
    },
  );

  it('is a dashboard with a query in each panel', () => {
    const { panels } = JSON.parse(textOf('docs/observability/grafana-dashboard.json')) as {
      panels: { title: string; targets: { expr: string }[] }[];
    };
    expect(panels.length).toBeGreaterThan(10);
    expect(panels.filter(({ targets }) => !targets.every(({ expr }) => expr.includes('slotwise_')))).toEqual(
      [],
    );
  });

  it('is a page that names every metric once, and none that is not there', () => {
    const named = [...textOf('docs/reference/metrics.md').matchAll(/^\| `(slotwise_\w+)`/gm)].map(
      ([, name = '']) => name,
    );
    expect(named.toSorted()).toEqual(declared().toSorted());
  });
});
