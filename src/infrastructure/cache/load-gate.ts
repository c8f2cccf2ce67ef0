/**
 * Limits how many loads run at a time. Whoever has waited for too long goes ahead all the same: the database has limits
 * and deadlines of its own, and answers with an error that says what was waited for.
 */
export class LoadGate {
  readonly #limit: number;
  readonly #longestWaitMs: number;
  readonly #waiting = new Set<() => void>();
  #running = 0;

  constructor(limit: number, longestWaitMs: number) {
    this.#limit = limit;
    this.#longestWaitMs = longestWaitMs;
  }

  async run<T>(load: () => PromiseLike<T>): Promise<T> {
    if (this.#running >= this.#limit) await this.#turn();
    this.#running += 1;
    try {
      return await load();
    } finally {
      this.#running -= 1;
      const [next] = this.#waiting;
      next?.();
    }
  }

  #turn(): Promise<void> {
    return new Promise((resolve) => {
      const go = (): void => {
        clearTimeout(timer);
        this.#waiting.delete(go);
        resolve();
      };
      const timer = setTimeout(go, this.#longestWaitMs).unref();
      this.#waiting.add(go);
    });
  }
}
