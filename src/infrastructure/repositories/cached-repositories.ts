import type { CachePolicies } from '../../application/caching/cache-policies.ts';
import type { Clock } from '../../application/ports/clock.ts';
import { readersWithoutMemory, type Readers } from '../../application/readers.ts';
import type { CandidateRepository } from '../../domain/candidate/candidate-repository.ts';
import type { CityRepository } from '../../domain/city/city-repository.ts';
import type { MessageTemplateRepository } from '../../domain/message-template/message-template-repository.ts';
import type { RecruiterRepository } from '../../domain/recruiter/recruiter-repository.ts';
import type { SlotRepository } from '../../domain/slot/slot-repository.ts';
import type { AnchorTrust } from '../cache/anchor-trust.ts';
import type { ReadThrough } from '../cache/read-through.ts';
import { CachedCandidateReader, CachedCandidateRepository } from './cached-candidate-repository.ts';
import { CachedCityReader, CachedCityRepository } from './cached-city-repository.ts';
import { cacheEntries, type CacheEntries } from './cache-entries.ts';
import { CachedReads } from './cached-reads.ts';
import { CachedRecruiterReader, CachedRecruiterRepository } from './cached-recruiter-repository.ts';
import { CachedSlotReader, CachedSlotRepository } from './cached-slot-repository.ts';
import { CachedTemplateReader, CachedTemplateRepository } from './cached-template-repository.ts';
import type { OpenSlots } from './open-slots.ts';
import { noUnitOfWork, type ReadScope } from './read-scope.ts';
import type { StoredTexts } from './stored-texts.ts';

/** The repositories that have a cached decorator. */
export interface CacheableRepositories {
  readonly recruiters: RecruiterRepository;
  readonly cities: CityRepository;
  readonly slots: SlotRepository & OpenSlots;
  readonly candidates: CandidateRepository;
  readonly templates: MessageTemplateRepository & StoredTexts;
}

export interface RepositoryCaching {
  /** The repositories of a unit of work. */
  inside(
    own: CacheableRepositories,
    scope: ReadScope,
  ): Omit<CacheableRepositories, 'slots' | 'templates'> & {
    slots: SlotRepository;
    templates: MessageTemplateRepository;
  };
  /** The readers outside any unit of work. */
  readonly read: Readers;
}

/** Reads straight from the database. */
export const withoutCache = (outside: CacheableRepositories): RepositoryCaching => ({
  inside: (own) => own,
  read: readersWithoutMemory(outside),
});

/** Reads through the cache; `outside` are repositories whose statements belong to no unit of work. */
export class CachedRepositories implements RepositoryCaching {
  readonly read: Readers;
  readonly #cache: ReadThrough;
  readonly #trust: AnchorTrust;
  readonly #entries: CacheEntries;
  readonly #clock: Clock;
  readonly #outside: CacheableRepositories;

  constructor(
    cache: ReadThrough,
    trust: AnchorTrust,
    policies: CachePolicies,
    clock: Clock,
    outside: CacheableRepositories,
  ) {
    this.#cache = cache;
    this.#trust = trust;
    const entries = cacheEntries(policies);
    this.#entries = entries;
    this.#clock = clock;
    this.#outside = outside;
    const reads = this.#reads(outside, noUnitOfWork);
    this.read = {
      recruiters: new CachedRecruiterReader(reads.recruiters, entries, outside.recruiters),
      cities: new CachedCityReader(reads.cities, entries, outside.cities),
      slots: new CachedSlotReader(reads.slots, entries, clock, outside.slots),
      candidates: new CachedCandidateReader(reads.candidates, entries, outside.candidates),
      templates: new CachedTemplateReader(reads.templates, entries, outside.templates),
    };
  }

  inside(own: CacheableRepositories, scope: ReadScope): ReturnType<RepositoryCaching['inside']> {
    const reads = this.#reads(own, scope);
    return {
      recruiters: new CachedRecruiterRepository(reads.recruiters, this.#entries, own.recruiters),
      cities: new CachedCityRepository(reads.cities, this.#entries, own.cities),
      slots: new CachedSlotRepository(reads.slots, this.#entries, this.#clock, own.slots),
      candidates: new CachedCandidateRepository(reads.candidates, this.#entries, own.candidates),
      templates: new CachedTemplateRepository(reads.templates, this.#entries, own.templates),
    };
  }

  #reads(inside: CacheableRepositories, scope: ReadScope) {
    const between = <Reader>(own: Reader, others: Reader): CachedReads<Reader> =>
      new CachedReads(this.#cache, this.#trust, scope, own, others);
    return {
      recruiters: between(inside.recruiters, this.#outside.recruiters),
      cities: between(inside.cities, this.#outside.cities),
      slots: between(inside.slots, this.#outside.slots),
      candidates: between(inside.candidates, this.#outside.candidates),
      templates: between(inside.templates, this.#outside.templates),
    };
  }
}
