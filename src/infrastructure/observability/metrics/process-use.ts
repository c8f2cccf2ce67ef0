import { availableParallelism, freemem, totalmem } from 'node:os';
import { monitorEventLoopDelay, type IntervalHistogram } from 'node:perf_hooks';

export interface ProcessUse {
  readonly uptimeMs: number;
  /** Bytes. */
  readonly rssBytes: number;
  readonly heapUsedBytes: number;
  readonly heapTotalBytes: number;
  readonly externalBytes: number;
  /** Share of the memory this process may have, which a container may limit, that it takes. */
  readonly memoryShare: number;
  /** Share of the time of all processors it has used since the last reset. */
  readonly cpuShare: number;
  /** Seconds of processor time since the process began. */
  readonly cpuSeconds: number;
  /** How much later than planned the event loop comes round; absent when it is not measured. */
  readonly eventLoopDelay?: { readonly averageMs: number; readonly p99Ms: number; readonly maxMs: number };
}

/** The loop is looked at this often, which wakes the process up as often. */
const RESOLUTION_MS = 20;
const MICROS_PER_MS = 1_000;
const NANOS_PER_MS = 1_000_000;
const MICROS_PER_SECOND = 1_000_000;

const cpuMicros = (): number => {
  const { user, system } = process.cpuUsage();
  return user + system;
};

/** What this process takes of its machine. Nothing is measured before `start`. */
export class ProcessMeter {
  #loop: IntervalHistogram | undefined;
  #since = { cpu: cpuMicros(), at: performance.now() };

  start(): void {
    this.#loop = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
    this.#loop.enable();
  }

  stop(): void {
    this.#loop?.disable();
    this.#loop = undefined;
  }

  reset(): void {
    this.#loop?.reset();
    this.#since = { cpu: cpuMicros(), at: performance.now() };
  }

  use(): ProcessUse {
    const { rss, heapUsed, heapTotal, external } = process.memoryUsage();
    const cpu = cpuMicros();
    const elapsedMicros = (performance.now() - this.#since.at) * MICROS_PER_MS;
    const loop = this.#loop;
    return {
      uptimeMs: process.uptime() * 1_000,
      rssBytes: rss,
      heapUsedBytes: heapUsed,
      heapTotalBytes: heapTotal,
      externalBytes: external,
      memoryShare: rss / memoryLimit(),
      cpuShare: elapsedMicros <= 0 ? 0 : (cpu - this.#since.cpu) / elapsedMicros / availableParallelism(),
      cpuSeconds: cpu / MICROS_PER_SECOND,
      ...(loop === undefined ? {} : { eventLoopDelay: delayOf(loop) }),
    };
  }
}

const over = (nanos: number): number => Math.max(0, nanos / NANOS_PER_MS - RESOLUTION_MS);

/** The histogram holds what passed between two looks; what is over the interval is the delay. */
function delayOf(loop: IntervalHistogram): NonNullable<ProcessUse['eventLoopDelay']> {
  // Before the first look there are no figures.
  if (loop.count === 0) return { averageMs: 0, p99Ms: 0, maxMs: 0 };
  return { averageMs: over(loop.mean), p99Ms: over(loop.percentile(99)), maxMs: over(loop.max) };
}

/** What a container allows, where it is less than there is; without a limit Node answers 0 or more than there can be. */
function memoryLimit(): number {
  const limit = process.constrainedMemory();
  return limit > 0 && limit < totalmem() ? limit : totalmem();
}

/** Share of the machine's memory that is taken, by whomever. */
export const hostMemoryShare = (): number => 1 - freemem() / totalmem();
