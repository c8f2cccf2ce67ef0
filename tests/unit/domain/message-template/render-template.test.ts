import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { renderTemplate } from '../../../../src/domain/message-template/render-template.ts';
import {
  templateChannels,
  type TemplateChannel,
} from '../../../../src/domain/message-template/template-channel.ts';
import { hostileTexts } from '../../../../src/testing/contract/hostile-texts.ts';

const render = (
  body: string,
  variables: Record<string, string | number | bigint> = {},
  channel: TemplateChannel = 'plain',
) => renderTemplate({ key: 'greeting', channel, body }, variables);

const entities: Readonly<Record<string, string>> = {
  '&amp;': '&',
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&#39;': "'",
};

/** What somebody reads who is shown the text in this channel. */
const shown: Readonly<Record<TemplateChannel, (text: string) => string>> = {
  html: (text) => {
    expect(text).not.toMatch(/[<>"']/);
    return text.replace(/&[^;]*;/g, (entity) => entities[entity] ?? expect.unreachable(entity));
  },
  'telegram-markdown-v2': (text) => {
    expect(text.replace(/\\[\s\S]/g, '')).not.toMatch(/[\\_*[\]()~`>#+\-=|{}.!]/);
    return text.replace(/\\([\s\S])/g, '$1');
  },
  plain: (text) => text,
};

const anyText = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.string({ unit: fc.constantFrom(...'<>&"\'\\_*[]()~`>#+-=|{}.! a{b}$1'), maxLength: 40 }),
  fc.constantFrom(...hostileTexts),
);

describe('a rendered text', () => {
  it('has the values in the places of their placeholders, each as often as it is asked for', () => {
    const variables = { candidate: 'Ben', time: '10:00', n: 3, big: 2n ** 63n, unused: '?' };
    expect(render('{candidate}: {time}, {time}; {n} {big}', variables)._unsafeUnwrap()).toBe(
      'Ben: 10:00, 10:00; 3 9223372036854775808',
    );
  });

  it('has single braces where its body has them twice', () => {
    expect(render('{{{a}}} {{a}} }}{{', { a: 'x' })._unsafeUnwrap()).toBe('{x} {a} }{');
  });

  it('is never read again: a value that looks like a placeholder, a pattern or a format stays what it is', () => {
    expect(render('{a}{b}', { a: '{b}$&$1%s', b: '{a}' })._unsafeUnwrap()).toBe('{b}$&$1%s{a}');
  });

  it.each(templateChannels)('shows any value as exactly this text in %s', (channel) => {
    fc.assert(
      fc.property(anyText, (value) => {
        expect(shown[channel](render('{value}', { value }, channel)._unsafeUnwrap())).toBe(value);
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    ['html', '<b>{name}</b>', '<b>&lt;b&gt;A &amp; B&lt;/b&gt;</b>'],
    ['telegram-markdown-v2', '*{name}*', '*<b\\>A & B</b\\>*'],
    ['plain', '<b>{name}</b>', '<b><b>A & B</b></b>'],
  ] as const)('keeps the markup of its author in %s', (channel, body, text) => {
    expect(render(body, { name: '<b>A & B</b>' }, channel)._unsafeUnwrap()).toBe(text);
  });

  it('is refused with every variable that is missing', () => {
    expect(render('{a} {b} {a} {c}', { b: 'x' })._unsafeUnwrapErr()).toEqual({
      type: 'MissingVariable',
      key: 'greeting',
      variables: ['a', 'c'],
    });
    const absent = { a: undefined as unknown as string };
    expect(render('{a}', absent)._unsafeUnwrapErr()).toMatchObject({ variables: ['a'] });
  });

  it.each(['constructor', '__proto__', 'toString'])('does not find %s, which every object has', (name) => {
    expect(render(`{${name}}`)._unsafeUnwrapErr()).toMatchObject({ variables: [name] });
  });

  it.each([null, true, {}, ['x'], Symbol('x')])('is refused with a value that is no text: %s', (value) => {
    expect(render('{a}', { a: value as unknown as string })._unsafeUnwrapErr()).toMatchObject({
      type: 'Validation',
      field: 'variables.a',
    });
  });
});
