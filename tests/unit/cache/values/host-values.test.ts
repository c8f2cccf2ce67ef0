import * as fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { Temporal as OtherTemporal } from 'temporal-polyfill/full';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { City } from '../../../../src/domain/city/city.ts';
import type { CityId } from '../../../../src/domain/shared/id.ts';
import { Instant } from '../../../../src/domain/shared/instant.ts';
import type { TimeZoneId } from '../../../../src/domain/shared/time-zone.ts';
import { encodable, hostValues } from '../../../../src/infrastructure/cache/values/host-values.ts';
import { openPayloads } from '../../../../src/infrastructure/cache/values/payloads.ts';

const payloads = await Promise.all(
  (['json', 'msgpackr'] as const).map(async (codec) =>
    (await openPayloads({ codec, compressAboveBytes: 200 }))._unsafeUnwrap(),
  ),
);

/** Through every form in which a value is stored; all must agree. */
const throughTheCache = (value: unknown): unknown => {
  const [first, ...others] = payloads.map((form) =>
    form
      .decode(form.encode(hostValues.toData(value)))
      .andThen((data) => hostValues.fromData(data))
      ._unsafeUnwrap(),
  );
  for (const other of others) expect(other).toStrictEqual(first);
  return first;
};

const refusalOf = (value: unknown) => encodable(value)._unsafeUnwrapErr();

afterEach(() => {
  vi.unstubAllGlobals();
});

describe('values of the host that come back from the cache as they were', () => {
  const shared = { name: 'shared' };
  it.each<[string, unknown]>([
    ['nothing', undefined],
    ['null', null],
    ['NaN', Number.NaN],
    ['minus zero', -0],
    ['infinities', [Infinity, -Infinity]],
    ['undefined in places', { a: undefined, b: [undefined, 1] }],
    ['holes', [1, , 3]], // oxlint-disable-line no-sparse-arrays
    ['a bigint', 2n ** 80n],
    ['a date', new Date('2030-01-07T09:00:00.123Z')],
    ['a date that is none', new Date(Number.NaN)],
    [
      'a map of maps',
      new Map<unknown, unknown>([
        [1, new Map([['a', new Date(0)]])],
        [new Date(1), new Set([1n])],
      ]),
    ],
    ['a set of sets', new Set([new Set(['a']), new Set([Number.NaN])])],
    ['a regular expression', /slot\/(?<id>\d+)/giu],
    ['a URL', new URL('https://example.org/a?b=c#d')],
    ['URL parameters', new URLSearchParams('a=1&a=2')],
    ['bytes', new Uint8Array([1, 2, 255])],
    ['a Buffer', Buffer.from('ü')],
    ['an empty Buffer', Buffer.alloc(0)],
    ['an object without prototype', Object.assign(Object.create(null) as object, { a: 1 })],
    ['halves of surrogate pairs', ['\ud800', '\udc00\ud800', { '\udfff': 1 }]],
    ['the first instant of all', Instant.fromEpochMilliseconds(Date.parse('0001-01-01T00:00:00Z'))],
    ['the instant zero', Instant.fromEpochMilliseconds(0)],
    ['instants in a map', new Map([[7, { at: Instant.fromEpochMilliseconds(1_893_456_000_000) }]])],
    ['an object twice', { a: shared, b: shared }],
  ])('%s', (_, value) => {
    expect(throughTheCache(value)).toStrictEqual(value);
  });

  it('is anything that JSON can say', () => {
    fc.assert(
      fc.property(fc.jsonValue({ stringUnit: 'binary' }), (value) => {
        fc.pre(!JSON.stringify(value).includes('"__proto__":'));
        expect(throughTheCache(value)).toStrictEqual(value);
      }),
    );
  });

  it('is anything that can be nested of what is known', () => {
    const leaf = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.double(),
      fc.bigInt(),
      fc.boolean(),
      fc.constantFrom(null, undefined, -0),
      fc.date({ noInvalidDate: false }),
      fc
        .integer({ min: -62_135_596_800_000, max: 253_402_300_799_999 })
        .map((at) => Instant.fromEpochMilliseconds(at)),
      fc.uint8Array({ maxLength: 8 }),
    );
    const { value } = fc.letrec<{ value: unknown }>((tie) => ({
      value: fc.oneof(
        { depthSize: 'small' },
        leaf,
        fc.array(tie('value'), { maxLength: 4 }),
        fc.dictionary(
          fc.string().filter((key) => key !== '__proto__'),
          tie('value'),
          { maxKeys: 4 },
        ),
        fc.array(fc.tuple(tie('value'), tie('value')), { maxLength: 3 }).map((entries) => new Map(entries)),
        fc.array(tie('value'), { maxLength: 3 }).map((items) => new Set(items)),
      ),
    }));
    fc.assert(
      fc.property(value, (original) => {
        expect(throughTheCache(original)).toStrictEqual(original);
      }),
    );
  });

  it('is a structure that contains itself', () => {
    const node: { name: string; self?: unknown; all?: Map<unknown, unknown> } = { name: 'a' };
    node.self = node;
    node.all = new Map([[node, node]]);
    const back = throughTheCache(node) as typeof node;
    expect(back.self).toBe(back);
    expect(back.all?.get(back)).toBe(back);
  });

  it('is an object that stands in two places, once', () => {
    const both = throughTheCache([shared, shared]) as unknown[];
    expect(both[0]).toBe(both[1]);
  });

  it('is only what a view of bytes shows, never its neighbours', () => {
    const neighbours = Buffer.from('secret|shown|secret');
    const view = new Uint8Array(neighbours.buffer, neighbours.byteOffset + 7, 5);
    expect(Buffer.from(throughTheCache(view) as Uint8Array).toString()).toBe('shown');
    const words = new Uint16Array([1, 2, 3, 4]).subarray(1, 3);
    expect(throughTheCache(words)).toStrictEqual(new Uint16Array([2, 3]));
    const window = throughTheCache(new DataView(new Uint8Array([1, 2, 3]).buffer, 1, 1)) as DataView;
    expect([window.byteLength, window.getUint8(0)]).toEqual([1, 2]);
    expect(JSON.stringify(hostValues.toData([view]))).not.toContain(
      Buffer.from('secret').toString('base64').slice(0, 6),
    );
  });
});

describe('times of Temporal', () => {
  const timesOf = (temporal: typeof Temporal) => [
    temporal.Instant.from('2030-01-07T09:00:00.123456789Z'),
    temporal.ZonedDateTime.from('2030-01-07T09:00:00+01:00[Europe/Berlin]'),
    temporal.PlainDate.from('2030-01-07'),
    temporal.PlainTime.from('09:00:00.000000001'),
    temporal.PlainDateTime.from('2030-01-07T09:00'),
    temporal.PlainYearMonth.from('2030-01'),
    temporal.PlainMonthDay.from('01-07'),
    temporal.Duration.from('P1DT2H3.5S'),
  ];

  it.each(timesOf(Temporal).map((time) => [time[Symbol.toStringTag], time] as const))(
    'come back as the class they were: %s',
    (_, time) => {
      const back = throughTheCache({ time }) as { readonly time: typeof time };
      expect(back.time).toBeInstanceOf(time.constructor);
      expect(back.time.toString()).toBe(time.toString());
    },
  );

  it('come back as the classes of the global Temporal where there is one', () => {
    vi.stubGlobal('Temporal', OtherTemporal);
    for (const time of timesOf(OtherTemporal)) {
      const back = throughTheCache(time) as typeof time;
      expect(back).toBeInstanceOf(time.constructor);
      expect(back.toString()).toBe(time.toString());
    }
    expect(throughTheCache(Temporal.PlainDate.from('2030-01-07'))).toBeInstanceOf(OtherTemporal.PlainDate);
  });
});

describe('what cannot be stored', () => {
  class Money {
    readonly cents = 100;
  }
  class Ledger extends Map {}
  class Moment extends Date {}
  const city = new City({
    id: 1 as CityId,
    name: 'Köln',
    timeZone: 'Europe/Berlin' as TimeZoneId,
    active: true,
    policy: {},
    version: 1,
  });

  it.each<[string, unknown, string, RegExp]>([
    ['a function', { a: [{ run: () => 1 }] }, 'value.a[0].run', /function/],
    ['a symbol', [Symbol('s')], 'value[0]', /symbol/],
    ['a promise', { 'a b': Promise.resolve(1) }, 'value["a b"]', /promise/],
    // oxlint-disable-next-line unicorn/no-thenable -- that is what it is about
    ['a thenable', Object.fromEntries([['then', () => undefined]]), 'value', /then/],
    ['an instance of a class', { price: new Money() }, 'value.price', /instance of Money/],
    ['an error', new Error('no'), 'value', /instance of Error/],
    ['an entity, which has a cache of its own', city, 'value', /instance of City/],
    ['a subclass of a map', new Map([['x', new Ledger()]]), 'value.get("x")', /instance of Ledger/],
    ['a subclass of a date', new Moment(), 'value', /instance of Moment/],
    ['a weak map', new WeakMap(), 'value', /instance of WeakMap/],
    ['a key that is a symbol', { [Symbol('s')]: 1 }, 'value', /symbol/],
    ['a key __proto__', JSON.parse('{"a":{"__proto__":1}}'), 'value.a', /__proto__/],
  ])('is named: %s', (_, value, field, message) => {
    expect(refusalOf(value)).toEqual({ type: 'Validation', field, message: expect.stringMatching(message) });
    expect(() => hostValues.toData(value)).toThrow(TypeError);
  });

  it('is named as the caller calls it', () => {
    expect(encodable({ a: () => 1 }, 'profile')._unsafeUnwrapErr().field).toBe('profile.a');
  });

  it('is what is nested without end', () => {
    let deep: unknown = [];
    for (let level = 0; level < 100_000; level += 1) deep = [deep];
    expect(refusalOf(deep)).toMatchObject({ type: 'Validation', message: expect.stringMatching(/deep/) });
  });

  it('is what does not let itself be read', () => {
    const hostile = {
      get a(): never {
        throw new Error('no');
      },
    };
    expect(refusalOf(hostile)).toMatchObject({ type: 'Validation', field: 'value' });
  });
});

describe('stored data that nobody here wrote', () => {
  const reads = (data: unknown) => hostValues.fromData(data);

  it.each<[string, unknown]>([
    ['a key __proto__', JSON.parse('[{"__proto__":1},{"polluted":2},true]')],
    ['a key __proto__ without prototype', [['null', '__proto__', 1], { polluted: 2 }, true]],
    ['a type nobody knows', [['Money', 1], 100]],
    ['a type named like a method', [['toString', 1], 100]],
    ['an instant that is none', [['Instant', 1], { epochMilliseconds: 2 }, 'soon']],
    ['an instant of no year', [['Instant', 1], { epochMilliseconds: 2 }, 1e300]],
    ['an instant of nothing', [['Instant', -1]]],
    ['a Buffer of numbers', [['Buffer', 1], [2], 1e9]],
    ['a number of bytes', [['Uint8Array', 1], 1e9]],
    ['a time that is none', [['Temporal.PlainDate', 'tomorrow']]],
    ['a time that is an object', [['Temporal.PlainDate', { year: 2030, month: 1, day: 7 }]]],
    ['an expression that is none', [['RegExp', '(']]],
    ['a reference out of bounds', [[7]]],
    ['a type that contains itself', [['Instant', 0]]],
    ['nothing', []],
    ['no list', {}],
    ['text', 'text'],
    ['null', null],
  ])('is refused: %s', (_, data) => {
    expect(reads(data).isErr()).toBe(true);
    expect({}).not.toHaveProperty('polluted');
  });

  it('never throws, whatever it is', () => {
    const index = fc.integer({ min: -8, max: 8 });
    const tag = fc.constantFrom(
      'Date',
      'Map',
      'Set',
      'null',
      'Object',
      'BigInt',
      'Instant',
      'Buffer',
      'URL',
      'Uint8Array',
      'ArrayBuffer',
      'Temporal.Instant',
      'RegExp',
      'x',
    );
    const item = fc.oneof(
      index,
      fc.string(),
      fc.array(index),
      fc.tuple(tag, fc.oneof(index, fc.jsonValue())),
      fc.dictionary(fc.constantFrom('a', 'then', '__proto__', 'constructor'), index),
      fc.jsonValue(),
    );
    fc.assert(
      fc.property(fc.oneof(fc.array(item), fc.anything()), (data) => {
        expect(() => reads(data)).not.toThrow();
        expect(Object.keys(Object.prototype)).toEqual([]);
      }),
      { numRuns: 1000 },
    );
  });

  it('needs no memory for a list that only claims to be long', () => {
    const list = reads([[-7, 4_294_967_295]])._unsafeUnwrap();
    expect(list).toHaveLength(4_294_967_295);
    expect(Object.keys(list as object)).toEqual([]);
  });
});

describe('the stored form of a value', () => {
  const value = {
    when: new Date(0),
    at: Instant.fromEpochMilliseconds(0),
    big: 1n,
    map: new Map([['k', new Set([-0])]]),
    bytes: Buffer.from('hi'),
    day: Temporal.PlainDate.from('2030-01-07'),
    none: undefined,
  };
  const stored =
    '[{"when":1,"at":2,"big":5,"map":6,"bytes":9,"day":12,"none":-1},["Date","1970-01-01T00:00:00.000Z"],["Instant",3],{"epochMilliseconds":4},0,["BigInt","1"],["Map",7,8],"k",["Set",4],["Buffer",10],[11],"aGk=",["Temporal.PlainDate","2030-01-07"]]';

  it('is the one that other releases wrote', () => {
    expect(JSON.stringify(hostValues.toData(value))).toBe(stored);
    const back = hostValues.fromData(JSON.parse(stored))._unsafeUnwrap() as typeof value;
    expect({ ...back, day: back.day.toString() }).toStrictEqual({ ...value, day: '2030-01-07' });
  });
});
