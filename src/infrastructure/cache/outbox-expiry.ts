import type { InvalidationOutbox } from '../../application/ports/invalidation.ts';
import { OUTBOX_RETENTION_MS } from './limits.ts';

const HOUR_MS = 3_600_000;
const FIRST_AFTER_MS = 60_000;

/** Drops outbox rows that nobody has acted on for so long that nobody needs to: where no process has a Redis. */
export class OutboxExpiry {
  readonly #outbox: Pick<InvalidationOutbox, 'expire'>;
  #timers: NodeJS.Timeout[] = [];

  constructor(outbox: Pick<InvalidationOutbox, 'expire'>) {
    this.#outbox = outbox;
  }

  start(): void {
    this.#timers = [
      setTimeout(() => void this.#expire(), FIRST_AFTER_MS).unref(),
      setInterval(() => void this.#expire(), HOUR_MS).unref(),
    ];
  }

  stop(): void {
    for (const timer of this.#timers) clearTimeout(timer);
  }

  async #expire(): Promise<void> {
    // dropped: what could not be deleted now is deleted an hour later
    await this.#outbox.expire(OUTBOX_RETENTION_MS);
  }
}
