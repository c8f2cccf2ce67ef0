import type { CandidateId, CityId, RecruiterId, SlotId } from '../../domain/shared/id.ts';
import type { TelegramId } from '../../domain/shared/telegram-id.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** Lifetimes in milliseconds. Invalidation is exact, so they bound memory, not staleness. */
export const ttl = { short: 5 * MINUTE, medium: 30 * MINUTE, long: 2 * HOUR, veryLong: 24 * HOUR } as const;

/** Dropping a family drops everything cached under it. */
export type CacheFamily = 'recruiters' | 'cities' | 'slots' | 'candidates';

/** How one query is cached. The key and the anchors are functions of the arguments alone, never of the answer. */
export interface CachePolicy<Args extends readonly unknown[]> {
  readonly name: string;
  readonly family: CacheFamily;
  readonly ttlMs: number;
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

const rows = {
  recruiter: row({ family: 'recruiters', ttlMs: ttl.long, key: (id: RecruiterId) => `recruiter:${id}` }),
  activeRecruiters: row({ family: 'recruiters', ttlMs: ttl.medium, key: () => 'recruiters:active' }),
  recruitersOfCity: row({
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
  city: row({ family: 'cities', ttlMs: ttl.veryLong, key: (id: CityId) => `city:${id}` }),
  activeCities: row({ family: 'cities', ttlMs: ttl.long, key: () => 'cities:active' }),
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
    key: (id: RecruiterId) => `slots:free:recruiter:${id}`,
  }),
  freeSlotsOfCity: row({ family: 'slots', ttlMs: ttl.short, key: (id: CityId) => `slots:free:city:${id}` }),
  candidate: row({ family: 'candidates', ttlMs: ttl.long, key: (id: CandidateId) => `candidate:${id}` }),
  candidateByTelegramId: row({
    family: 'candidates',
    ttlMs: ttl.long,
    key: (id: TelegramId) => `candidate:telegram:${id}`,
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
