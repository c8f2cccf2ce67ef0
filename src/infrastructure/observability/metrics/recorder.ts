import type { Recorder } from '../signals.ts';
import type { MetricsSettings } from './metrics-options.ts';
import { ReadCounts } from './read-counts.ts';
import { Timings } from './timings.ts';

const noTransactions = { committed: 0, rolledBack: 0, failed: 0 };

/** Counts and times what the SDK tells. Memory is bounded by the number of names, never by what happens. */
export class MetricsRecorder implements Recorder {
  readonly reads: ReadCounts;
  readonly loads: Timings;
  readonly statements: Timings;
  readonly useCases: Timings;
  /** By outcome. */
  readonly unitsOfWork: Timings;
  /** By outcome. */
  readonly invalidations: Timings;
  /** What the host times itself. */
  readonly timers: Timings;
  #transactions = noTransactions;

  readonly hooks: Recorder['hooks'] = {
    cacheLoad: ({ query, durationMs, failed }) => this.loads.record(query, durationMs, failed),
    statement: ({ operation, durationMs, failed }) => this.statements.record(operation, durationMs, failed),
    useCase: ({ name, durationMs, failed }) => this.useCases.record(name, durationMs, failed),
    invalidation: ({ outcome, durationMs }) =>
      this.invalidations.record(outcome, durationMs, outcome === 'deferred'),
    unitOfWork: ({ outcome, transaction, durationMs }) => {
      this.unitsOfWork.record(outcome, durationMs, outcome === 'failed');
      if (!transaction) return;
      const ended = outcome === 'rolled-back' ? 'rolledBack' : outcome;
      this.#transactions = { ...this.#transactions, [ended]: this.#transactions[ended] + 1 };
    },
  };

  constructor({ maxNames, slowStatementMs }: MetricsSettings) {
    const timings = (): Timings => new Timings(maxNames, slowStatementMs);
    this.reads = new ReadCounts(maxNames);
    this.loads = timings();
    this.statements = timings();
    this.useCases = timings();
    this.unitsOfWork = timings();
    this.invalidations = timings();
    this.timers = timings();
  }

  /** Database transactions by how they ended; units of work that never opened one are not among them. */
  get transactions(): Readonly<typeof noTransactions> {
    return this.#transactions;
  }

  reset(): void {
    for (const part of [
      this.reads,
      this.loads,
      this.statements,
      this.useCases,
      this.unitsOfWork,
      this.invalidations,
      this.timers,
    ])
      part.reset();
    this.#transactions = noTransactions;
  }
}
