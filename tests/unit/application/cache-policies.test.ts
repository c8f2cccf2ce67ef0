import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  cachePolicies,
  cachePolicyNames,
  ttl,
  type CachePolicy,
  type CachePolicyName,
} from '../../../src/application/caching/cache-policies.ts';

const policies = cachePolicies() as unknown as Readonly<
  Record<CachePolicyName, CachePolicy<readonly unknown[]>>
>;
const all = cachePolicyNames.map((name) => policies[name]);

/** What callers can pass to a list: numbers, booleans, and text from outside such as a cursor. */
const listArguments = fc.record(
  {
    active: fc.boolean(),
    cityId: fc.integer({ min: 1 }),
    limit: fc.integer({ min: 1, max: 100 }),
    cursor: fc.string({ unit: 'grapheme', maxLength: 30 }),
  },
  { requiredKeys: [] },
);

const argumentsOf: Readonly<Record<CachePolicyName, fc.Arbitrary<readonly unknown[]>>> = {
  recruiter: fc.tuple(fc.integer({ min: 1 })),
  activeRecruiters: fc.constant([]),
  recruitersOfCity: fc.tuple(fc.integer({ min: 1 })),
  recruiterList: fc.tuple(listArguments),
  city: fc.tuple(fc.integer({ min: 1 })),
  activeCities: fc.constant([]),
  cityList: fc.tuple(listArguments),
  slot: fc.tuple(fc.integer({ min: 1 })),
  freeSlotsOfRecruiter: fc.tuple(fc.integer({ min: 1 })),
  freeSlotsOfCity: fc.tuple(fc.integer({ min: 1 })),
  candidate: fc.tuple(fc.integer({ min: 1 })),
  candidateByTelegramId: fc.tuple(fc.bigInt({ min: 1n, max: 2n ** 63n - 1n }).map(String)),
  template: fc.tuple(fc.integer({ min: 1 })),
  templatesOfCity: fc.tuple(fc.integer({ min: 1 })),
  templateList: fc.tuple(listArguments),
  resolvedTemplate: fc.tuple(
    fc.record({
      key: fc.stringMatching(/^[a-z0-9_]{1,5}$/),
      locale: fc.constantFrom('en', 'ru', 'pt-BR'),
      channel: fc.constantFrom('html', 'telegram-markdown-v2', 'plain'),
      cityId: fc.option(fc.integer({ min: 1, max: 9 }), { nil: undefined }),
    }),
  ),
};

const call = fc
  .constantFrom(...cachePolicyNames)
  .chain((name) => argumentsOf[name].map((args) => ({ name, args })));

const sameArguments = (a: readonly unknown[], b: readonly unknown[]): boolean =>
  JSON.stringify(a.map(sorted)) === JSON.stringify(b.map(sorted));

const sorted = (argument: unknown): unknown =>
  typeof argument === 'object' && argument !== null
    ? Object.entries(argument).toSorted(([a], [b]) => (a < b ? -1 : 1))
    : argument;

describe('a cache key', () => {
  it('is the same for the same arguments, in whatever order they are written', () => {
    fc.assert(
      fc.property(listArguments, (args) => {
        const reversed = Object.fromEntries(Object.entries(args).toReversed());
        expect(policies.cityList.key(reversed)).toBe(policies.cityList.key(args));
      }),
    );
  });

  it('differs as soon as the query or one of its arguments differs', () => {
    fc.assert(
      fc.property(call, call, (a, b) => {
        const same = a.name === b.name && sameArguments(a.args, b.args);
        expect(policies[a.name].key(...a.args) === policies[b.name].key(...b.args)).toBe(same);
      }),
      { numRuns: 2_000 },
    );
  });

  it('leaves out what is undefined, as the query does', () => {
    expect(policies.cityList.key({ active: undefined })).toBe(policies.cityList.key({}));
    expect(policies.cityList.key({ active: false })).not.toBe(policies.cityList.key({}));
  });

  it.each(['a&limit=1', 'a=b', 'cities:list', '{tag}', '*', 'a b', 'ключ', '\r\n', '%26', '__proto__'])(
    'keeps a hostile value in its place: %j',
    (cursor) => {
      const key = policies.recruiterList.key({ cursor, limit: 5 });
      expect(key).toMatch(/^recruiters:list:cursor=[\w%.*!~'()-]*&limit=5$/);
      expect(key).not.toBe(policies.recruiterList.key({ cursor: `${cursor}x`, limit: 5 }));
      const [, encoded = ''] = /cursor=(.*)&limit/.exec(key) ?? [];
      expect(decodeURIComponent(encoded)).toBe(cursor);
    },
  );

  it('has the names that other processes share', () => {
    const id = 7;
    expect([
      policies.recruiter.key(id),
      policies.activeRecruiters.key(),
      policies.recruitersOfCity.key(id),
      policies.city.key(id),
      policies.activeCities.key(),
      policies.slot.key(id),
      policies.freeSlotsOfRecruiter.key(id),
      policies.freeSlotsOfCity.key(id),
      policies.candidate.key(id),
      policies.candidateByTelegramId.key('7'),
      policies.template.key(id),
      policies.templatesOfCity.key(id),
      policies.resolvedTemplate.key({ key: 'a_b', locale: 'pt-BR', channel: 'plain', cityId: id }),
      policies.resolvedTemplate.key({ key: 'a_b', locale: 'pt-BR', channel: 'plain', cityId: undefined }),
    ]).toEqual([
      'recruiter:7',
      'recruiters:active',
      'recruiters:city:7',
      'city:7',
      'cities:active',
      'slot:7',
      'slots:free:recruiter:7',
      'slots:free:city:7',
      'candidate:7',
      'candidate:telegram:7',
      'template:7',
      'templates:city:7',
      'template:resolve:a_b:pt-BR:plain:7',
      'template:resolve:a_b:pt-BR:plain:all',
    ]);
  });
});

describe('an anchor', () => {
  it('depends on the arguments alone: asked twice it is the same', () => {
    fc.assert(
      fc.property(call, ({ name, args }) => {
        expect(policies[name].anchor(...args)).toBe(policies[name].anchor(...args));
        expect(cachePolicies()[name].name).toBe(name);
      }),
    );
  });

  it('is the key itself, except that all pages and filters of a list share one, and so do all cities of a text', () => {
    fc.assert(
      fc.property(call, ({ name, args }) => {
        const shared: Partial<Record<CachePolicyName, string>> = {
          recruiterList: 'recruiters:list',
          cityList: 'cities:list',
          templateList: 'templates:list',
        };
        // What one city was answered may be the text for all cities.
        const key = policies[name].key(...args);
        const own = name === 'resolvedTemplate' ? key.slice(0, key.lastIndexOf(':')) : key;
        expect(policies[name].anchor(...args)).toBe(shared[name] ?? own);
      }),
    );
  });
});

describe('a lifetime', () => {
  it('comes from the table unless it is overridden by name', () => {
    expect(cachePolicies().slot.ttlMs).toBe(ttl.short);
    const overridden = cachePolicies({ slot: 1_000 });
    expect([overridden.slot.ttlMs, overridden.city.ttlMs]).toEqual([1_000, ttl.veryLong]);
    for (const { ttlMs } of all) expect(Object.values(ttl)).toContain(ttlMs);
  });
});
