import assert from 'node:assert/strict';
import { seedCity } from '../../seeds/seed-city.ts';
import { seedTemplate, uniqueKey } from '../../seeds/seed-template.ts';
import { contractSuite, type ContractSuite } from '../contract-subject.ts';
import { hostileTexts } from '../hostile-texts.ts';
import { expectErr, expectOk } from '../outcome.ts';

export const renderContract: ContractSuite = contractSuite('rendering a message', (test) => {
  test('fills in the city’s text, or the one for all cities, and says which it was', async (sdk) => {
    const city = await expectOk(seedCity(sdk));
    const template = await expectOk(seedTemplate(sdk, { body: 'Hi {candidate}' }));
    const { key, locale, channel } = template;
    const message = { key, locale, channel, cityId: city.id, variables: { candidate: 'Ben' } };
    const first = await expectOk(sdk.templates.render(message));
    assert.deepEqual(first, {
      key,
      locale,
      channel,
      cityId: city.id,
      source: 'default',
      templateId: template.id,
      version: 1,
      text: 'Hi Ben',
    });
    const own = await expectOk(seedTemplate(sdk, { key, cityId: city.id, body: 'Hallo {candidate}' }));
    const { text, source, templateId } = await expectOk(sdk.templates.render(message));
    assert.deepEqual([text, source, templateId], ['Hallo Ben', 'city', own.id]);
  });

  test('shows text of any kind as it is, in plain text', async (sdk) => {
    const { key, locale, channel } = await expectOk(seedTemplate(sdk, { body: '{a}|{a}' }));
    for (const a of hostileTexts) {
      const { text } = await expectOk(sdk.templates.render({ key, locale, channel, variables: { a } }));
      assert.equal(text, `${a}|${a}`);
    }
  });

  test('escapes what is filled in for the channel, and not the text itself', async (sdk) => {
    const key = uniqueKey();
    await expectOk(seedTemplate(sdk, { key, channel: 'html', body: '<b>{a}</b> & Co' }));
    await expectOk(seedTemplate(sdk, { key, channel: 'telegram-markdown-v2', body: '*{a}* \\& Co\\.' }));
    const text = async (channel: 'html' | 'telegram-markdown-v2'): Promise<string> => {
      const message = { key, locale: 'en', channel, variables: { a: '<i>*x*</i>.' } };
      return (await expectOk(sdk.templates.render(message))).text;
    };
    assert.equal(await text('html'), '<b>&lt;i&gt;*x*&lt;/i&gt;.</b> & Co');
    assert.equal(await text('telegram-markdown-v2'), '*<i\\>\\*x\\*</i\\>\\.* \\& Co\\.');
  });

  test('uses a built-in text where nobody has written one', async (sdk) => {
    const message = { key: 'booking_canceled', locale: 'ru', channel: 'html' } as const;
    const { text, source } = await expectOk(
      sdk.templates.render({ ...message, variables: { date: '7 января', time: '<10:00>' } }),
    );
    assert.deepEqual([text, source], ['Собеседование 7 января в &lt;10:00&gt; отменено.', 'built-in']);
  });

  test('sees what its unit of work has written', async (sdk, open) => {
    const { key, locale, channel } = await expectOk(seedTemplate(sdk, { body: 'old' }));
    const uow = open();
    await expectOk(uow.templates.publishVersion({ key, locale, channel, body: 'new' }));
    assert.equal((await expectOk(sdk.templates.render({ key, locale, channel }, { uow }))).text, 'new');
  });

  test('is refused with a variable that is missing, a text that is not there, or input that is wrong', async (sdk) => {
    const { key, locale, channel } = await expectOk(seedTemplate(sdk, { body: '{a} {b}' }));
    const message = { key, locale, channel };
    await expectErr(sdk.templates.render({ ...message, variables: { b: 'x' } }), 'MissingVariable', {
      key,
      variables: ['a'],
    });
    await expectErr(sdk.templates.render(message), 'MissingVariable', { variables: ['a', 'b'] });
    await expectErr(sdk.templates.render({ ...message, locale: 'fr' }), 'TemplateNotFound', { locale: 'fr' });
    await expectErr(sdk.templates.render({ ...message, key: 'A' }), 'Validation', { field: 'key' });
    await expectErr(sdk.templates.render({ ...message, variables: [] as never }), 'Validation', {
      field: 'variables',
    });
    await expectErr(sdk.templates.render(undefined as never), 'Validation', { field: 'message' });
  });
});
