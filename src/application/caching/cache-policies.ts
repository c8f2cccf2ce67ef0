import type { TemplateName } from '../../domain/message-template/template-name.ts';
import type { CandidateId, CityId, RecruiterId, SlotId, TemplateId } from '../../domain/shared/id.ts';
import type { TelegramId } from '../../domain/shared/telegram-id.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** Lifetimes in milliseconds. Invalidation is exact, so they bound memory, not staleness. */
export const ttl = { short: 5 * MINUTE, medium: 30 * MINUTE, long: 2 * HOUR, veryLong: 24 * HOUR } as const;

/** Dropping a family drops everything cached under it. */
export type CacheFamily = 'recruiters' | 'cities' | 'slots' | 'candidates' | 'templates';

/** How answers of one query are kept, whatever its arguments. Milliseconds throughout. */
export interface EntryPolicy {
  /** A label for statistics. */
  readonly name: string;
  readonly ttlMs: number;
  /** For so long after its lifetime an answer may stand in when the database fails or is slow, if nothing changed it. */
  readonly graceMs?: number;
  /** How long the absence of an answer is kept; not at all when left out. */
  readonly negativeTtlMs?: number;
  /** Whether one caller loads anew, in the background, before the lifetime is over. */
  readonly refreshEarly?: boolean;
  /** Whether one process loads while the others wait for it. */
  readonly loadLock?: boolean;
  /** Whether its loads may need the cache again, so that they must not wait for one another. */
  readonly ungated?: boolean;
}

/** How one query is cached. The key and the anchors are functions of the arguments alone, never of the answer. */
export interface CachePolicy<Args extends readonly unknown[]> extends EntryPolicy {
  readonly family: CacheFamily;
  readonly key: (...args: Args) => string;
  /** The anchor whose version guards the entry, beside the family; the key itself unless one anchor guards many. */
  readonly anchor: (...args: Args) => string;
}

/** Arguments of a list in a fixed order, escaped so that no value can reach outside its place in a key. */
const canonical = (args: object): string =>
  Object.entries(args)
    .filter(([, value]) => value !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}=${encodeURIComponent(String(value))}`)
    .join('&');

type PolicyRow<Args extends readonly unknown[]> = Omit<CachePolicy<Args>, 'name' | 'anchor'> & {
  readonly anchor?: (...args: Args) => string;
};

const row = <Args extends readonly unknown[]>(policy: PolicyRow<Args>): PolicyRow<Args> => policy;

/** What everybody asks for and few change: worth having ready, and worth asking for once only. */
const reference = { refreshEarly: true, loadLock: true, graceMs: HOUR } as const;

/** Its parts are of letters, digits, `_` and `-`, so that they cannot run into one another. */
const textAnchor = ({ key, locale, channel }: TemplateName): string =>
  `template:resolve:${key}:${locale}:${channel}`;

const rows = {
  recruiter: row({
    family: 'recruiters',
    ttlMs: ttl.long,
    graceMs: HOUR,
    refreshEarly: true,
    key: (id: RecruiterId) => `recruiter:${id}`,
  }),
  activeRecruiters: row({
    ...reference,
    family: 'recruiters',
    ttlMs: ttl.medium,
    key: () => 'recruiters:active',
  }),
  recruitersOfCity: row({
    ...reference,
    family: 'recruiters',
    ttlMs: ttl.medium,
    key: (id: CityId) => `recruiters:city:${id}`,
  }),
  recruiterList: row({
    family: 'recruiters',
    ttlMs: ttl.short,
    key: (args: object) => `recruiters:list:${canonical(args)}`,
    anchor: () => 'recruiters:list',
  }),
  city: row({
    family: 'cities',
    ttlMs: ttl.veryLong,
    graceMs: HOUR,
    refreshEarly: true,
    key: (id: CityId) => `city:${id}`,
  }),
  activeCities: row({ ...reference, family: 'cities', ttlMs: ttl.long, key: () => 'cities:active' }),
  cityList: row({
    family: 'cities',
    ttlMs: ttl.short,
    key: (args: object) => `cities:list:${canonical(args)}`,
    anchor: () => 'cities:list',
  }),
  slot: row({ family: 'slots', ttlMs: ttl.short, key: (id: SlotId) => `slot:${id}` }),
  freeSlotsOfRecruiter: row({
    family: 'slots',
    ttlMs: ttl.short,
    loadLock: true,
    key: (id: RecruiterId) => `slots:free:recruiter:${id}`,
  }),
  freeSlotsOfCity: row({
    family: 'slots',
    ttlMs: ttl.short,
    loadLock: true,
    key: (id: CityId) => `slots:free:city:${id}`,
  }),
  candidate: row({ family: 'candidates', ttlMs: ttl.long, key: (id: CandidateId) => `candidate:${id}` }),
  candidateByTelegramId: row({
    family: 'candidates',
    ttlMs: ttl.long,
    // Bots ask for each newcomer at every step until the newcomer has been added, which is exactly when this is dropped.
    negativeTtlMs: MINUTE,
    key: (id: TelegramId) => `candidate:telegram:${id}`,
  }),
  template: row({
    family: 'templates',
    ttlMs: ttl.long,
    graceMs: HOUR,
    key: (id: TemplateId) => `template:${id}`,
  }),
  templatesOfCity: row({
    ...reference,
    family: 'templates',
    ttlMs: ttl.long,
    key: (id: CityId) => `templates:city:${id}`,
  }),
  templateList: row({
    family: 'templates',
    ttlMs: ttl.short,
    key: (args: object) => `templates:list:${canonical(args)}`,
    anchor: () => 'templates:list',
  }),
  resolvedTemplate: row({
    ...reference,
    family: 'templates',
    ttlMs: ttl.long,
    // Most texts are nobody's own. Whoever writes one drops this.
    negativeTtlMs: ttl.long,
    key: (name: TemplateName) => `${textAnchor(name)}:${name.cityId ?? 'all'}`,
    // The text for all cities is what any city may have been answered.
    anchor: (name: TemplateName) => textAnchor(name),
  }),
} as const;

export type CachePolicyName = keyof typeof rows;

type Policies = {
  readonly [Name in CachePolicyName]: (typeof rows)[Name] extends PolicyRow<infer Args>
    ? CachePolicy<Args>
    : never;
};

/** Lifetimes that replace those of the table, in milliseconds, by policy name. */
export type TtlOverrides = Partial<Readonly<Record<CachePolicyName, number>>>;

/** The table of everything that is cached. Bookings and anything else that belongs to one candidate are not in it. */
export const cachePolicies = (overrides: TtlOverrides = {}): Policies =>
  Object.fromEntries(
    Object.entries(rows).map(([name, policy]) => [
      name,
      { anchor: policy.key, ...policy, name, ttlMs: overrides[name as CachePolicyName] ?? policy.ttlMs },
    ]),
  ) as unknown as Policies;

export type CachePolicies = Policies;
export const cachePolicyNames = Object.keys(rows) as readonly CachePolicyName[];
