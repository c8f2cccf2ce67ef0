import type { CachePolicies, CachePolicy } from '../../application/caching/cache-policies.ts';
import type { CacheEntry, Codec } from '../cache/versioned-store.ts';
import { candidateCodecs, cityCodecs, recruiterCodecs, slotCodecs } from '../records/codecs.ts';

/** A policy applied to arguments. */
export const entryOf = <T, Args extends readonly unknown[]>(
  policy: CachePolicy<Args>,
  codec: Codec<T>,
  ...args: Args
): CacheEntry<T> => ({
  policy,
  key: policy.key(...args),
  anchors: [policy.anchor(...args), policy.family],
  codec,
});

/** The entries of single entities, and the policies the others are made of. */
export const cacheEntries = (policies: CachePolicies) => ({
  policies,
  recruiter: remembered(policies.recruiter, recruiterCodecs.one),
  city: remembered(policies.city, cityCodecs.one),
  slot: remembered(policies.slot, slotCodecs.one),
  candidate: remembered(policies.candidate, candidateCodecs.one),
});

export type CacheEntries = ReturnType<typeof cacheEntries>;

const REMEMBERED = 20_000;

/** Building a key and anchors takes longer than finding what they name in memory. */
function remembered<Id, T>(policy: CachePolicy<[Id]>, codec: Codec<T>): (id: Id) => CacheEntry<T> {
  const made = new Map<Id, CacheEntry<T>>();
  return (id) => {
    const known = made.get(id);
    if (known !== undefined) return known;
    if (made.size >= REMEMBERED) made.clear();
    const entry = entryOf(policy, codec, id);
    made.set(id, entry);
    return entry;
  };
}
