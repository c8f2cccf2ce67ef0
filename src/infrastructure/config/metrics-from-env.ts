import { ok, Result } from 'neverthrow';
import type { MetricsOptions } from '../observability/metrics/metrics-options.ts';
import { milliseconds } from './checks.ts';
import { flag, invalidVariable, type ReadVariable } from './env-values.ts';
import type { ConfigError } from './errors.ts';

export const metricsVariables = [
  'ENABLE_PERFORMANCE_MONITORING',
  'ENABLE_REQUEST_PROFILING',
  'PERFORMANCE_SLOW_QUERY_THRESHOLD',
  'SLOW_QUERY_THRESHOLD_MS',
] as const;

type Read = ReadVariable<(typeof metricsVariables)[number]>;

/** `undefined` where nothing is set, and all is as it is without options. */
export const metricsFromEnv = (read: Read): Result<false | MetricsOptions | undefined, ConfigError> =>
  Result.combine([
    flag(read, 'ENABLE_PERFORMANCE_MONITORING'),
    flag(read, 'ENABLE_REQUEST_PROFILING'),
    slowStatementMs(read),
  ]).map(([enabled, profileRequests, slowMs]) => {
    if (enabled === false) return false;
    const given = {
      ...(profileRequests === undefined ? {} : { profileRequests }),
      ...(slowMs === undefined ? {} : { slowStatementMs: slowMs }),
    };
    return Object.keys(given).length === 0 ? undefined : given;
  });

/** Where both are set, the one that names its unit. */
const slowStatementMs = (read: Read): Result<number | undefined, ConfigError> =>
  read('SLOW_QUERY_THRESHOLD_MS') === undefined
    ? duration(read, 'PERFORMANCE_SLOW_QUERY_THRESHOLD', 1000)
    : duration(read, 'SLOW_QUERY_THRESHOLD_MS', 1);

function duration(
  read: Read,
  name: (typeof metricsVariables)[number],
  unitMs: 1 | 1000,
): Result<number | undefined, ConfigError> {
  const text = read(name);
  if (text === undefined) return ok(undefined);
  const durationMs = /^\d+(\.\d+)?$/.test(text) ? Number((Number(text) * unitMs).toFixed(3)) : Number.NaN;
  return milliseconds.safeParse(durationMs).success
    ? ok(durationMs)
    : invalidVariable(
        name,
        `must be a number of ${unitMs === 1 ? 'milliseconds' : 'seconds'}, a millisecond at least`,
      );
}
