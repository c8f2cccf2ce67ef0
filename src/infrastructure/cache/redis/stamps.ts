import type { Anchor } from '../../../application/caching/anchors.ts';
import type { VersionedTicket } from '../tiered-store.ts';
import type { CacheEntry } from '../versioned-store.ts';
import type { RedisServer } from './redis-link.ts';

/** A key's value, with the server that told it. */
export interface Told {
  readonly text: string | undefined;
  readonly server: RedisServer;
}

/** Undefined as long as any of the versions is not known. */
export function stampOf<T>(
  { anchors }: CacheEntry<T>,
  versionOf: (anchor: Anchor) => Told | undefined,
): VersionedTicket | undefined {
  let incarnations = '';
  let last = '';
  let texts = '';
  for (const anchor of anchors) {
    const told = versionOf(anchor);
    if (told?.text === undefined) return undefined;
    texts = texts === '' ? told.text : `${texts},${told.text}`;
    const { incarnation } = told.server;
    if (incarnation !== last)
      incarnations = incarnations === '' ? incarnation : `${incarnations}+${incarnation}`;
    last = incarnation;
  }
  return new StampedVersions(`${incarnations}:${texts}`, texts);
}

/** Most lookups are hits that nobody asks for their versions as numbers. */
class StampedVersions implements VersionedTicket {
  readonly stamp: string;
  readonly #texts: string;

  constructor(stamp: string, texts: string) {
    this.stamp = stamp;
    this.#texts = texts;
  }

  get versions(): readonly number[] {
    return this.#texts.split(',').map(Number);
  }
}
