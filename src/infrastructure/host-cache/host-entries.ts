import { ok, Result } from 'neverthrow';
import type { Anchor } from '../../application/caching/anchors.ts';
import type { EntryPolicy } from '../../application/caching/cache-policies.ts';
import type {
  CacheDependencies,
  CacheEntryOptions,
  InvalidationTarget,
  TargetError,
} from '../../application/ports/cache.ts';
import { fail } from '../../domain/shared/fail.ts';
import { invalid, type ValidationError } from '../../domain/shared/validation-error.ts';
import { MAX_GRACE_MS, MAX_TTL_MS } from '../cache/limits.ts';
import type { CacheEntry, Codec } from '../cache/versioned-store.ts';
import { familyOfAnchor, noFamily, sdkFamily } from './sdk-anchors.ts';

/** What is kept for hosts is the plain data of their values: every reader makes a copy of its own from it. */
export type HostData = number | readonly unknown[];
export type HostEntry = CacheEntry<HostData>;

const asItIs: Codec<HostData> = {
  toData: (data) => data,
  fromData: (data) => ok(data as HostData),
};

/** Every entry of a host depends on it, so dropping all of them is one bump. */
export const EVERYTHING: Anchor = 'host:all';

const DEFAULT_TTL_MS = 1_800_000;
const MAX_KEY_LENGTH = 512;

/** Families of keys that were used are remembered up to here; those that are declared always. */
const MAX_KNOWN = 10_000;

/** Keys, families and anchors of hosts, in a key space of their own. */
export class HostEntries {
  /** Families that may be dropped: those that were declared, and those of keys that were used. */
  readonly #known = new Set<string>();

  declare(families: readonly string[]): void {
    for (const family of families) this.#known.add(family);
  }

  entry(key: string, options: CacheEntryOptions = {}): Result<HostEntry, ValidationError> {
    return checkName('key', key).andThen(() =>
      Result.combine([
        policyOf(options),
        Result.combine((options.families ?? []).map((family) => checkName('families', family))),
        Result.combine((options.anchors ?? []).map(checkAnchor)),
      ]).map(([policy]) => ({
        policy,
        key: engineKey(key, options),
        anchors: this.#anchors(key, options),
        codec: asItIs,
      })),
    );
  }

  /** The anchors that dropping the targets raises. */
  anchorsOf(targets: readonly InvalidationTarget[]): Result<readonly Anchor[], TargetError> {
    return Result.combine(targets.map((target) => this.#anchorsOf(target))).map((found) => found.flat());
  }

  #anchorsOf(target: InvalidationTarget): Result<readonly Anchor[], TargetError> {
    if (typeof target === 'string')
      return target.endsWith(':*')
        ? this.#family(target.slice(0, -2))
        : checkName('key', target).map(() => [anchorOfKey(target)]);
    if ('key' in target) return checkName('key', target.key).map(() => [anchorOfKey(target.key)]);
    if ('anchor' in target) return checkName('anchor', target.anchor).map(() => [target.anchor]);
    return this.#family(target.family);
  }

  /** A family of the SDK may also be one of the host: then both are meant. */
  #family(family: string): Result<readonly Anchor[], TargetError> {
    const own = sdkFamily(family);
    const anchors = [
      ...(own === undefined ? [] : [own]),
      ...(this.#known.has(family) ? [anchorOfFamily(family)] : []),
    ];
    return anchors.length === 0 ? fail({ type: 'UnknownFamily', family }) : ok(anchors);
  }

  #anchors(key: string, { families = [], anchors = [] }: CacheDependencies): readonly Anchor[] {
    const [first = key] = key.split(':', 1);
    const all = [...new Set([first, ...families])];
    if (this.#known.size < MAX_KNOWN) this.declare(all);
    return [
      anchorOfKey(key),
      EVERYTHING,
      ...all.toSorted().map(anchorOfFamily),
      // As with the SDK's own entries: a commit that cannot tell which of them it changes raises the family.
      ...new Set([...anchors, ...anchors.flatMap((anchor) => familyOfAnchor(anchor) ?? [])].toSorted()),
    ];
  }
}

/** What an entry depends on is part of its place: under other dependencies there is another entry. */
function engineKey(key: string, { families = [], anchors = [] }: CacheDependencies): string {
  return families.length + anchors.length === 0
    ? `host:${key}`
    : `host:${key}#${JSON.stringify([families.toSorted(), anchors.toSorted()])}`;
}

const anchorOfKey = (key: string): Anchor => `host:k:${key}`;
const anchorOfFamily = (family: string): Anchor => `host:f:${family}`;

function checkName(field: string, name: unknown): Result<void, ValidationError> {
  if (typeof name !== 'string' || name === '') return invalid(field, 'must be a text that is not empty');
  if (name.length > MAX_KEY_LENGTH) return invalid(field, `must have ${MAX_KEY_LENGTH} characters at most`);
  // `*` stands for a family, braces name a hash slot, and control characters separate what is announced.
  if (/[*{}\p{Cc}]/u.test(name)) return invalid(field, 'must have no *, { or }, and no control characters');
  return name.isWellFormed() ? ok(undefined) : invalid(field, 'must be well-formed Unicode');
}

const checkAnchor = (anchor: Anchor): Result<void, ValidationError> =>
  checkName('anchors', anchor).andThen(() => noFamily('anchors', anchor));

function policyOf(options: CacheEntryOptions): Result<EntryPolicy, ValidationError> {
  const { ttlMs = DEFAULT_TTL_MS, graceMs, negativeTtlMs, refreshEarly, loadLock } = options;
  const wrong =
    outside('ttlMs', ttlMs, 1, MAX_TTL_MS) ??
    outside('graceMs', graceMs, 0, MAX_GRACE_MS) ??
    outside('negativeTtlMs', negativeTtlMs, 1, MAX_TTL_MS);
  if (wrong !== undefined) return wrong;
  return ok({
    name: 'host',
    ungated: true,
    ttlMs,
    ...(graceMs === undefined ? {} : { graceMs }),
    ...(negativeTtlMs === undefined ? {} : { negativeTtlMs }),
    ...(refreshEarly === undefined ? {} : { refreshEarly }),
    ...(loadLock === undefined ? {} : { loadLock }),
  });
}

const outside = (
  field: string,
  value: number | undefined,
  from: number,
  to: number,
): Result<never, ValidationError> | undefined =>
  value === undefined || (Number.isInteger(value) && value >= from && value <= to)
    ? undefined
    : invalid(field, `must be an integer from ${from} to ${to}`);
