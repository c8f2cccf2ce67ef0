import type {
  CacheReadEvent,
  ReadSource,
  StatementEvent,
  UseCaseEvent,
} from '../../../application/ports/instrumentation.ts';
import type { RequestProfile } from './request-profile.ts';

/** Commands of one request that are named; a request with more is no request. */
const MOST_COMMANDS = 100;

/** Counts for one request, for as long as it takes. */
export class ProfileRecorder {
  readonly #reads: Record<ReadSource, number> = { l1: 0, l2: 0, stale: 0, database: 0 };
  readonly #operations = new Map<string, number>();
  readonly #commands: string[] = [];
  #failed = 0;
  #totalMs = 0;

  cacheRead({ source }: CacheReadEvent): void {
    this.#reads[source] += 1;
  }

  statement({ operation, durationMs, failed }: StatementEvent): void {
    this.#operations.set(operation, (this.#operations.get(operation) ?? 0) + 1);
    this.#totalMs += durationMs;
    if (failed) this.#failed += 1;
  }

  useCase({ name }: UseCaseEvent): void {
    if (this.#commands.length < MOST_COMMANDS) this.#commands.push(name);
  }

  profile(name: string, durationMs: number, failed: boolean): RequestProfile {
    const operations = [...this.#operations].sort(([, a], [, b]) => b - a);
    return {
      name,
      durationMs,
      failed,
      statements: {
        count: operations.reduce((sum, [, count]) => sum + count, 0),
        failed: this.#failed,
        totalMs: this.#totalMs,
        byOperation: Object.fromEntries(operations),
      },
      reads: { ...this.#reads },
      commands: [...this.#commands],
    };
  }
}
