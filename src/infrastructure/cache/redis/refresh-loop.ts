interface Pace {
  /** Between runs that nobody asked for. */
  readonly intervalMs: number;
  /** Between the end of one run and the start of the next, however often it is asked for. */
  readonly pauseMs: number;
}

/** Repeats a task that never rejects: at an interval and soon after it is asked for, one run at a time. */
export class RefreshLoop {
  readonly #task: () => Promise<void>;
  readonly #pace: Pace;
  #timer: NodeJS.Timeout | undefined;
  #running = false;
  #wanted = false;
  #stopped = false;

  constructor(task: () => Promise<void>, pace: Pace) {
    this.#task = task;
    this.#pace = pace;
  }

  /** The first run. */
  start(): Promise<void> {
    return this.#run();
  }

  /** Another run, which begins after this call: one that is going on may have seen what was before. */
  soon(): void {
    if (this.#wanted) return;
    this.#wanted = true;
    if (!this.#running) this.#schedule();
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  async #run(): Promise<void> {
    this.#running = true;
    this.#wanted = false;
    await this.#task();
    this.#running = false;
    this.#schedule();
  }

  #schedule(): void {
    clearTimeout(this.#timer);
    if (this.#stopped) return;
    const { intervalMs, pauseMs } = this.#pace;
    this.#timer = setTimeout(() => void this.#run(), this.#wanted ? pauseMs : intervalMs).unref();
  }
}
