import { Ok, type Result } from 'neverthrow';
import type { CachePolicies, CachePolicy } from '../../application/caching/cache-policies.ts';
import {
  parseCandidateId,
  parseCityId,
  parseRecruiterId,
  parseSlotId,
  parseTemplateId,
  type AnyId,
  type IdInput,
} from '../../domain/shared/id.ts';
import type { ValidationError } from '../../domain/shared/validation-error.ts';
import type { CacheEntry, Codec } from '../cache/versioned-store.ts';
import {
  candidateCodecs,
  cityCodecs,
  recruiterCodecs,
  slotCodecs,
  templateCodecs,
} from '../records/codecs.ts';

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
  recruiter: remembered(policies.recruiter, recruiterCodecs.one, parseRecruiterId),
  city: remembered(policies.city, cityCodecs.one, parseCityId),
  slot: remembered(policies.slot, slotCodecs.one, parseSlotId),
  candidate: remembered(policies.candidate, candidateCodecs.one, parseCandidateId),
  template: remembered(policies.template, templateCodecs.one, parseTemplateId),
});

export type CacheEntries = ReturnType<typeof cacheEntries>;

/** A valid id and its entry. */
export interface EntityEntry<Id, T> extends CacheEntry<T> {
  readonly id: Id;
}

/** What is known about single entities of one kind. */
interface EntityEntries<Id extends AnyId, T> {
  /** Of whatever a caller gives. */
  of(id: IdInput<Id>): Result<EntityEntry<Id, T>, ValidationError>;
  /** Of ids that were checked before. */
  at(ids: readonly Id[]): ReadonlyMap<Id, EntityEntry<Id, T>>;
}

const REMEMBERED = 20_000;

/** Checking an id and building a key and anchors takes longer than finding what they name in memory. */
function remembered<Id extends AnyId, T>(
  policy: CachePolicy<[Id]>,
  codec: Codec<T>,
  parse: (id: IdInput<Id>) => Result<Id, ValidationError>,
): EntityEntries<Id, T> {
  const made = new Map<IdInput<Id>, Ok<EntityEntry<Id, T>, ValidationError>>();
  const make = (id: Id): Ok<EntityEntry<Id, T>, ValidationError> => {
    if (made.size >= REMEMBERED) made.clear();
    const entry = new Ok<EntityEntry<Id, T>, ValidationError>({
      ...entryOf(policy, codec, id),
      id,
      kept: undefined,
    });
    made.set(id, entry);
    return entry;
  };
  return {
    of: (given) => made.get(given) ?? parse(given).andThen(make),
    at: (ids) => new Map(ids.map((id) => [id, (made.get(id) ?? make(id)).value])),
  };
}
