import type { Redis } from 'ioredis';
import { ok, type Result } from 'neverthrow';
import type { Anchor } from '../../../application/caching/anchors.ts';
import type { Clock } from '../../../application/ports/clock.ts';
import type { CacheCounters } from '../cache-counters.ts';
import { chunks } from '../chunks.ts';
import {
  LOAD_LOCK_MS,
  LONGEST_LIFE_MS,
  MAX_GRACE_MS,
  MAX_VALUE_CHARACTERS,
  PENDING_MS,
  VERSION_TTL_MS,
} from '../limits.ts';
import { TickBatch } from '../../loading/tick-batch.ts';
import type { SharedStore } from '../tiered-store.ts';
import type { Payloads } from '../values/payloads.ts';
import {
  jittered,
  lifetimeOf,
  UNAVAILABLE,
  type CacheEntry,
  type Filling,
  type Lookup,
  type Ticket,
  type VersionedStore,
} from '../versioned-store.ts';
import type { RedisKeys } from './redis-keys.ts';
import type { RedisLink } from './redis-link.ts';
import type { RedisNode } from './redis-node.ts';
import { SingleNode, type RedisNodes } from './redis-nodes.ts';
import { pipelined } from './pipelined.ts';
import { allowedWhenFull, bumpScript, ensureScript, isPending, markScript } from './redis-scripts.ts';
import { stampOf, type Told } from './stamps.ts';
import { readEntry, writeEntry } from './stored-entry.ts';

export interface RedisStoreOptions {
  readonly nodes: RedisNodes;
  readonly keys: RedisKeys;
  readonly payloads: Payloads;
  /** Budget of a lookup, whatever number of commands it needs. */
  readonly commandTimeoutMs: number;
  readonly bumpTimeoutMs: number;
  readonly counters: CacheCounters;
  /** Only for the age of an entry; whether it is valid depends on no clock of this machine. */
  readonly clock: Clock;
}

/** A script blocks the server while it runs, and its keys are the arguments of one call. */
const MAX_SCRIPT_KEYS = 1000;

/** Entries that one MGET asks for, and how many of those are on their way at a time. */
const PART = 64;
const PARTS_AT_A_TIME = 8;

/** Payloads of known absence; those of values are never so short. */
const UNDEFINED = '';
const NULL = '-';

/**
 * Entries and versions in Redis: one server, or the masters of a Cluster. A stamp names the incarnation of every server
 * its versions came from, because one restarted from a snapshot brings old entries back together with the old versions
 * they match.
 */
export class RedisStore implements SharedStore, VersionedStore {
  onVersion: (anchor: Anchor, version: number) => void = () => undefined;
  readonly #options: RedisStoreOptions;
  readonly #nodes: RedisNodes;
  readonly #keys: RedisKeys;
  readonly #counters: CacheCounters;
  /** Reads of one turn share a round trip. */
  readonly #batch: TickBatch<CacheEntry<unknown>, Lookup<unknown>>;
  readonly #fills: (() => void)[] = [];
  readonly #filling = new Set<Promise<unknown>>();

  constructor(options: RedisStoreOptions) {
    this.#batch = new TickBatch((entries) => this.lookupMany(entries), UNAVAILABLE);
    this.#options = options;
    this.#nodes = options.nodes;
    this.#keys = options.keys;
    this.#counters = options.counters;
  }

  lookup<T>(entry: CacheEntry<T>): Promise<Lookup<T>> {
    // One key is always read by one codec, so the answer is of the type that was asked for.
    return this.#batch.add(entry.key, entry) as Promise<Lookup<T>>;
  }

  lookupMany<T>(entries: readonly CacheEntry<T>[]): Promise<readonly Lookup<T>[]> {
    this.#sendFills();
    return entries.length <= PART ? this.#lookupPart(entries) : this.#lookupParts(entries);
  }

  async #lookupParts<T>(entries: readonly CacheEntry<T>[]): Promise<readonly Lookup<T>[]> {
    const lookups: Lookup<T>[] = [];
    // In rounds, each with a time budget of its own; the parts of one are decoded while the next is on its way.
    for (const round of chunks([...chunks(entries, PART)], PARTS_AT_A_TIME)) {
      const answers = await Promise.all(round.map((part) => this.#lookupPart(part)));
      lookups.push(...answers.flat());
      if (answers.some((part) => part.every(({ kind }) => kind === 'unavailable'))) break;
    }
    return entries.map((_, index) => lookups[index] ?? UNAVAILABLE);
  }

  async #lookupPart<T>(entries: readonly CacheEntry<T>[]): Promise<readonly Lookup<T>[]> {
    const deadline = performance.now() + this.#options.commandTimeoutMs;
    const places = new Map<Anchor, number>();
    const keys = entries.map((entry) => this.#keys.entry(entry));
    for (const { anchors } of entries)
      for (const anchor of anchors)
        if (!places.has(anchor)) places.set(anchor, keys.push(this.#keys.version(anchor)) - 1);
    const told = await this.#get(keys);
    const missing: Anchor[] = [];
    for (const [anchor, place] of places) {
      const answer = told[place];
      if (answer === undefined) continue;
      if (answer.text === undefined) missing.push(anchor);
      else if (isPending(answer.text)) told[place] = undefined;
    }
    if (missing.length > 0) {
      const created = await this.#script(ensureScript, missing, deadline - performance.now());
      for (const anchor of missing) told[places.get(anchor) as number] = created.get(anchor);
    }
    const versionOf = (anchor: Anchor): Told | undefined => told[places.get(anchor) as number];
    const moment = { now: performance.now(), time: this.#now() };
    return entries.map((entry, index) => this.#judge(entry, versionOf, told[index], moment));
  }

  lookAgain<T>(entry: CacheEntry<T>): Promise<Lookup<T>> {
    return this.lookup(entry);
  }

  /** Memory is not this store's business. */
  held(): undefined {
    return undefined;
  }

  /**
   * After those who waited for the value have got it, but before anything they ask next: on one connection they find
   * what they were answered.
   */
  fill<T>(entry: CacheEntry<T>, { stamp }: Ticket, filling: Filling<T>): void {
    if (this.#fills.length === 0) process.nextTick(this.#sendFills);
    const stored = new Promise((resolve) => {
      this.#fills.push(() => void this.#store(entry, stamp, filling).finally(() => resolve(undefined)));
    });
    this.#filling.add(stored);
    void stored.then(() => this.#filling.delete(stored));
  }

  /** Resolves when what has been loaded up to now is stored, or could not be. */
  async filled(): Promise<void> {
    await Promise.all(this.#filling);
  }

  readonly #sendFills = (): void => {
    for (const send of this.#fills.splice(0)) send();
  };

  async put<T>(entry: CacheEntry<T>, value: T): Promise<boolean> {
    const [own, ...others] = entry.anchors;
    if (own === undefined) return false;
    const deadline = performance.now() + this.#options.bumpTimeoutMs;
    const left = (): number => deadline - performance.now();
    // The own anchor last: whoever puts later stores under a later version, and only the latest one counts.
    const versions = new Map(await this.#script(ensureScript, others, left()));
    const raised = (await this.#script(bumpScript, [own], left())).get(own);
    if (raised === undefined) return false;
    this.#counters.bumps += 1;
    versions.set(own, raised);
    const stamp = stampOf(entry, (anchor) => versions.get(anchor));
    return stamp !== undefined && (await this.#store(entry, stamp.stamp, { value, loadMs: 0 }));
  }

  async mark(anchors: readonly Anchor[]): Promise<boolean> {
    const marked = await this.#script(markScript, anchors, this.#options.commandTimeoutMs);
    return anchors.every((anchor) => marked.has(anchor));
  }

  async bump(anchors: readonly Anchor[], marked = false): Promise<boolean> {
    const raised = await this.#script(bumpScript, anchors, this.#options.bumpTimeoutMs, marked);
    this.#counters.bumps += raised.size;
    return anchors.every((anchor) => raised.has(anchor));
  }

  async lock<T>(entry: CacheEntry<T>, { stamp }: Ticket): Promise<boolean | undefined> {
    const key = this.#keys.lock(entry, stamp);
    const { link } = this.#nodeOf(key) ?? {};
    if (link?.server === undefined) return undefined;
    const answer = await link.send(this.#options.commandTimeoutMs, async (client) => ({
      taken: (await client.set(key, '1', 'PX', LOAD_LOCK_MS, 'NX')) !== null,
    }));
    return answer?.taken;
  }

  unlock<T>(entry: CacheEntry<T>, { stamp }: Ticket): void {
    const key = this.#keys.lock(entry, stamp);
    const { link } = this.#nodeOf(key) ?? {};
    if (link?.server !== undefined) void link.send(this.#options.bumpTimeoutMs, (client) => client.del(key));
  }

  /** The values of keys, wherever they are; nothing for those whose server cannot be asked. */
  async #get(keys: readonly string[]): Promise<(Told | undefined)[]> {
    if (this.#nodes instanceof SingleNode)
      return (await this.#tell(this.#nodes.nodeOf().link, [keys]))[0] ?? [];
    const told = Array.from<Told | undefined>({ length: keys.length });
    await Promise.all(
      this.#byNode(keys).map(async ([{ link }, slots]) => {
        const answers = await this.#tell(
          link,
          slots.map((indexes) => indexes.map((index) => keys[index] as string)),
        );
        for (const [part, indexes] of slots.entries())
          for (const [place, index] of indexes.entries()) told[index] = answers[part]?.[place];
      }),
    );
    return told;
  }

  /** What one server says to the keys of each slot; nothing when it cannot be asked. */
  async #tell(link: RedisLink, slots: readonly (readonly string[])[]): Promise<readonly Told[][]> {
    const { server } = link;
    if (server === undefined) return [];
    const answers = await link.send(this.#options.commandTimeoutMs, (client) => mgets(client, slots));
    // A host's client may ask again after a reconnect, and a server restored from a backup would answer old entries
    // with old versions that match: only what the server of this stamp said counts.
    if (answers === undefined || link.server !== server) return [];
    return answers.map((texts) => texts.map((text) => ({ text: text ?? undefined, server })));
  }

  /** Runs a script over version keys; answers the versions that are certain. */
  async #script(
    lua: string,
    anchors: readonly Anchor[],
    budgetMs: number,
    marked = false,
  ): Promise<ReadonlyMap<Anchor, Told>> {
    const told = new Map<Anchor, Told>();
    if (anchors.length === 0 || budgetMs <= 0) return told;
    const deadline = performance.now() + budgetMs;
    const keys = anchors.map((anchor) => this.#keys.version(anchor));
    await Promise.all(
      this.#byNode(keys).map(async ([{ link }, slots]) => {
        const { writableServer: server } = link;
        if (server === undefined) return;
        const source = server.knowsAllowOom ? allowedWhenFull(lua) : lua;
        const calls = slots.flatMap((indexes) => [...chunks(indexes, MAX_SCRIPT_KEYS)]);
        const answers = await link.send(deadline - performance.now(), (client) =>
          this.#evals(
            client,
            source,
            calls.map((indexes) => indexes.map((index) => keys[index] as string)),
            marked,
          ),
        );
        if (answers === undefined) return;
        for (const [part, indexes] of calls.entries())
          for (const [place, index] of indexes.entries()) {
            const anchor = anchors[index] as Anchor;
            const text = answers[part]?.[place] as string;
            told.set(anchor, { text, server });
            if (!isPending(text)) this.onVersion(anchor, Number(text));
          }
      }),
    );
    return told;
  }

  async #evals(
    client: Redis,
    source: string,
    calls: readonly (readonly string[])[],
    marked: boolean,
  ): Promise<readonly (readonly string[])[]> {
    const rest = [VERSION_TTL_MS, this.#keys.channel, marked ? 1 : 0, PENDING_MS] as const;
    const args = calls.map((keys) => [keys.length, ...keys, ...rest] as const);
    const [only] = args;
    const answers =
      args.length === 1 && only !== undefined
        ? [await client.eval(source, ...only)]
        : await pipelined(
            client,
            args.map((each) => ['eval', source, ...each] as const),
          );
    return answers.map((answer, index) => {
      const versions = String(answer).split(' ');
      if (versions.length !== calls[index]?.length) throw new Error('the script answered something else');
      return versions;
    });
  }

  /** The places of keys by the server that holds them, and there by hash slot. */
  #byNode(keys: readonly string[]): readonly (readonly [RedisNode, readonly (readonly number[])[]])[] {
    if (this.#nodes instanceof SingleNode) return [[this.#nodes.nodeOf(), [[...keys.keys()]]]];
    const nodes = new Map<RedisNode, Map<number, number[]>>();
    for (const [index, key] of keys.entries()) {
      const slot = this.#nodes.slotOf(key);
      const node = this.#nodes.nodeOf(slot);
      if (node === undefined) continue;
      const slots = nodes.get(node) ?? new Map<number, number[]>();
      nodes.set(node, slots);
      const indexes = slots.get(slot);
      if (indexes === undefined) slots.set(slot, [index]);
      else indexes.push(index);
    }
    return [...nodes].map(([node, slots]) => [node, [...slots.values()]]);
  }

  #nodeOf(key: string): RedisNode | undefined {
    return this.#nodes.nodeOf(this.#nodes.slotOf(key));
  }

  #judge<T>(
    entry: CacheEntry<T>,
    versionOf: (anchor: Anchor) => Told | undefined,
    told: Told | undefined,
    { now, time }: { readonly now: number; readonly time: number },
  ): Lookup<T> {
    const ticket = stampOf(entry, versionOf);
    if (ticket === undefined || told === undefined) return UNAVAILABLE;
    const stored = told.text === undefined ? undefined : readEntry(told.text, ticket.stamp);
    if (stored === undefined) return { kind: 'miss', ticket };
    const value = this.#decode(entry, stored.payload);
    if (value.isErr()) {
      this.#counters.undecodable += 1;
      return { kind: 'miss', ticket };
    }
    const storedAt = now - Math.max(0, time - stored.storedAt);
    const expiresAt = storedAt + stored.lifetimeMs;
    const found = { source: 'l2' as const, value: value.value, storedAt, expiresAt, loadMs: stored.loadMs };
    // Without a grace period the server's clock alone decides when an entry is over.
    return now < expiresAt || entry.policy.graceMs === undefined
      ? { kind: 'hit', found, ticket }
      : { kind: 'miss', ticket, expired: found };
  }

  async #store<T>(entry: CacheEntry<T>, stamp: string, { value, loadMs }: Filling<T>): Promise<boolean> {
    const lifetimeMs = lifetimeOf(entry.policy, value);
    if (lifetimeMs === 0) return true;
    const key = this.#keys.entry(entry);
    const { link } = this.#nodeOf(key) ?? {};
    // The connection may be another one by now; the stamp would not match there, so there is nothing to store.
    if (link?.server === undefined || !stamp.startsWith(link.server.incarnation)) return false;
    const spreadMs = Math.min(jittered(lifetimeMs), LONGEST_LIFE_MS);
    const text = writeEntry(stamp, {
      storedAt: this.#now(),
      lifetimeMs: spreadMs,
      loadMs,
      payload: this.#encode(entry, value),
    });
    if (text.length > MAX_VALUE_CHARACTERS) {
      this.#counters.failedFills += 1;
      return false;
    }
    const keptMs = spreadMs + Math.min(entry.policy.graceMs ?? 0, MAX_GRACE_MS);
    const stored = await link.send(this.#options.bumpTimeoutMs, (client) =>
      client.set(key, text, 'PX', keptMs),
    );
    if (stored === undefined) this.#counters.failedFills += 1;
    else this.#counters.fills += 1;
    return stored !== undefined;
  }

  #encode<T>(entry: CacheEntry<T>, value: Filling<T>['value']): string {
    if (value === undefined || value === null) return value === null ? NULL : UNDEFINED;
    return this.#options.payloads.encode(entry.codec.toData(value));
  }

  #decode<T>(entry: CacheEntry<T>, payload: string): Result<Filling<T>['value'], unknown> {
    if (payload === UNDEFINED) return ok(undefined);
    if (payload === NULL) return ok(null);
    return this.#options.payloads.decode(payload).andThen((data) => entry.codec.fromData(data));
  }

  #now(): number {
    return this.#options.clock.now().epochMilliseconds;
  }
}

/** One MGET for each hash slot. */
async function mgets(
  client: Redis,
  slots: readonly (readonly string[])[],
): Promise<readonly (readonly (string | null)[])[]> {
  const [only] = slots;
  if (slots.length === 1 && only !== undefined) return [await client.mget(only as string[])];
  const answers = await pipelined(
    client,
    slots.map((keys) => ['mget', ...keys] as const),
  );
  return answers as readonly (readonly (string | null)[])[];
}
