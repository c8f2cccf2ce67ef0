import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseTemplate } from '../../../src/infrastructure/host-cache/key-template.ts';

const fill = (template: string, args: unknown[] = [], self?: unknown) =>
  parseTemplate(template)({ self, args });

describe('a template', () => {
  it('is filled from arguments, counted from one, from their properties and from the object', () => {
    expect(fill('recruiter:{arg1}', [5])._unsafeUnwrap()).toBe('recruiter:5');
    expect(fill('recruiter:{arg1.id}', [{ id: 5 }])._unsafeUnwrap()).toBe('recruiter:5');
    expect(
      fill('{self.region}:{arg2.city.name}', [1, { city: { name: 'Riga' } }], {
        region: 'eu',
      })._unsafeUnwrap(),
    ).toBe('eu:Riga');
    expect(fill('recruiters:active')._unsafeUnwrap()).toBe('recruiters:active');
  });

  it('finds what a getter answers', () => {
    class Entity {
      get id(): number {
        return 7;
      }
    }
    expect(fill('job:{arg1.id}', [new Entity()])._unsafeUnwrap()).toBe('job:7');
  });

  it('writes bigints, booleans and dates', () => {
    expect(fill('{arg1}:{arg2}:{arg3}', [12n, false, new Date(0)])._unsafeUnwrap()).toBe(
      '12:false:1970-01-01T00%3a00%3a00.000Z',
    );
  });

  it.each([
    ['recruiter:{arg2}', [5], 'arg2'],
    ['recruiter:{arg1}', [{ id: 5 }], 'arg1'],
    ['recruiter:{arg1}', [[5]], 'arg1'],
    ['recruiter:{arg1}', [null], 'arg1'],
    ['recruiter:{arg1}', [() => 5], 'arg1'],
    ['recruiter:{arg1}', [Number.NaN], 'arg1'],
    ['recruiter:{arg1.id.value}', [{ id: undefined }], 'arg1.id.value'],
    ['recruiter:{self.region}', [], 'self.region'],
    ['recruiter:{arg0}', [5], 'arg0'],
    ['recruiter:{id}', [{ id: 5 }], 'id'],
    ['recruiter:{}', [5], ''],
    ['recruiter:{arg1', [5], '{'],
    ['recruiter:arg1}', [5], '}'],
  ])('%s of %j is a typed error and never a literal', (template, args, placeholder) => {
    expect(fill(template, args)._unsafeUnwrapErr()).toEqual({
      type: 'UnresolvedPlaceholder',
      template,
      placeholder,
    });
  });

  it('keeps what it is filled with in its place', () => {
    expect(fill('job:{arg1}:{arg2}', ['a:b', 'c'])._unsafeUnwrap()).not.toBe(
      fill('job:{arg1}:{arg2}', ['a', 'b:c'])._unsafeUnwrap(),
    );
    expect(fill('job:{arg1}', ['*'])._unsafeUnwrap()).not.toContain('*');
    fc.assert(
      fc.property(
        fc.tuple(fc.string({ unit: 'binary' }), fc.string()),
        fc.tuple(fc.string(), fc.string({ unit: 'binary' })),
        (a, b) => {
          expect(
            fill('job:{arg1}:{arg2}', a)._unsafeUnwrap() === fill('job:{arg1}:{arg2}', b)._unsafeUnwrap(),
          ).toBe(a[0] === b[0] && a[1] === b[1]);
        },
      ),
    );
  });
});
