import { err, ok, type Result } from 'neverthrow';
import type { ValidationError } from '../../../domain/shared/validation-error.ts';
import type { MetricsSummary } from './summary.ts';

interface Measure {
  /** Whether more of it is better. */
  readonly more?: true;
  /** `undefined` when nothing has happened yet, or the platform does not tell. */
  readonly of: (summary: MetricsSummary) => number | undefined;
  readonly target: number;
  readonly critical: number;
}

const once = (count: number, value: number): number | undefined => (count === 0 ? undefined : value);

/** What can be evaluated. Shares go from 0 to 1; what ends in `Ms` is milliseconds. */
const measures = {
  hitRate: { more: true, of: ({ cache }) => once(cache.reads, cache.hitRate), target: 0.8, critical: 0.6 },
  slowShare: {
    of: ({ database }) => once(database.statements.all.count, database.slowShare),
    target: 0.05,
    critical: 0.2,
  },
  averageStatementMs: {
    of: ({ database: { statements } }) => once(statements.all.count, statements.all.averageMs),
    target: 100,
    critical: 500,
  },
  p95StatementMs: {
    of: ({ database: { statements } }) => once(statements.all.count, statements.all.p95Ms),
    target: 100,
    critical: 500,
  },
  p95UseCaseMs: {
    of: ({ useCases }) => once(useCases.all.count, useCases.all.p95Ms),
    target: 500,
    critical: 1_000,
  },
  p95TimerMs: { of: ({ timers }) => once(timers.all.count, timers.all.p95Ms), target: 500, critical: 1_000 },
  failedStatementShare: {
    of: ({ database }) => once(database.statements.all.count, database.failedShare),
    target: 0.01,
    critical: 0.05,
  },
  failedTimerShare: {
    of: ({ timers: { all } }) => once(all.count, all.failed / all.count),
    target: 0.01,
    critical: 0.05,
  },
  deferredShare: {
    of: ({ cache: { invalidations } }) =>
      once(invalidations.all.count, invalidations.all.failed / invalidations.all.count),
    target: 0.01,
    critical: 0.05,
  },
  poolShare: {
    of: ({ database: { pool } }) => (pool === undefined ? undefined : (pool.open - pool.idle) / pool.max),
    target: 0.8,
    critical: 0.95,
  },
  memoryShare: { of: ({ process }) => process.memoryShare, target: 0.8, critical: 0.95 },
  cpuShare: { of: ({ process }) => process.cpuShare, target: 0.7, critical: 0.9 },
  eventLoopP99Ms: { of: ({ process }) => process.eventLoopDelay?.p99Ms, target: 100, critical: 500 },
} as const satisfies Readonly<Record<string, Measure>>;

export type MeasureName = keyof typeof measures;

export interface Target {
  readonly target: number;
  readonly critical: number;
}

/** Levels that replace the usual ones; `false` leaves a measure out. */
export type Targets = { readonly [Name in MeasureName]?: Target | false };

export interface Finding extends Target {
  readonly measure: MeasureName;
  /** `unknown`: nothing has happened yet that it could be measured by. */
  readonly status: 'met' | 'missed' | 'critical' | 'unknown';
  readonly value?: number;
}

export interface Evaluation {
  /** The worst of what is known. */
  readonly status: 'met' | 'missed' | 'critical';
  readonly findings: readonly Finding[];
}

/** Answers `Validation` when a target is no number, or `critical` is better than `target`. */
export function evaluateMetrics(
  summary: MetricsSummary,
  targets: Targets = {},
): Result<Evaluation, ValidationError> {
  const invalid = Object.entries(targets).flatMap(([name, levels]) => wrongWith(name, levels))[0];
  if (invalid !== undefined) return err(invalid);
  const findings = Object.entries(measures).flatMap(([name, measure]) => {
    const levels = targets[name as MeasureName] ?? measure;
    return levels === false ? [] : [findingOf(name as MeasureName, measure, levels, measure.of(summary))];
  });
  const is = (wanted: Finding['status']): boolean => findings.some(({ status }) => status === wanted);
  return ok({ status: is('critical') ? 'critical' : is('missed') ? 'missed' : 'met', findings });
}

function findingOf(
  measure: MeasureName,
  { more }: Measure,
  { target, critical }: Target,
  value: number | undefined,
): Finding {
  if (value === undefined) return { measure, status: 'unknown', target, critical };
  const reaches = (level: number): boolean => (more === true ? value >= level : value <= level);
  const status = reaches(target) ? 'met' : reaches(critical) ? 'missed' : 'critical';
  return { measure, status, value, target, critical };
}

function wrongWith(name: string, levels: Target | false | undefined): readonly ValidationError[] {
  const error = (message: string): readonly ValidationError[] => [
    { type: 'Validation', field: `targets.${name}`, message },
  ];
  if (!Object.hasOwn(measures, name)) return error('is no measure');
  if (levels === false || levels === undefined) return [];
  const { target, critical } = levels;
  if (!Number.isFinite(target) || !Number.isFinite(critical)) return error('must have two numbers');
  const { more }: Measure = measures[name as MeasureName];
  if (more === true ? critical > target : critical < target)
    return error('must not be critical before the target is missed');
  return [];
}
