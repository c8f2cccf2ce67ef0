import fc from 'fast-check';
import { isDeepStrictEqual } from 'node:util';
import { describe, expect, it } from 'vitest';
import { Instant } from '../../../src/domain/shared/instant.ts';
import { buildKey, type KeyPart } from '../../../src/infrastructure/host-cache/build-key.ts';

const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({
    unit: fc.constantFrom(':', '*', '%', '=', '&', "'", '@', ',', '[', '}', '\ud800', '5', 'n', '~'),
  }),
  fc.constantFrom('', '5', '-5', '5n', 'true', 'null', 'undefined', 'NaN', 'Infinity', '1e21', 'constructor'),
);

const { part } = fc.letrec<{ part: KeyPart }>((tie) => ({
  part: fc.oneof(
    { depthSize: 'small' },
    text,
    fc.integer(),
    fc.double().map((number) => (number === 0 ? 0 : number)),
    fc.bigInt(),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('part'), { maxLength: 3 }),
    fc.dictionary(text, tie('part'), { maxKeys: 3, noNullPrototype: true }),
  ),
}));

const input = fc.record(
  {
    prefix: text,
    parts: fc.array(part, { maxLength: 4 }),
    params: fc.dictionary(text, part, { maxKeys: 4, noNullPrototype: true }),
  },
  { noNullPrototype: true },
);

const keyOf = ({
  prefix,
  parts,
  params,
}: {
  prefix: string;
  parts: KeyPart[];
  params: Record<string, KeyPart>;
}) => buildKey(prefix, parts, params);

describe('a key', () => {
  it('reads like what it is built from', () => {
    expect(buildKey('user', ['profile', 7])).toBe('user:profile:7');
    expect(buildKey('courses', ['list'], { page: 1, instructor: 5 })).toBe(
      'courses:list:instructor=5&page=1',
    );
    expect(buildKey('cities')).toBe('cities');
    expect(buildKey('city', ['Kyiv', 'Київ'])).toBe('city:Kyiv:Київ');
  });

  it('does not depend on the order of parameters, nor on those left undefined', () => {
    expect(buildKey('courses', [], { b: 1, a: { y: 1, x: 2 }, c: undefined })).toBe(
      buildKey('courses', [], { a: { x: 2, y: 1, z: undefined }, b: 1 }),
    );
  });

  it('tells values of different kinds apart', () => {
    const values: readonly KeyPart[] = [
      5,
      '5',
      5n,
      '5n',
      true,
      'true',
      null,
      'null',
      undefined,
      'undefined',
      '',
      "'",
      [],
      {},
      '[]',
      [5],
      ['5'],
      [[5]],
      [5, 6],
      ['5,6'],
      Number.NaN,
      'NaN',
      new Date(0),
      new Date(0).toJSON(),
      [undefined],
      [null],
      { a: 1 },
      'a=1',
    ];
    expect(new Set(values.map((value) => buildKey('k', [value]))).size).toBe(values.length);
    expect(buildKey('k', ['a=1'])).not.toBe(buildKey('k', [], { a: 1 }));
    expect(buildKey('a:b')).not.toBe(buildKey('a', ['b']));
  });

  it('is the same for the same moment and for zero of either sign', () => {
    expect(buildKey('k', [new Date(1e12)])).toBe(buildKey('k', [new Date(1e12)]));
    expect(buildKey('k', [-0])).toBe(buildKey('k', [0]));
    const instant = Instant.parse('2030-01-07T09:00:00Z')._unsafeUnwrap();
    expect(buildKey('k', [instant])).not.toBe(buildKey('k', [instant.plus(1)]));
  });

  it('keeps its family and stays below 200 characters, however long its parts are', () => {
    const long = 'x'.repeat(10_000);
    const key = buildKey('jobs', [long], { page: 1 });
    expect(key.length).toBeLessThanOrEqual(200);
    expect(key.startsWith('jobs:xxx')).toBe(true);
    expect(buildKey('jobs', [long], { page: 2 })).not.toBe(key);
    const [family] = buildKey(long, [1]).split(':');
    expect(family).toBe(buildKey(long, [2]).split(':')[0]);
  });

  it('is never shared by different inputs, and always usable', () => {
    fc.assert(
      fc.property(input, input, (a, b) => {
        const keys = [keyOf(a), keyOf(b)];
        for (const key of keys) {
          expect(key.length).toBeLessThanOrEqual(200);
          expect(key).toMatch(/^[^*\s]+$/u);
          expect(key.isWellFormed()).toBe(true);
        }
        expect(keys[0] === keys[1]).toBe(isDeepStrictEqual(a, b));
      }),
      { numRuns: 3_000 },
    );
  });

  it('is never shared by neighbours', () => {
    fc.assert(
      fc.property(
        text,
        fc.array(part, { minLength: 1, maxLength: 3 }),
        fc.nat(2),
        part,
        (prefix, parts, at, other) => {
          const changed = parts.with(at % parts.length, other);
          expect(buildKey(prefix, parts) === buildKey(prefix, changed)).toBe(
            isDeepStrictEqual(parts, changed),
          );
          expect(buildKey(prefix, parts)).not.toBe(buildKey(prefix, [...parts, other]));
          expect(buildKey(prefix, parts)).not.toBe(buildKey(prefix, [parts]));
        },
      ),
      { numRuns: 3_000 },
    );
  });

  it('cannot be built from what has no canonical text', () => {
    expect(() => buildKey('k', [new Map() as unknown as KeyPart])).toThrow(TypeError);
    expect(() => buildKey('k', [(() => 1) as unknown as KeyPart])).toThrow(/function/);
  });
});
