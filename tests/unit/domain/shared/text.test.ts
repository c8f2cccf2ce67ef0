import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseOptionalText, parseText } from '../../../../src/domain/shared/text.ts';
import { hostileTexts, refusedTexts } from '../../../../src/testing/contract/hostile-texts.ts';

const messageOf = (text: string, max = 10): string => parseText(text, 'name', max)._unsafeUnwrapErr().message;

describe('a text', () => {
  it.each(hostileTexts)('is kept as it came: %j', (text) => {
    expect(parseText(text, 'name', 200)._unsafeUnwrap()).toBe(text);
  });

  it('is counted in code points, not in units of UTF-16', () => {
    expect(parseText('𝒳'.repeat(10), 'name', 10).isOk()).toBe(true);
    expect(messageOf('𝒳'.repeat(11))).toBe('must have at most 10 characters');
    expect(parseText('x'.repeat(10), 'name', 10).isOk()).toBe(true);
    expect(messageOf('x'.repeat(11))).toBe('must have at most 10 characters');
  });

  it.each(['', ' ', '\n\t\r', '\u00A0\u2003\u3000', '\uFEFF'])('is not blank: %j', (text) => {
    expect(messageOf(text)).toBe('must not be empty');
  });

  it.each(['\0', 'a\0b', '\uD800', 'a\uDC00', '\uDC00\uD800'])('is well-formed without NUL: %j', (text) => {
    expect(messageOf(text)).toBe('must be well-formed Unicode without NUL');
  });

  it('does not begin with a byte order mark, which PGlite would drop', () => {
    expect(messageOf('\uFEFFAnn')).toBe('must not begin with a byte order mark');
    expect(parseText('Ann\uFEFF', 'name', 10).isOk()).toBe(true);
  });

  it.each([undefined, null, 5, ['a'], { toString: () => 'a' }, Symbol('a')])(
    'is text and nothing else: %j',
    (input) => {
      expect(parseText(input as unknown as string, 'name', 10)._unsafeUnwrapErr()).toEqual({
        type: 'Validation',
        field: 'name',
        message: 'must be text',
      });
    },
  );

  it('is either refused or kept unchanged, whatever it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 40 }), (text) => {
        const parsed = parseText(text, 'name', 20);
        expect(parsed.unwrapOr(text)).toBe(text);
        expect(parsed.isErr() || [...text].length <= 20).toBe(true);
      }),
    );
  });

  it('may be left out where it is optional, but not be empty', () => {
    expect(parseOptionalText(undefined, 'reason', 10)._unsafeUnwrap()).toBeUndefined();
    for (const text of refusedTexts(10)) expect(parseOptionalText(text, 'reason', 10).isErr()).toBe(true);
  });
});
