import { describe, expect, it } from 'vitest';
import { builtInBody, builtInTemplateKeys } from '../../../../src/domain/message-template/built-in-texts.ts';
import { renderTemplate } from '../../../../src/domain/message-template/render-template.ts';
import { parseBody, partsOf, variablesOf } from '../../../../src/domain/message-template/template-body.ts';
import { templateChannels } from '../../../../src/domain/message-template/template-channel.ts';

const variables = {
  candidate: 'Ben (B.)',
  recruiter: 'Ann & Co',
  date: '7 January',
  time: '10:00',
  timeZone: 'Europe/Berlin',
};

describe('the built-in texts', () => {
  it('are there for every message of a booking', () => {
    expect(builtInTemplateKeys).toEqual(
      ['requested', 'approved', 'rejected', 'confirmed', 'canceled', 'rescheduled', 'reminder', 'offer'].map(
        (name) => `booking_${name}`,
      ),
    );
  });

  describe.each(builtInTemplateKeys)('%s', (key) => {
    const bodyFor = (locale: string, channel: (typeof templateChannels)[number] = 'plain'): string =>
      builtInBody({ key, locale, channel, cityId: undefined }) ?? expect.unreachable();

    it('asks for the same variables in both languages, and for no unusual ones', () => {
      const asked = (locale: string) => variablesOf(partsOf(bodyFor(locale))._unsafeUnwrap()).toSorted();
      const known = asked('en').filter((name) => Object.hasOwn(variables, name));
      expect(known).toEqual(asked('en'));
      expect(asked('ru').every((name) => Object.hasOwn(variables, name))).toBe(true);
      expect(bodyFor('ru')).toMatch(/[а-я]{3}/i);
    });

    it.each(templateChannels)(
      'could be stored for %s, and says there what it says in plain text',
      (channel) => {
        for (const locale of ['en', 'ru-RU']) {
          const body = parseBody(bodyFor(locale, channel))._unsafeUnwrap();
          const text = renderTemplate({ key, channel, body }, variables)._unsafeUnwrap();
          const plain = renderTemplate(
            { key, channel: 'plain', body: bodyFor(locale) },
            variables,
          )._unsafeUnwrap();
          expect(text.replaceAll('\\', '').replaceAll('&amp;', '&')).toBe(plain);
        }
      },
    );
  });

  it('go by language and know no other', () => {
    const name = { key: 'booking_offer', channel: 'plain', cityId: undefined } as const;
    expect(builtInBody({ ...name, locale: 'en-GB' })).toBe(builtInBody({ ...name, locale: 'en' }));
    expect(builtInBody({ ...name, locale: 'de' })).toBeUndefined();
    for (const key of ['constructor', '__proto__', 'booking'])
      expect(builtInBody({ ...name, locale: 'en', key })).toBeUndefined();
  });
});
