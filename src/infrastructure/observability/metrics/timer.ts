/** Something that is being timed; it is recorded once. */
export class Timer implements Disposable {
  readonly #record: (durationMs: number, failed: boolean) => void;
  readonly #startedAt = performance.now();
  #tookMs: number | undefined;
  #failed = false;

  constructor(record: (durationMs: number, failed: boolean) => void) {
    this.#record = record;
  }

  /** Milliseconds so far, or until it was stopped. */
  get elapsedMs(): number {
    return this.#tookMs ?? performance.now() - this.#startedAt;
  }

  /** It will count as failed. */
  fail(): void {
    this.#failed = true;
  }

  /** Records it, unless that was done before; answers the milliseconds. */
  stop(): number {
    if (this.#tookMs === undefined) {
      this.#tookMs = performance.now() - this.#startedAt;
      this.#record(this.#tookMs, this.#failed);
    }
    return this.#tookMs;
  }

  [Symbol.dispose](): void {
    this.stop();
  }
}
