import { LRUCache } from 'lru-cache';
import type { Anchor } from '../../application/caching/anchors.ts';

/** The version of one anchor as this process knows it. Whoever holds one sees it move. */
export interface Watched {
  /** `UNKNOWN` until the first one is learned, `DROPPED` once this object is no longer kept up to date. */
  version: number;
}

const UNKNOWN = 0;
const DROPPED = -1;

/**
 * The versions this process has seen. An anchor is watched from before its version is asked for, so that an announcement
 * which overtakes the answer is not lost. A version only moves forward; whatever contradicts that, or makes room, drops
 * the object, and what was stored under it is never current again, also when the anchor is watched anew.
 */
export class Mirror {
  readonly #watched: LRUCache<Anchor, Watched>;

  constructor(maxAnchors: number) {
    this.#watched = new LRUCache({
      max: maxAnchors,
      dispose: (watched) => {
        watched.version = DROPPED;
      },
    });
  }

  watch(anchor: Anchor): Watched {
    const known = this.#watched.get(anchor);
    if (known !== undefined) return known;
    const watched: Watched = { version: UNKNOWN };
    this.#watched.set(anchor, watched);
    return watched;
  }

  /** An answer to somebody who was watching before it was asked for. */
  learn(anchor: Anchor, watched: Watched, version: number): void {
    if (watched.version === DROPPED) return;
    if (version < watched.version) this.#watched.delete(anchor);
    else watched.version = version;
  }

  /** Somebody, perhaps this process itself, has raised or created a version. */
  announce(anchor: Anchor, version: number): void {
    const watched = this.#watched.peek(anchor);
    if (watched !== undefined) this.learn(anchor, watched, version);
  }

  /** From here on nothing that was seen before counts. */
  clear(): void {
    this.#watched.clear();
  }

  get size(): number {
    return this.#watched.size;
  }
}
