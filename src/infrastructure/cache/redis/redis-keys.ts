import type { Anchor } from '../../../application/caching/anchors.ts';

/** Raised whenever the stored form of any entity changes; versions, anchors and the channel never carry it. */
const SCHEMA_VERSION = 3;

/** `other`: of a rate limiter, of another release, or of somebody else. */
export type KeyUse =
  | { readonly kind: 'entry'; readonly anchor: Anchor }
  | { readonly kind: 'version' | 'lock' | 'other' };

/** Names of everything the cache keeps in Redis. The braces put an entry into the hash slot of its first anchor. */
export class RedisKeys {
  readonly channel: string;
  /** Of everything the cache keeps, as `SCAN` matches it. */
  readonly pattern: string;
  readonly #entries: string;
  readonly #locks: string;
  readonly #versions: string;
  readonly #buckets: string;

  constructor(prefix: string) {
    this.pattern = `${prefix.replaceAll(/[*?[\]\\]/g, String.raw`\$&`)}:*`;
    this.channel = `${prefix}:bumps`;
    this.#entries = `${prefix}:${SCHEMA_VERSION}:{`;
    this.#locks = `${prefix}:l:{`;
    this.#versions = `${prefix}:v:{`;
    this.#buckets = `${prefix}:r:{`;
  }

  entry({ anchors, key }: { readonly anchors: readonly Anchor[]; readonly key: string }): string {
    return `${this.#entries}${anchors[0] ?? key}}:${key}`;
  }

  /** A lock is for one stamp: what was loaded under another one does not help whoever waits. */
  lock(entry: { readonly anchors: readonly Anchor[]; readonly key: string }, stamp: string): string {
    return `${this.#locks}${entry.anchors[0] ?? entry.key}}:${entry.key}:${stamp}`;
  }

  version(anchor: Anchor): string {
    return `${this.#versions}${anchor}}`;
  }

  bucket({ name, hash }: { readonly name: string; readonly hash: string }): string {
    return `${this.#buckets}${name}:${hash}}`;
  }

  /** What a key under the prefix is for; for an entry, with the anchor it is stored beside. */
  read(key: string): KeyUse {
    if (key.startsWith(this.#versions)) return { kind: 'version' };
    if (key.startsWith(this.#locks)) return { kind: 'lock' };
    if (!key.startsWith(this.#entries)) return { kind: 'other' };
    return { kind: 'entry', anchor: key.slice(this.#entries.length, key.indexOf('}', this.#entries.length)) };
  }

  /** The anchor a version key belongs to; nothing for a key of somebody else. */
  anchor(versionKey: string): Anchor | undefined {
    return versionKey.startsWith(this.#versions) && versionKey.endsWith('}')
      ? versionKey.slice(this.#versions.length, -1)
      : undefined;
  }
}
