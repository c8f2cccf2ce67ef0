import { ok, Result, type ResultAsync } from 'neverthrow';
import { parseTemplateName, type TemplateNameInput } from '../../domain/message-template/template-name.ts';
import {
  parseCandidateId,
  parseCityId,
  parseIds,
  parseRecruiterId,
  parseSlotId,
  parseTemplateId,
  type CandidateId,
  type CityId,
  type IdInput,
  type RecruiterId,
  type SlotId,
  type TemplateId,
} from '../../domain/shared/id.ts';
import { parseTelegramId } from '../../domain/shared/telegram-id.ts';
import type { ValidationError } from '../../domain/shared/validation-error.ts';
import type { Cache, CacheUnavailable, InvalidateOptions, TargetError } from '../ports/cache.ts';
import { families, type Anchor } from './anchors.ts';
import { cachePolicies } from './cache-policies.ts';

const policies = cachePolicies();

/** What every change of a recruiter, of a city or of a template raises. */
const listsOfRecruiters: readonly Anchor[] = [
  policies.activeRecruiters.anchor(),
  policies.recruiterList.anchor({}),
];
const listsOfCities: readonly Anchor[] = [policies.activeCities.anchor(), policies.cityList.anchor({})];
const listsOfTemplates: readonly Anchor[] = [policies.templateList.anchor({})];

/** What a slot is listed under; both the old and the new ones of a slot that has moved. */
export interface ListsOfSlot {
  readonly recruiterIds: readonly IdInput<RecruiterId>[];
  readonly cityIds: readonly IdInput<CityId>[];
}

type Invalidated = ResultAsync<void, CacheUnavailable | TargetError>;

/**
 * Tells the cache of changes that were made past the SDK, by SQL of the host's own: after they are committed, or with
 * their commit if a unit of work is given. Writes through repositories and use cases need none of this.
 *
 * Each method takes everything that may hold something of the row, entries of the host that depend on it included: it
 * raises the anchors that a commit of the same change would raise, as far as they are known from an id alone, and whole
 * families for the others, unless it is told more. Any number of entries costs one bump for each anchor.
 */
export class CacheInvalidator {
  readonly #cache: Pick<Cache, 'invalidate'>;
  readonly #options: InvalidateOptions;

  constructor(cache: Pick<Cache, 'invalidate'>, options: InvalidateOptions = {}) {
    this.#cache = cache;
    this.#options = options;
  }

  /** @param cityIds all cities the recruiter works in, or has worked in; with them it costs no other recruiter's entries */
  recruiter(id: IdInput<RecruiterId>, cityIds?: readonly IdInput<CityId>[]): Invalidated {
    const { recruiter, recruitersOfCity, freeSlotsOfRecruiter, freeSlotsOfCity } = policies;
    return this.#after(
      Result.combine([parseRecruiterId(id), parseIds(parseCityId, cityIds ?? [], 'cityIds')]),
      ([valid, cities]) => [
        recruiter.anchor(valid),
        ...listsOfRecruiters,
        // Slots of a recruiter who was archived or restored leave or enter them.
        freeSlotsOfRecruiter.anchor(valid),
        ...(cityIds === undefined
          ? ['recruiters', 'slots']
          : cities.flatMap((city) => [recruitersOfCity.anchor(city), freeSlotsOfCity.anchor(city)])),
      ],
    );
  }

  recruiters(): Invalidated {
    return this.#raise([...listsOfRecruiters, 'recruiters', 'slots']);
  }

  /** Costs all lists of free slots: a city that was archived or restored may change any recruiter's. */
  city(id: IdInput<CityId>): Invalidated {
    return this.#after(parseCityId(id), (valid) => [policies.city.anchor(valid), ...listsOfCities, 'slots']);
  }

  cities(): Invalidated {
    return this.#raise([...listsOfCities, 'cities', 'slots']);
  }

  /** @param lists what it is and was listed under; with them it costs no other slot's entry and no other list */
  slot(id: IdInput<SlotId>, lists?: ListsOfSlot): Invalidated {
    return this.#after(
      Result.combine([
        parseSlotId(id),
        parseIds(parseRecruiterId, lists?.recruiterIds ?? [], 'recruiterIds'),
        parseIds(parseCityId, lists?.cityIds ?? [], 'cityIds'),
      ]),
      ([valid, recruiters, cities]) => [
        policies.slot.anchor(valid),
        ...(lists === undefined ? ['slots'] : []),
        ...recruiters.map((recruiter) => policies.freeSlotsOfRecruiter.anchor(recruiter)),
        ...cities.map((city) => policies.freeSlotsOfCity.anchor(city)),
      ],
    );
  }

  /** The list of the recruiter's free slots; not the slots, nor the lists of cities. */
  slotsOfRecruiter(id: IdInput<RecruiterId>): Invalidated {
    return this.#after(parseRecruiterId(id), (valid) => [policies.freeSlotsOfRecruiter.anchor(valid)]);
  }

  /** The list of the city's free slots; not the slots, nor the lists of recruiters. */
  slotsOfCity(id: IdInput<CityId>): Invalidated {
    return this.#after(parseCityId(id), (valid) => [policies.freeSlotsOfCity.anchor(valid)]);
  }

  slots(): Invalidated {
    return this.#raise(['slots']);
  }

  /** @param telegramIds the old one and the new one, as far as there are any; with them it costs no other candidate's entry */
  candidate(id: IdInput<CandidateId>, telegramIds?: readonly (string | number | bigint)[]): Invalidated {
    const { candidate, candidateByTelegramId } = policies;
    return this.#after(
      Result.combine([
        parseCandidateId(id),
        Result.combine((telegramIds ?? []).map((telegramId) => parseTelegramId(telegramId))),
      ]),
      ([valid, known]) => [
        candidate.anchor(valid),
        ...(telegramIds === undefined ? ['candidates'] : []),
        ...known.map((telegramId) => candidateByTelegramId.anchor(telegramId)),
      ],
    );
  }

  candidates(): Invalidated {
    return this.#raise(['candidates']);
  }

  /** @param name what it is the text of; with it it costs no other text's entries */
  template(id: IdInput<TemplateId>, name?: TemplateNameInput): Invalidated {
    const { template, resolvedTemplate, templatesOfCity } = policies;
    const parsedName = name === undefined ? ok(undefined) : parseTemplateName(name);
    return this.#after(Result.combine([parseTemplateId(id), parsedName]), ([valid, of]) => [
      template.anchor(valid),
      ...listsOfTemplates,
      ...(of === undefined ? ['templates'] : [resolvedTemplate.anchor(of)]),
      ...(of?.cityId === undefined ? [] : [templatesOfCity.anchor(of.cityId)]),
    ]);
  }

  templates(): Invalidated {
    return this.#raise([...listsOfTemplates, 'templates']);
  }

  /** Everything of the SDK, and what of the host's depends on it; the host's other entries stay. */
  everything(): Invalidated {
    return this.#raise([...listsOfRecruiters, ...listsOfCities, ...listsOfTemplates, ...families]);
  }

  #after<T>(parsed: Result<T, ValidationError>, anchorsOf: (parsed: T) => readonly Anchor[]): Invalidated {
    return parsed.asyncAndThen((valid) => this.#raise(anchorsOf(valid)));
  }

  #raise(anchors: readonly Anchor[]): Invalidated {
    return this.#cache.invalidate(
      anchors.map((anchor) => ({ anchor })),
      this.#options,
    );
  }
}
