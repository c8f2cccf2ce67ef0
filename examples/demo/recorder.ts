import type { CacheReadEvent, Instrumentation, ReadSource, StatementEvent } from '../../src/index.ts';

export interface Watched<T> {
  readonly value: T;
  readonly durationMs: number;
  /** Where the cached reads of the work were answered, in order. */
  readonly sources: readonly ReadSource[];
}

/** Listens to the SDK's instrumentation and keeps what it hears. */
export class Recorder implements Instrumentation {
  readonly reads: CacheReadEvent[] = [];
  readonly statements: StatementEvent[] = [];

  cacheRead(event: CacheReadEvent): void {
    this.reads.push(event);
  }

  statement(event: StatementEvent): void {
    this.statements.push(event);
  }

  /** Only for one piece of work at a time: everything heard meanwhile is taken to be its own. */
  async watch<T>(work: () => PromiseLike<T>): Promise<Watched<T>> {
    const heard = this.reads.length;
    const startedAt = performance.now();
    const value = await work();
    const durationMs = performance.now() - startedAt;
    return { value, durationMs, sources: this.reads.slice(heard).map(({ source }) => source) };
  }
}
