import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseBody, partsOf, variablesOf } from '../../../../src/domain/message-template/template-body.ts';
import { hostileTexts, refusedTexts } from '../../../../src/testing/contract/hostile-texts.ts';

describe('a body', () => {
  it('is cut into text and placeholders', () => {
    expect(partsOf('{a}, {{b}} and {c_1}{a}!')._unsafeUnwrap()).toEqual([
      { variable: 'a' },
      { text: ', {b} and ' },
      { variable: 'c_1' },
      { variable: 'a' },
      { text: '!' },
    ]);
    expect(partsOf('')._unsafeUnwrap()).toEqual([]);
    expect(variablesOf(partsOf('{b}{a}{b}')._unsafeUnwrap())).toEqual(['b', 'a']);
  });

  it.each([
    ['{', 0],
    ['a}', 1],
    ['{}', 0],
    ['{a b}', 0],
    ['{a.b}', 0],
    ['{a-b}', 0],
    ['{ä}', 0],
    ['{{{', 2],
    ['{{a}', 3],
    ['{a}}', 3],
    ['ok {name', 3],
  ])('is refused with a brace that is no placeholder: %s', (body, at) => {
    const error = parseBody(body)._unsafeUnwrapErr();
    expect(error).toMatchObject({ type: 'Validation', field: 'body' });
    expect(error.message).toContain(`at ${at} `);
  });

  it.each(refusedTexts(10_000).map((text) => [text.slice(0, 20), text]))(
    'is refused as any text: %j',
    (_name, text) => {
      expect(parseBody(text)._unsafeUnwrapErr()).toMatchObject({ type: 'Validation', field: 'body' });
    },
  );

  it.each(hostileTexts)('is kept as it is: %j', (text) => {
    expect(parseBody(text)._unsafeUnwrap()).toBe(text);
  });

  it('keeps every character: written out again, its parts are the body', () => {
    const piece = fc.oneof(
      fc.stringMatching(/^[A-Za-z0-9_]{1,8}$/).map((name) => `{${name}}`),
      fc.string({ unit: 'grapheme' }).map((text) => text.replace(/[{}]/g, '$&$&')),
    );
    fc.assert(
      fc.property(fc.array(piece), (pieces) => {
        const body = pieces.join('');
        const written = partsOf(body)
          ._unsafeUnwrap()
          .map((part) => ('text' in part ? part.text.replace(/[{}]/g, '$&$&') : `{${part.variable}}`));
        expect(written.join('')).toBe(body);
      }),
    );
  });
});
