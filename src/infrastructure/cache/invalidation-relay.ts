import type { Anchor } from '../../application/caching/anchors.ts';
import type {
  InvalidationId,
  InvalidationOutbox,
  PendingInvalidation,
} from '../../application/ports/invalidation.ts';
import type { Logger } from '../../application/ports/logger.ts';
import type { AnchorTrust } from './anchor-trust.ts';
import { chunks } from './chunks.ts';

interface Parts {
  readonly outbox: InvalidationOutbox;
  readonly bump: (anchors: readonly Anchor[]) => Promise<boolean>;
  readonly reach: () => Reach;
  readonly trust: AnchorTrust;
  readonly logger: Logger;
}

const POLL_MS = 500;
/** A row that was acted on by its writer is removed together with others of the same moment, off the commit's path. */
const REMOVE_AFTER_MS = 20;
const BATCH = 500;
const BUMP_ANCHORS = 1000;

/** What a drain is about: everything, or the anchors of some of several servers. */
type Concerns = (anchor: Anchor) => boolean;

/** What can be told at the moment: everything, nothing, or these anchors. */
export type Reach = boolean | Concerns;

/**
 * Acts on invalidations whose writers could not: because Redis was away, or because the process died between its commit
 * and its bump. Rows are removed only by who has bumped their anchors; bumping twice is harmless.
 *
 * From time to time every process claims what nobody else is at, so that many of them share a backlog. A process that
 * lost Redis for a moment acts on all rows instead, also on those that others are at, before it believes the cache again.
 */
export class InvalidationRelay {
  readonly #parts: Parts;
  /** Rows whose writer, this process, has bumped their anchors itself. */
  #done = new Set<InvalidationId>();
  /** Rows acted on as far as they could be while a server of several was away. */
  readonly #begun = new Set<InvalidationId>();
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
   * Bumps everything that is pending when it is called; `false` when something could not be read or bumped. With
   * `concerns`, only those anchors, and rows that also name others stay for later.
   */
  drain(concerns?: Concerns): Promise<boolean> {
    return this.#inTurn(() => this.#drain(concerns));
  }

  /** Never joins a run that has already read its rows: a caller wants those that are there now. */
  #inTurn(work: () => Promise<boolean>): Promise<boolean> {
    const run = this.#last.then(work).catch((cause: unknown) => {
      this.#parts.logger.error({ err: cause }, 'pending invalidations could not be applied');
      return false;
    });
    this.#last = run;
    return run;
  }

  async #drain(concerns: Concerns = () => true, begun?: Set<InvalidationId>): Promise<boolean> {
    const { outbox, trust } = this.#parts;
    const awaited = trust.deferred;
    for (let lastId = 0; ;) {
      const pending = await outbox.pending(BATCH, lastId);
      if (pending.isErr()) return false;
      const rows = pending.value;
      const left = rows.filter(({ id }) => begun?.has(id) !== true);
      // Asked once: what is concerned may change while it is bumped.
      const parts = left.map(({ id, anchors }) => ({
        id,
        anchors: anchors.filter(concerns),
        of: anchors.length,
      }));
      if (!(await this.#bump(parts))) return false;
      for (const { id } of parts) begun?.add(id);
      const ids = parts.filter(({ anchors, of }) => anchors.length === of).map(({ id }) => id);
      trust.settle(ids);
      if ((await outbox.remove(ids)).isErr()) return false;
      if (rows.length < BATCH) break;
      lastId = rows.at(-1)?.id ?? lastId;
    }
    return this.#settle(awaited);
  }

  async #share(): Promise<boolean> {
    const { outbox, trust } = this.#parts;
    const awaited = trust.deferred;
    // Looking costs one statement, claiming a transaction, and mostly there is nothing.
    const waiting = await outbox.pending(1);
    if (waiting.isErr()) return false;
    for (let more = waiting.value.length > 0; more;) {
      const claimed = await outbox.claim(BATCH, (rows) => this.#bump(rows));
      if (claimed.isErr()) return false;
      trust.settle(claimed.value.map(({ id }) => id));
      more = claimed.value.length === BATCH;
    }
    return this.#settle(awaited);
  }

  async #bump(rows: readonly PendingInvalidation[]): Promise<boolean> {
    const left = rows.filter(({ id }) => !this.#done.has(id));
    const anchors = new Set(left.flatMap((row) => row.anchors));
    return this.#bumpAll([...anchors]);
  }

  /** Each part has a time budget of its own, however large the backlog is. */
  async #bumpAll(anchors: readonly Anchor[]): Promise<boolean> {
    for (const part of chunks(anchors, BUMP_ANCHORS)) if (!(await this.#parts.bump(part))) return false;
    return true;
  }

  /** Rows that this process waits for and that are gone were acted on by another one. */
  async #settle(awaited: readonly InvalidationId[]): Promise<boolean> {
    const { outbox, trust } = this.#parts;
    const remaining = await outbox.remaining(awaited);
    if (remaining.isErr()) return false;
    const still = new Set(remaining.value);
    const gone = awaited.filter((id) => !still.has(id));
    // Whoever acted on them has announced it, but that may still be on its way to the memory of this process, which must
    // not answer what it has changed itself.
    if (!(await this.#bumpAll(trust.anchorsOf(gone)))) return false;
    trust.settle(gone);
    return true;
  }

  async #tick(): Promise<void> {
    const reach = this.#parts.reach();
    if (this.#polling || reach === false) return;
    this.#polling = true;
    if (reach === true) this.#begun.clear();
    if (!(await this.#inTurn(() => (reach === true ? this.#share() : this.#drain(reach, this.#begun)))))
      this.#parts.logger.debug({}, 'pending invalidations could not be applied yet');
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
