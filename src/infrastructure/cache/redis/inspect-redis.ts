import type { Redis } from 'ioredis';
import { err, errAsync, ok, ResultAsync, type Result } from 'neverthrow';
import type {
  CacheContents,
  CacheInspection,
  FamilyContents,
  CacheUsage,
  SlowCommand,
} from '../../../application/ports/cache-inspection.ts';
import type { CacheUnavailable } from '../../../application/ports/cache.ts';
import { validationError } from '../../../domain/shared/validation-error.ts';
import { familyOfAnchor } from '../../host-cache/sdk-anchors.ts';
import { cacheUnavailable } from '../cache-unavailable.ts';
import { askNode } from './ask-node.ts';
import { pipelined } from './pipelined.ts';
import type { RedisKeys } from './redis-keys.ts';
import type { RedisNodes } from './redis-nodes.ts';
import { usageOf } from './server-usage.ts';

interface Parts {
  readonly nodes: RedisNodes;
  readonly keys: RedisKeys;
  /** Of one answer, in milliseconds. */
  readonly budgetMs: number;
}

const KEYS_AT_ONCE = 500;
const LIMIT = 100_000;
const SLOW_COMMANDS = 10;

/** Looks at what the cache has on its masters, one after the other. */
export const inspectRedis = (parts: Parts): CacheInspection => ({
  contents: ({ limit = LIMIT } = {}) =>
    isPositive(limit)
      ? new ResultAsync(contents(parts, limit))
      : errAsync(validationError('limit', 'must be a positive integer')),
  slowLog: (limit = SLOW_COMMANDS) =>
    isPositive(limit)
      ? new ResultAsync(slowLog(parts, limit))
      : errAsync(validationError('limit', 'must be a positive integer')),
  usage: () => new ResultAsync(usage(parts)),
});

const isPositive = (limit: number): boolean => Number.isSafeInteger(limit) && limit > 0;

async function contents(parts: Parts, limit: number): Promise<Result<CacheContents, CacheUnavailable>> {
  const unavailable = err(cacheUnavailable('contents'));
  const tally = new Tally(parts.keys);
  if (parts.nodes.nodes.length === 0) return unavailable;
  for (const node of parts.nodes.nodes) {
    let cursor = '0';
    do {
      const page = await askNode(node, parts.budgetMs, (client) =>
        client.scan(cursor, 'MATCH', parts.keys.pattern, 'COUNT', KEYS_AT_ONCE),
      );
      if (page === undefined) return unavailable;
      const [next, found] = page;
      const taken = found.slice(0, limit - tally.seen);
      const sizes = await askNode(node, parts.budgetMs, (client) => sizesOf(client, tally.entriesOf(taken)));
      if (sizes === undefined) return unavailable;
      tally.add(taken, sizes);
      cursor = next;
      if (tally.seen >= limit && (cursor !== '0' || taken.length < found.length))
        return ok(tally.result(false));
    } while (cursor !== '0');
  }
  return ok(tally.result(true));
}

async function sizesOf(client: Redis, entries: readonly string[]): Promise<readonly number[]> {
  const sizes = await pipelined(
    client,
    entries.map((key) => ['strlen', key]),
  );
  return sizes.map(Number);
}

/** Counts keys by what they are for. */
class Tally {
  readonly #keys: RedisKeys;
  readonly #families = new Map<string, FamilyContents>();
  readonly #uses = { entry: 0, version: 0, lock: 0, other: 0 };
  seen = 0;

  constructor(keys: RedisKeys) {
    this.#keys = keys;
  }

  entriesOf(found: readonly string[]): readonly string[] {
    return found.filter((key) => this.#keys.read(key).kind === 'entry');
  }

  /** @param sizes of the entries among the keys, in their order */
  add(found: readonly string[], sizes: readonly number[]): void {
    const bytes = sizes.values();
    for (const key of found) {
      const use = this.#keys.read(key);
      this.#uses[use.kind] += 1;
      if (use.kind === 'entry') this.#count(familyOfAnchor(use.anchor) ?? 'host', bytes.next().value ?? 0);
    }
    this.seen += found.length;
  }

  result(complete: boolean): CacheContents {
    const { version: versions, lock: locks, other } = this.#uses;
    const families = [...this.#families.values()].sort((a, b) => (a.family < b.family ? -1 : 1));
    return { families, versions, locks, other, complete };
  }

  #count(family: string, size: number): void {
    const { entries, bytes } = this.#families.get(family) ?? { entries: 0, bytes: 0 };
    this.#families.set(family, { family, entries: entries + 1, bytes: bytes + size });
  }
}

/** `[id, unix time in seconds, microseconds, arguments …]`; newer servers add who sent it. */
type LoggedCommand = readonly [number, number, number, readonly string[], ...unknown[]];

async function slowLog(
  { nodes: { nodes }, budgetMs }: Parts,
  limit: number,
): Promise<Result<readonly SlowCommand[], CacheUnavailable>> {
  const logs = await Promise.all(
    nodes.map((node) => askNode(node, budgetMs, (client) => client.slowlog('GET', limit))),
  );
  if (logs.length === 0 || logs.includes(undefined)) return err(cacheUnavailable('slowLog'));
  const commands = (logs as readonly (readonly LoggedCommand[])[]).flat().map(slowCommand);
  return ok(commands.sort((a, b) => b.durationMs - a.durationMs));
}

const slowCommand = ([, seconds, microseconds, [name = '', ...args]]: LoggedCommand): SlowCommand => ({
  at: new Date(seconds * 1000).toISOString(),
  durationMs: microseconds / 1000,
  command: name.toUpperCase(),
  arguments: args.length,
});

async function usage({ nodes: { nodes }, budgetMs }: Parts): Promise<Result<CacheUsage, CacheUnavailable>> {
  const infos = await Promise.all(nodes.map((node) => askNode(node, budgetMs, (client) => client.info())));
  const told = infos.filter((info) => info !== undefined);
  return infos.length === 0 || told.length < infos.length
    ? err(cacheUnavailable('usage'))
    : ok(usageOf(told));
}
