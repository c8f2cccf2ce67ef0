/** Something that is under way, and what happens when it takes too long. */
export interface Awaited {
  readonly due: number;
  readonly expire: () => void;
}

/**
 * Ends what takes too long, by one timer for everything that is under way: starting and stopping one for each command
 * is a tenth of what a read costs here. The timer is left running when an answer comes; it holds the process only while
 * something is awaited.
 */
export class Deadlines {
  readonly #awaited = new Set<Awaited>();
  #timer: NodeJS.Timeout | undefined;
  #firesAt = Number.POSITIVE_INFINITY;

  /** Calls `expire` once the budget is over, unless what is answered here has been given to `met`. */
  start(budgetMs: number, expire: () => void): Awaited {
    const awaited = { due: performance.now() + budgetMs, expire };
    if (this.#awaited.size === 0) this.#timer?.ref();
    this.#awaited.add(awaited);
    if (awaited.due < this.#firesAt) this.#arm(awaited.due, budgetMs);
    return awaited;
  }

  /** `false` when it was too late. */
  met(awaited: Awaited): boolean {
    const inTime = this.#awaited.delete(awaited);
    if (this.#awaited.size === 0) this.#timer?.unref();
    return inTime;
  }

  get size(): number {
    return this.#awaited.size;
  }

  #arm(due: number, afterMs: number): void {
    clearTimeout(this.#timer);
    this.#firesAt = due;
    this.#timer = setTimeout(() => this.#fire(), Math.max(afterMs, 1));
  }

  #fire(): void {
    const now = performance.now();
    this.#timer = undefined;
    this.#firesAt = Number.POSITIVE_INFINITY;
    let next = Number.POSITIVE_INFINITY;
    const over: Awaited[] = [];
    for (const awaited of this.#awaited)
      if (awaited.due <= now) over.push(awaited);
      else next = Math.min(next, awaited.due);
    if (next < Number.POSITIVE_INFINITY) this.#arm(next, next - now);
    if (over.length > 0) setImmediate(() => this.#expire(over));
  }

  /** An answer may be waiting in the socket while a stalled loop runs its timers first: it has been read by now. */
  #expire(over: readonly Awaited[]): void {
    for (const awaited of over) if (this.met(awaited)) awaited.expire();
  }
}
