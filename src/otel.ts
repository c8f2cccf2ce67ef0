export { observeMetrics } from './infrastructure/observability/exporters/otel-metrics.ts';
export { traceSlotwise, type TraceOptions } from './infrastructure/observability/exporters/otel-traces.ts';
