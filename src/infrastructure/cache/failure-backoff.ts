import { setTimeout as sleep } from 'node:timers/promises';
import { LRUCache } from 'lru-cache';

const BACKOFF_MS = 100;
const REMEMBERED = 1000;

/** After a load has failed, the next one for the same key waits for a moment, and all who come meanwhile share it. */
export class FailureBackoff {
  readonly #failed = new LRUCache<string, number>({ max: REMEMBERED });

  failed(key: string): void {
    this.#failed.set(key, performance.now() + BACKOFF_MS);
  }

  succeeded(key: string): void {
    this.#failed.delete(key);
  }

  /** What to wait for; nothing when there is nothing to wait for. */
  pause(key: string): Promise<void> | undefined {
    const leftMs = (this.#failed.get(key) ?? 0) - performance.now();
    return leftMs > 0 ? sleep(leftMs, undefined, { ref: false }) : undefined;
  }
}
