/**
 * Counts failures, timeouts included, and says when enough is enough. Any number of failures in one turn of the event
 * loop count as one: when the host itself stalled, everything that was in flight times out at once.
 */
export class CircuitBreaker {
  readonly #limit: number;
  readonly #onOpen: () => void;
  #consecutive = 0;
  #countedThisTurn = false;
  #closed = false;

  constructor(limit: number, onOpen: () => void) {
    this.#limit = limit;
    this.#onOpen = onOpen;
  }

  /** Closed means in use; open means that nothing is tried except the probe that closes it again. */
  get closed(): boolean {
    return this.#closed;
  }

  succeeded(): void {
    this.#consecutive = 0;
  }

  failed(): void {
    if (!this.#closed || this.#countedThisTurn) return;
    this.#countedThisTurn = true;
    setImmediate(() => {
      this.#countedThisTurn = false;
    });
    this.#consecutive += 1;
    if (this.#consecutive >= this.#limit) this.open();
  }

  open(): void {
    if (!this.#closed) return;
    this.#closed = false;
    this.#onOpen();
  }

  /** Only after a successful probe. */
  close(): void {
    this.#consecutive = 0;
    this.#closed = true;
  }
}
