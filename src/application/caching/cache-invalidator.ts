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
import { cachePolicies, type CacheFamily } from './cache-policies.ts';

const policies = cachePolicies();

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
 * Each method takes everything that may hold something of the row. Where that cannot be known from an id alone it takes
 * whole families, unless it is told more. Any number of entries costs one bump for each anchor.
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
    const { recruiter, activeRecruiters, recruiterList, recruitersOfCity } = policies;
    const { freeSlotsOfRecruiter, freeSlotsOfCity } = policies;
    return this.#after(
      Result.combine([parseRecruiterId(id), parseIds(parseCityId, cityIds ?? [], 'cityIds')]),
      ([valid, cities]) =>
        cityIds === undefined
          ? ['recruiters', 'slots']
          : [
              recruiter.anchor(valid),
              activeRecruiters.anchor(),
              recruiterList.anchor({}),
              // Slots of a recruiter who was archived or restored leave or enter them.
              freeSlotsOfRecruiter.anchor(valid),
              ...cities.flatMap((city) => [recruitersOfCity.anchor(city), freeSlotsOfCity.anchor(city)]),
            ],
    );
  }

  recruiters(): Invalidated {
    return this.#families('recruiters', 'slots');
  }

  /** Costs all lists of free slots: a city that was archived or restored may change any recruiter's. */
  city(id: IdInput<CityId>): Invalidated {
    const { city, activeCities, cityList } = policies;
    return this.#after(parseCityId(id), (valid) => [
      city.anchor(valid),
      activeCities.anchor(),
      cityList.anchor({}),
      'slots',
    ]);
  }

  cities(): Invalidated {
    return this.#families('cities', 'slots');
  }

  /** @param lists what it is and was listed under; with them it costs no other slot's entry and no other list */
  slot(id: IdInput<SlotId>, lists?: ListsOfSlot): Invalidated {
    return this.#after(
      Result.combine([
        parseSlotId(id),
        parseIds(parseRecruiterId, lists?.recruiterIds ?? [], 'recruiterIds'),
        parseIds(parseCityId, lists?.cityIds ?? [], 'cityIds'),
      ]),
      ([valid, recruiters, cities]) =>
        lists === undefined
          ? ['slots']
          : [
              policies.slot.anchor(valid),
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
    return this.#families('slots');
  }

  /** @param telegramIds the old one and the new one, as far as there are any; with them it costs no other candidate's entry */
  candidate(id: IdInput<CandidateId>, telegramIds?: readonly (string | number | bigint)[]): Invalidated {
    const { candidate, candidateByTelegramId } = policies;
    return this.#after(
      Result.combine([
        parseCandidateId(id),
        Result.combine((telegramIds ?? []).map((telegramId) => parseTelegramId(telegramId))),
      ]),
      ([valid, known]) =>
        telegramIds === undefined
          ? ['candidates']
          : [candidate.anchor(valid), ...known.map((telegramId) => candidateByTelegramId.anchor(telegramId))],
    );
  }

  candidates(): Invalidated {
    return this.#families('candidates');
  }

  /** @param name what it is the text of; with it it costs no other text's entries */
  template(id: IdInput<TemplateId>, name?: TemplateNameInput): Invalidated {
    const { template, templateList, resolvedTemplate, templatesOfCity } = policies;
    const parsedName = name === undefined ? ok(undefined) : parseTemplateName(name);
    return this.#after(Result.combine([parseTemplateId(id), parsedName]), ([valid, of]) =>
      of === undefined
        ? ['templates']
        : [
            template.anchor(valid),
            templateList.anchor({}),
            resolvedTemplate.anchor(of),
            ...(of.cityId === undefined ? [] : [templatesOfCity.anchor(of.cityId)]),
          ],
    );
  }

  templates(): Invalidated {
    return this.#families('templates');
  }

  /** Everything of the SDK; the host's own entries stay. */
  everything(): Invalidated {
    return this.#families(...families);
  }

  #families(...names: readonly CacheFamily[]): Invalidated {
    return this.#after(ok(names), (anchors) => anchors);
  }

  #after<T>(parsed: Result<T, ValidationError>, anchorsOf: (parsed: T) => readonly Anchor[]): Invalidated {
    return parsed.asyncAndThen((valid) =>
      this.#cache.invalidate(
        anchorsOf(valid).map((anchor) => ({ anchor })),
        this.#options,
      ),
    );
  }
}
