export type LockOutcome = 'acquired' | 'timeout' | 'aborted';

/** Lets one unit of work write at a time, in the order in which they asked. */
export class WriterLock {
  #held = false;
  #waiting: (() => void)[] = [];

  /** Waits for its turn, at most `waitMs` milliseconds and no longer than until `signal` is aborted. */
  async acquire(waitMs: number, signal?: AbortSignal): Promise<LockOutcome> {
    if (!this.#held) {
      this.#held = true;
      return 'acquired';
    }
    return new Promise((resolve) => {
      const settle = (outcome: LockOutcome): void => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', abort);
        this.#waiting = this.#waiting.filter((waiter) => waiter !== grant);
        resolve(outcome);
      };
      const grant = (): void => settle('acquired');
      const abort = (): void => settle('aborted');
      const timer = setTimeout(() => settle('timeout'), waitMs);
      signal?.addEventListener('abort', abort);
      this.#waiting.push(grant);
    });
  }

  release(): void {
    const next = this.#waiting[0];
    if (next === undefined) this.#held = false;
    else next();
  }
}
