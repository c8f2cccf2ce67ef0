import type { Anchor } from '../../application/caching/anchors.ts';
import type { InvalidationId, InvalidationOutbox } from '../../application/ports/invalidation.ts';
import type { Logger } from '../../application/ports/logger.ts';
import type { AnchorTrust } from './anchor-trust.ts';
import { chunks } from './chunks.ts';

interface Parts {
  readonly outbox: InvalidationOutbox;
  readonly bump: (anchors: readonly Anchor[]) => Promise<boolean>;
  /** Whether there is a cache to tell at the moment. */
  readonly reachable: () => boolean;
  readonly trust: AnchorTrust;
  readonly logger: Logger;
}

const POLL_MS = 500;
/** A row that was acted on by its writer is removed together with others of the same moment, off the commit's path. */
const REMOVE_AFTER_MS = 20;
const BATCH = 500;
const BUMP_ANCHORS = 1000;

/**
 * Acts on invalidations whose writers could not: because Redis was away, or because the process died between its commit
 * and its bump. Bumping twice is harmless, so rows are read without locks and removed only once they were bumped.
 */
export class InvalidationRelay {
  readonly #parts: Parts;
  /** Rows whose writer, this process, has bumped their anchors itself. */
  #done = new Set<InvalidationId>();
  #removal: NodeJS.Timeout | undefined;
  #poll: NodeJS.Timeout | undefined;
  #last: Promise<boolean> = Promise.resolve(true);
  #polling = false;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  start(): void {
    this.#poll = setInterval(() => void this.#tick(), POLL_MS).unref();
  }

  async stop(): Promise<void> {
    clearInterval(this.#poll);
    clearTimeout(this.#removal);
    await this.#last;
    await this.#remove();
  }

  /** The writer has bumped these anchors itself. */
  acknowledge(id: InvalidationId): void {
    this.#done.add(id);
    this.#removal ??= setTimeout(() => void this.#remove(), REMOVE_AFTER_MS).unref();
  }

  /**
   * Bumps everything that is pending when it is called; `false` when something could not be read or bumped. Rows that
   * this process waits for and that are gone were acted on by another one.
   */
  drain(): Promise<boolean> {
    // Never joins a run that has already read its rows: a caller wants those that are there now.
    const run = this.#last
      .then(() => this.#drain())
      .catch((cause: unknown) => {
        this.#parts.logger.error({ err: cause }, 'pending invalidations could not be applied');
        return false;
      });
    this.#last = run;
    return run;
  }

  async #drain(): Promise<boolean> {
    const { outbox, bump, trust } = this.#parts;
    const awaited = trust.deferred;
    for (;;) {
      const pending = await outbox.pending(BATCH);
      if (pending.isErr()) return false;
      const rows = pending.value;
      if (rows.length > 0) {
        const left = rows.filter(({ id }) => !this.#done.has(id));
        const anchors = new Set(left.flatMap((row) => row.anchors));
        // Each part has a time budget of its own, however large the backlog is.
        for (const part of chunks([...anchors], BUMP_ANCHORS)) if (!(await bump(part))) return false;
        const ids = rows.map(({ id }) => id);
        trust.settle(ids);
        if ((await outbox.remove(ids)).isErr()) return false;
      }
      if (rows.length < BATCH) break;
    }
    const remaining = await outbox.remaining(awaited);
    if (remaining.isErr()) return false;
    trust.settle(awaited.filter((id) => !remaining.value.includes(id)));
    return true;
  }

  async #tick(): Promise<void> {
    if (this.#polling || !this.#parts.reachable()) return;
    this.#polling = true;
    if (!(await this.drain())) this.#parts.logger.debug({}, 'pending invalidations could not be applied yet');
    this.#polling = false;
  }

  async #remove(): Promise<void> {
    this.#removal = undefined;
    const ids = [...this.#done];
    if (ids.length === 0) return;
    // dropped: rows that stay behind are bumped once more by the next poll
    await this.#parts.outbox.remove(ids);
    for (const id of ids) this.#done.delete(id);
  }
}
