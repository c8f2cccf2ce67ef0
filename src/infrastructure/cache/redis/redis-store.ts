import type { Redis } from 'ioredis';
import type { Anchor } from '../../../application/caching/anchors.ts';
import type { Clock } from '../../../application/ports/clock.ts';
import type { CacheCounters } from '../cache-counters.ts';
import { chunks } from '../chunks.ts';
import { LONGEST_LIFE_MS, VERSION_TTL_MS } from '../limits.ts';
import { TickBatch } from '../tick-batch.ts';
import {
  jittered,
  UNAVAILABLE,
  type CacheEntry,
  type Lookup,
  type Stamp,
  type VersionedStore,
} from '../versioned-store.ts';
import type { RedisLink } from './redis-link.ts';
import { allowedWhenFull, bumpScript, ensureScript } from './redis-scripts.ts';

export interface RedisStoreOptions {
  readonly link: RedisLink;
  readonly prefix: string;
  /** Budget of a lookup, whatever number of commands it needs. */
  readonly commandTimeoutMs: number;
  readonly bumpTimeoutMs: number;
  readonly counters: CacheCounters;
  /** Only for the age of a hit; what is valid depends on no clock of this machine. */
  readonly clock: Clock;
}

/** Raised whenever the stored form of any entity changes; versions and anchors never carry it. */
const SCHEMA_VERSION = 1;

/** A script blocks the server while it runs, and its keys are the arguments of one call. */
const MAX_SCRIPT_KEYS = 1000;

/** Larger values cost more to move than they save. */
const MAX_VALUE_CHARACTERS = 1_000_000;

/**
 * Entries and versions in one Redis. A stored entry is `<incarnation>:<versions>|<stored at>|<payload>`: the stamp comes
 * first, so that a hit is decided before anything is parsed. The server's incarnation is part of it, because a server
 * restarted from a snapshot brings old entries back together with the old versions they match.
 */
export class RedisStore implements VersionedStore {
  readonly source = 'l2';
  readonly #link: RedisLink;
  readonly #options: RedisStoreOptions;
  readonly #counters: CacheCounters;
  /** Reads of one turn share a round trip. */
  readonly #batch: TickBatch<CacheEntry<unknown>, Lookup<unknown>>;

  constructor(options: RedisStoreOptions) {
    this.#batch = new TickBatch((entries) => this.lookupMany(entries), UNAVAILABLE);
    this.#options = options;
    this.#link = options.link;
    this.#counters = options.counters;
  }

  lookup<T>(entry: CacheEntry<T>): Promise<Lookup<T>> {
    // One key is always read by one codec, so the answer is of the type that was asked for.
    return this.#batch.add(entry.key, entry) as Promise<Lookup<T>>;
  }

  async lookupMany<T>(entries: readonly CacheEntry<T>[]): Promise<readonly Lookup<T>[]> {
    const server = this.#link.server;
    if (server === undefined) return entries.map(() => UNAVAILABLE);
    const deadline = performance.now() + this.#options.commandTimeoutMs;
    const anchors = [...new Set(entries.flatMap((entry) => entry.anchors))];
    const keys = [
      ...entries.map((entry) => this.#entryKey(entry)),
      ...anchors.map((anchor) => this.#versionKey(anchor)),
    ];
    const found = await this.#link.send(this.#options.commandTimeoutMs, (client) => client.mget(keys));
    // A host's client may ask again after a reconnect, and a server restored from a backup would answer old entries
    // with old versions that match: only what the server of this stamp said counts.
    if (found === undefined || this.#link.server !== server) return entries.map(() => UNAVAILABLE);

    const versions = new Map(
      anchors.map((anchor, index) => [anchor, found[entries.length + index] ?? undefined]),
    );
    const missing = anchors.filter((anchor) => versions.get(anchor) === undefined);
    if (missing.length > 0) {
      const created = await this.#script(ensureScript, missing, deadline - performance.now());
      if (created === undefined) return entries.map(() => UNAVAILABLE);
      for (const [index, anchor] of missing.entries()) versions.set(anchor, created[index]);
    }
    return entries.map((entry, index) => {
      const stamp = `${server.incarnation}:${entry.anchors.map((anchor) => versions.get(anchor)).join(',')}`;
      return this.#judge(entry, stamp, found[index] ?? undefined);
    });
  }

  fill<T>(entry: CacheEntry<T>, stamp: Stamp, value: T): void {
    // The connection may be another one by now; the stamp would not match there, so there is nothing to store.
    if (this.#link.server === undefined || !stamp.startsWith(this.#link.server.incarnation)) return;
    const text = `${stamp}|${this.#now()}|${entry.codec.encode(value)}`;
    if (text.length > MAX_VALUE_CHARACTERS) {
      this.#counters.failedFills += 1;
      return;
    }
    const ttlMs = Math.min(jittered(entry.ttlMs), LONGEST_LIFE_MS);
    void this.#link
      .send(this.#options.bumpTimeoutMs, (client) => client.set(this.#entryKey(entry), text, 'PX', ttlMs))
      .then((stored) => {
        if (stored === undefined) this.#counters.failedFills += 1;
        else this.#counters.fills += 1;
      });
  }

  async bump(anchors: readonly Anchor[]): Promise<boolean> {
    const versions = await this.#script(bumpScript, anchors, this.#options.bumpTimeoutMs);
    if (versions === undefined) return false;
    this.#counters.bumps += anchors.length;
    return true;
  }

  #judge<T>(entry: CacheEntry<T>, stamp: Stamp, text: string | undefined): Lookup<T> {
    if (text === undefined || !text.startsWith(`${stamp}|`)) return { kind: 'miss', stamp };
    const payloadAt = text.indexOf('|', stamp.length + 1) + 1;
    const decoded = entry.codec.decode(text.slice(payloadAt));
    if (decoded.isErr()) {
      this.#counters.undecodable += 1;
      return { kind: 'miss', stamp };
    }
    const storedAt = Number(text.slice(stamp.length + 1, payloadAt - 1));
    return { kind: 'hit', value: decoded.value, stamp, ageMs: Math.max(0, this.#now() - storedAt) };
  }

  /** Runs a script over version keys, in parts if there are many; answers their versions in the order of the anchors. */
  async #script(
    lua: string,
    anchors: readonly Anchor[],
    budgetMs: number,
  ): Promise<readonly string[] | undefined> {
    const server = this.#link.probedServer;
    if (server === undefined) return undefined;
    const deadline = performance.now() + budgetMs;
    const source = server.knowsAllowOom ? allowedWhenFull(lua) : lua;
    const versions: string[] = [];
    for (const part of chunks(anchors, MAX_SCRIPT_KEYS)) {
      const answered = await this.#scriptOnce(source, part, deadline - performance.now());
      if (answered === undefined) return undefined;
      versions.push(...answered);
    }
    return versions;
  }

  async #scriptOnce(
    source: string,
    anchors: readonly Anchor[],
    budgetMs: number,
  ): Promise<readonly string[] | undefined> {
    if (budgetMs <= 0) return undefined;
    const keys = anchors.map((anchor) => this.#versionKey(anchor));
    const run = (client: Redis): Promise<unknown> =>
      client.eval(source, keys.length, ...keys, VERSION_TTL_MS);
    const answer = await this.#link.send(budgetMs, run);
    const versions = typeof answer === 'string' ? answer.split(' ') : [];
    return versions.length === anchors.length ? versions : undefined;
  }

  #now(): number {
    return this.#options.clock.now().epochMilliseconds;
  }

  /** The tag puts an entry into the hash slot of its first anchor's version. */
  #entryKey<T>({ anchors, key }: CacheEntry<T>): string {
    return `${this.#options.prefix}:${SCHEMA_VERSION}:{${anchors[0] ?? key}}:${key}`;
  }

  #versionKey(anchor: Anchor): string {
    return `${this.#options.prefix}:v:{${anchor}}`;
  }
}
