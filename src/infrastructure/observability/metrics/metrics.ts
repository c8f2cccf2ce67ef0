import type { Result } from 'neverthrow';
import type { CacheStats } from '../../../application/ports/cache-control.ts';
import type { Logger } from '../../../application/ports/logger.ts';
import type { PoolUse } from '../../../application/ports/pool-status.ts';
import type { ValidationError } from '../../../domain/shared/validation-error.ts';
import { evaluateMetrics, type Evaluation, type Targets } from './evaluate.ts';
import { hostUse, type HostUse } from './host-use.ts';
import { profileText } from '../profile/request-profile.ts';
import { RequestProfiler } from '../profile/request-profiler.ts';
import { measured } from './measured.ts';
import { ProcessMeter } from './process-use.ts';
import type { MetricsSettings } from './metrics-options.ts';
import type { MetricsRecorder } from './recorder.ts';
import { summarizeMetrics, type MetricsSummary, type ReplicaUse } from './summary.ts';
import { metricsText } from './text.ts';
import { Timer } from './timer.ts';

/** What the SDK has counted and timed, in this process. */
export interface Metrics {
  /** A picture of this moment; it costs about as much as looking through all histograms once. */
  summary(): MetricsSummary;
  /** The same as text for people. */
  text(): string;
  /**
   * Compares with targets: the usual ones, or those that are given. Answers `Validation` when a target is no number, or
   * `critical` is better than `target`.
   */
  evaluate(targets?: Targets): Result<Evaluation, ValidationError>;
  /** The machine under the process; never rejects. */
  host(): Promise<HostUse>;
  /**
   * Times from here until it is stopped or disposed: `using timer = metrics.timer('GET /slots')`. Names are labels:
   * give them to kinds of work, never to keys or ids. After 200 of them (`maxNames`) the rest share `other`.
   */
  timer(name: string): Timer;
  /**
   * Times a function and answers what it answers: a value, a promise, a `Result` or a `ResultAsync`. An `Err`, a
   * rejection and a throw count as failed, and go through to the caller as they are.
   */
  measure<T>(name: string, fn: () => T): T;
  /**
   * Measures a request, as `measure` does. With `profileRequests` it also logs, as `info`, what the request has caused in this
   * process, by whatever it has called and waited for: statements, reads by source, commands. Reads that share a load, and
   * requests inside requests, count for the first and the innermost. Profiled requests make an event of every cached read,
   * also for those beside them: for development, and for looking at a few.
   */
  profile<T>(name: string, request: () => T): T;
  /** Starts over: as if the SDK had just been opened. What `cache.stats()` says is not touched. */
  reset(): void;
}

/** What is not counted but asked. */
export interface Gauges {
  readonly cache: () => CacheStats;
  readonly pool: () => PoolUse | undefined;
  readonly replicas: () => readonly ReplicaUse[] | undefined;
}

interface Parts {
  readonly settings: MetricsSettings;
  readonly recorder: MetricsRecorder;
  readonly gauges: Gauges;
  /** Told of profiled requests. */
  readonly logger: Logger;
}

/** The metrics of one SDK. Nothing runs before `start`, and nothing of it keeps the process alive. */
export class SdkMetrics implements Metrics {
  readonly #settings: MetricsSettings;
  readonly #recorder: MetricsRecorder;
  readonly #gauges: Gauges;
  readonly #process = new ProcessMeter();
  readonly #profiler = new RequestProfiler();
  readonly #logger: Logger;
  #since = performance.now();
  #reports: NodeJS.Timeout | undefined;

  constructor({ settings, recorder, gauges, logger }: Parts) {
    this.#settings = settings;
    this.#recorder = recorder;
    this.#gauges = gauges;
    this.#logger = logger;
  }

  start(): void {
    const { enabled, eventLoopDelay, logEveryMs } = this.#settings;
    if (!enabled) return;
    if (eventLoopDelay) this.#process.start();
    if (logEveryMs === false) return;
    this.#reports = setInterval(() => {
      const metrics = this.summary();
      this.#logger.info({ metrics }, metricsText(metrics));
    }, logEveryMs).unref();
  }

  stop(): void {
    clearInterval(this.#reports);
    this.#process.stop();
  }

  summary(): MetricsSummary {
    return summarizeMetrics({
      recorder: this.#recorder,
      enabled: this.#settings.enabled,
      coversMs: performance.now() - this.#since,
      stats: this.#gauges.cache(),
      pool: this.#gauges.pool(),
      replicas: this.#gauges.replicas(),
      process: this.#process.use(),
    });
  }

  text(): string {
    return metricsText(this.summary());
  }

  evaluate(targets?: Targets): Result<Evaluation, ValidationError> {
    return evaluateMetrics(this.summary(), targets);
  }

  host(): Promise<HostUse> {
    return hostUse();
  }

  timer(name: string): Timer {
    return new Timer((durationMs, failed) => this.#record(name, durationMs, failed));
  }

  measure<T>(name: string, fn: () => T): T {
    return measured(this.timer(name), fn);
  }

  profile<T>(name: string, request: () => T): T {
    if (!this.#settings.profileRequests) return this.measure(name, request);
    return this.#profiler.run(name, request, (profile) => {
      this.#record(name, profile.durationMs, profile.failed);
      this.#logger.info({ profile }, profileText(profile));
    });
  }

  reset(): void {
    this.#recorder.reset();
    this.#process.reset();
    this.#since = performance.now();
  }

  #record(name: string, durationMs: number, failed: boolean): void {
    if (this.#settings.enabled) this.#recorder.timers.record(name, durationMs, failed);
  }
}
