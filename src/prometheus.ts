export {
  prometheusContentType,
  prometheusText,
  registerMetrics,
} from './infrastructure/observability/exporters/prometheus.ts';
