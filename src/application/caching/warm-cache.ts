import { Result, ResultAsync } from 'neverthrow';
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
import { invalid, type ValidationError } from '../../domain/shared/validation-error.ts';
import type { CacheControl } from '../ports/cache-control.ts';
import type { Clock } from '../ports/clock.ts';
import type { Readers } from '../readers.ts';
import { families as allFamilies } from './anchors.ts';
import type { CacheFamily } from './cache-policies.ts';
import { CountedReads, type ReadCounts, type WarmProgress } from './counted-reads.ts';

/** What to warm: families in full, single entities, or both; everything when nothing is named. */
export interface WarmOptions {
  readonly families?: readonly CacheFamily[];
  readonly recruiters?: readonly IdInput<RecruiterId>[];
  readonly cities?: readonly IdInput<CityId>[];
  readonly slots?: readonly IdInput<SlotId>[];
  readonly candidates?: readonly IdInput<CandidateId>[];
  readonly templates?: readonly IdInput<TemplateId>[];
  /** How many pages of 50 of each family's list are followed; 10 when left out. */
  readonly pages?: number;
  /** Told after every read; what it throws is ignored. */
  readonly onProgress?: (progress: WarmProgress) => void;
  /** Stops before the next read. */
  readonly signal?: AbortSignal;
}

export interface WarmReport extends ReadCounts {
  readonly durationMs: number;
}

export interface WarmContext {
  readonly read: Readers;
  readonly cache: Pick<CacheControl, 'enabled'>;
  /** Resolves when what has been read up to now is stored: fills are off the way of reads. */
  readonly filled: () => Promise<void>;
  readonly clock: Clock;
}

export type WarmCache = (options?: WarmOptions) => ResultAsync<WarmReport, ValidationError>;

const PAGES = 10;

/**
 * Reads what hosts are going to read, so that it is in the cache when they do: entities, the lists of active cities and
 * recruiters and the pages of all of them, recruiters by city, free slots by recruiter and by city, templates by city.
 *
 * Reads that fail are counted; when it is the database that fails, the rest is left out. Four reads at a time.
 */
export const warmCache =
  ({ read, cache, filled, clock }: WarmContext): WarmCache =>
  (options = {}) =>
    parseWarmOptions(options).asyncAndThen((plan) => {
      const startedAt = clock.now().epochMilliseconds;
      const { signal, onProgress = () => undefined } = options;
      const reads = new CountedReads(() => !cache.enabled || signal?.aborted === true, onProgress);
      return ResultAsync.fromSafePromise(warm(plan, read, reads).then(filled)).map(() => ({
        ...reads.counts,
        durationMs: clock.now().epochMilliseconds - startedAt,
      }));
    });

interface Plan {
  readonly families: readonly CacheFamily[];
  readonly pages: number;
  readonly recruiters: readonly RecruiterId[];
  readonly cities: readonly CityId[];
  readonly slots: readonly SlotId[];
  readonly candidates: readonly CandidateId[];
  readonly templates: readonly TemplateId[];
}

/** What is to be done, checked; nothing is read for it. */
export function parseWarmOptions(options: WarmOptions): Result<Plan, ValidationError> {
  const { recruiters, cities, slots, candidates, templates, pages = PAGES } = options;
  const named = [recruiters, cities, slots, candidates, templates];
  const someAreNamed = named.some((ids) => ids !== undefined);
  const families = options.families ?? (someAreNamed ? [] : allFamilies);
  if (!families.every((family) => allFamilies.includes(family)))
    return invalid('families', `must be some of ${allFamilies.join(', ')}`);
  if (!Number.isInteger(pages) || pages < 1) return invalid('pages', 'must be a positive integer');
  return Result.combine([
    parseIds(parseRecruiterId, recruiters ?? [], 'recruiters'),
    parseIds(parseCityId, cities ?? [], 'cities'),
    parseIds(parseSlotId, slots ?? [], 'slots'),
    parseIds(parseCandidateId, candidates ?? [], 'candidates'),
    parseIds(parseTemplateId, templates ?? [], 'templates'),
  ]).map((ids) => ({
    families,
    pages,
    recruiters: ids[0],
    cities: ids[1],
    slots: ids[2],
    candidates: ids[3],
    templates: ids[4],
  }));
}

async function warm(plan: Plan, read: Readers, reads: CountedReads): Promise<void> {
  await warmCities(plan, read, reads);
  await warmRecruiters(plan, read, reads);
  await warmSlots(plan, read, reads);
  await warmCandidates(plan, read, reads);
  await warmTemplates(plan, read, reads);
}

async function warmCities(
  { families, pages, cities }: Plan,
  read: Readers,
  reads: CountedReads,
): Promise<void> {
  const known: CityId[] = [...cities];
  if (families.includes('cities')) {
    known.push(...(await activeCities(read, reads, 1)));
    known.push(...(await reads.pages('cities', pages, (page) => read.cities.list({}, page))));
  }
  await reads.entities('cities', known, (ids) => read.cities.getMany(ids));
}

async function warmRecruiters(plan: Plan, read: Readers, reads: CountedReads): Promise<void> {
  const known: RecruiterId[] = [...plan.recruiters];
  if (plan.families.includes('recruiters')) {
    known.push(...(await activeRecruiters(read, reads, 1)));
    known.push(...(await reads.pages('recruiters', plan.pages, (page) => read.recruiters.list({}, page))));
    await reads.each('recruiters', await activeCities(read, reads), (id) => read.recruiters.getByCity(id));
  }
  await reads.entities('recruiters', known, (ids) => read.recruiters.getMany(ids));
}

async function warmSlots({ families, slots }: Plan, read: Readers, reads: CountedReads): Promise<void> {
  const known: SlotId[] = [...slots];
  if (families.includes('slots')) {
    const recruiters = await activeRecruiters(read, reads);
    const free = await reads.each('slots', recruiters, (id) => read.slots.getFreeForRecruiter(id));
    known.push(...free.flat().map(({ id }) => id));
    await reads.each('slots', await activeCities(read, reads), (id) => read.slots.getFreeForCity(id));
  }
  await reads.entities('slots', known, (ids) => read.slots.getMany(ids));
}

/** The pages themselves are never cached: they only say whom there is. */
async function warmCandidates(
  { families, pages, candidates }: Plan,
  read: Readers,
  reads: CountedReads,
): Promise<void> {
  const known: CandidateId[] = [...candidates];
  if (families.includes('candidates'))
    known.push(...(await reads.pages('candidates', pages, (page) => read.candidates.list({}, page), 0)));
  await reads.entities('candidates', known, (ids) => read.candidates.getMany(ids));
}

/** What a text is resolved to depends on who asks, so that is left to those who do. */
async function warmTemplates(plan: Plan, read: Readers, reads: CountedReads): Promise<void> {
  const known: TemplateId[] = [...plan.templates];
  if (plan.families.includes('templates')) {
    const ids = await reads.pages('templates', plan.pages, (page) => read.templates.list({}, page));
    known.push(...ids);
    await reads.each('templates', await activeCities(read, reads), (id) => read.templates.getForCity(id));
  }
  await reads.entities('templates', known, (ids) => read.templates.getMany(ids));
}

// Whose lists there are to warm; they count where their own family is warmed.

const activeCities = async (read: Readers, reads: CountedReads, size = 0): Promise<readonly CityId[]> => {
  const cities = await reads.one(
    'cities',
    () => read.cities.getActive(),
    () => size,
  );
  return (cities ?? []).map(({ id }) => id);
};

const activeRecruiters = async (
  read: Readers,
  reads: CountedReads,
  size = 0,
): Promise<readonly RecruiterId[]> => {
  const recruiters = await reads.one(
    'recruiters',
    () => read.recruiters.getActive(),
    () => size,
  );
  return (recruiters ?? []).map(({ id }) => id);
};
