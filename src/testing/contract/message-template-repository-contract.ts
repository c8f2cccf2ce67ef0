import assert from 'node:assert/strict';
import type { MessageTemplateReader } from '../../domain/message-template/message-template-repository.ts';
import type { MessageTemplate } from '../../domain/message-template/message-template.ts';
import type { TemplateNameInput } from '../../domain/message-template/template-name.ts';
import { textLimits } from '../../domain/shared/text.ts';
import type { Slotwise } from '../../infrastructure/slotwise.ts';
import { seedCity } from '../seeds/seed-city.ts';
import { seedTemplate, uniqueKey } from '../seeds/seed-template.ts';
import { contractSuite, ending, type ContractSuite } from './contract-subject.ts';
import { hostileTexts, refusedIds, refusedTexts, UNKNOWN_ID } from './hostile-texts.ts';
import { expectErr, expectOk } from './outcome.ts';
import { everyItem, pagingContract, refusesWrongPages } from './paging-contract.ts';

/** Runs the same reads on the cached reader and in a unit of work. */
async function onBoth(sdk: Slotwise, check: (reads: MessageTemplateReader) => Promise<void>): Promise<void> {
  await check(sdk.read.templates);
  await ending(sdk, (open) => check(open().templates));
}

/** What a text says at the moment, and whose it is. */
async function said(sdk: Slotwise, name: TemplateNameInput): Promise<readonly unknown[]> {
  const answers: (readonly unknown[])[] = [];
  await onBoth(sdk, async (templates) => {
    const { body, source, version } = await expectOk(templates.resolve(name));
    answers.push([body, source, version]);
  });
  assert.deepEqual(answers[0], answers[1]);
  return answers[0] ?? [];
}

const nameOf = ({ key, locale, channel, cityId }: MessageTemplate): TemplateNameInput => ({
  key,
  locale,
  channel,
  ...(cityId === undefined ? {} : { cityId }),
});

/** What a `MessageTemplateRepository` and a `MessageTemplateReader` do. */
export const messageTemplateRepositoryContract: ContractSuite = contractSuite(
  'a message template',
  (test) => {
    pagingContract(
      test,
      (sdk) => (page) => sdk.read.templates.list({}, page),
      (sdk) => seedTemplate(sdk),
    );

    test('is read back the same in every way, as version 1 and in use', async (sdk) => {
      const city = await expectOk(seedCity(sdk));
      const template = await expectOk(seedTemplate(sdk, { cityId: city.id, updatedBy: 'Ann' }));
      assert.deepEqual(
        [template.version, template.active, template.cityId, template.updatedBy, template.variables],
        [1, true, city.id, 'Ann', ['candidate']],
      );
      await onBoth(sdk, async (templates) => {
        assert.deepEqual(await expectOk(templates.get(template.id)), template);
        assert.deepEqual(await expectOk(templates.find(template.id)), template);
        const many = await expectOk(templates.getMany([UNKNOWN_ID, template.id, template.id]));
        assert.deepEqual(many, new Map([[template.id, template]]));
        assert.deepEqual(await expectOk(templates.getForCity(city.id)), [template]);
        assert.deepEqual((await expectOk(templates.history(nameOf(template)))).items, [template]);
      });
    });

    test('answers undefined or TemplateNotFound for an id that no row has, and refuses what is none', async (sdk) => {
      await onBoth(sdk, async (templates) => {
        assert.equal(await expectOk(templates.find(UNKNOWN_ID)), undefined);
        const { id } = await expectErr(templates.get(UNKNOWN_ID), 'TemplateNotFound');
        assert.equal(id, UNKNOWN_ID);
        for (const wrong of refusedIds) {
          await expectErr(templates.get(wrong), 'Validation', { field: 'templateId' });
          await expectErr(templates.getMany([wrong]), 'Validation');
          await expectErr(templates.getForCity(wrong), 'Validation', { field: 'cityId' });
        }
      });
      for (const change of ['activate', 'archive', 'restore'] as const) {
        await expectErr(
          sdk.transaction((uow) => uow.templates[change](UNKNOWN_ID)),
          'TemplateNotFound',
        );
        await expectErr(
          sdk.transaction((uow) => uow.templates[change](0)),
          'Validation',
        );
      }
    });

    test('keeps any text as its body and as the name of who wrote it', async (sdk) => {
      for (const text of hostileTexts) {
        const template = await expectOk(seedTemplate(sdk, { body: text, updatedBy: text }));
        assert.deepEqual([template.body, template.updatedBy], [text, text]);
        assert.deepEqual(await expectOk(sdk.transaction((uow) => uow.templates.get(template.id))), template);
        assert.deepEqual(await expectOk(sdk.read.templates.get(template.id)), template);
        assert.deepEqual(await said(sdk, nameOf(template)), [text, 'default', 1]);
      }
      const longest = '👩'.repeat(textLimits.templateBody);
      assert.equal((await expectOk(seedTemplate(sdk, { body: longest }))).body, longest);
    });

    test('is refused with input that is wrong, and nothing is stored', async (sdk) => {
      const before = await everyItem((page) => sdk.read.templates.list({}, page));
      for (const body of refusedTexts(textLimits.templateBody))
        await expectErr(seedTemplate(sdk, { body }), 'Validation', { field: 'body' });
      for (const body of [
        '{',
        '}',
        'a } b',
        '{}',
        '{a b}',
        '{a.b}',
        '{имя}',
        '{{{',
        '{a',
        `{${'x'.repeat(65)}}`,
      ])
        await expectErr(seedTemplate(sdk, { body }), 'Validation', { field: 'body' });
      for (const updatedBy of refusedTexts(textLimits.name))
        await expectErr(seedTemplate(sdk, { updatedBy }), 'Validation', { field: 'updatedBy' });
      for (const key of ['', 'A', 'a-b', 'a b', 'ключ', 'a:b', 'x'.repeat(65), 5 as unknown as string])
        await expectErr(seedTemplate(sdk, { key }), 'Validation', { field: 'key' });
      for (const locale of ['', 'e', 'english', 'en_US', 'en-', 'en:x', `en-${'x'.repeat(40)}`, '../en'])
        await expectErr(seedTemplate(sdk, { locale }), 'Validation', { field: 'locale' });
      for (const channel of ['', 'sms', '__proto__'])
        await expectErr(seedTemplate(sdk, { channel: channel as 'plain' }), 'Validation', {
          field: 'channel',
        });
      await expectErr(seedTemplate(sdk, { cityId: 0 }), 'Validation', { field: 'cityId' });
      await expectErr(seedTemplate(sdk, { cityId: UNKNOWN_ID }), 'CityNotFound', { id: UNKNOWN_ID as never });
      await expectErr(
        sdk.transaction((uow) =>
          uow.templates.publishVersion({
            key: uniqueKey(),
            locale: 'en',
            channel: 'plain',
            body: 'x',
            cityId: UNKNOWN_ID,
          }),
        ),
        'CityNotFound',
      );
      assert.deepEqual(await everyItem((page) => sdk.read.templates.list({}, page)), before);
    });

    test('has one first version, for each key, locale, channel and city', async (sdk) => {
      const city = await expectOk(seedCity(sdk));
      const template = await expectOk(seedTemplate(sdk));
      const { key } = template;
      for (const other of [{ locale: 'ru' }, { channel: 'html' }, { cityId: city.id }] as const)
        await expectOk(seedTemplate(sdk, { key, ...other }));
      for (const same of [{}, { cityId: city.id }, { active: false }, { locale: 'EN' }])
        await expectErr(seedTemplate(sdk, { key, ...same }), 'TemplateExists', { key, locale: 'en' });
      assert.equal((await expectOk(sdk.read.templates.list({ key }))).items.length, 4);
    });

    test('leaves a unit of work as it was when it is there already', async (sdk, open) => {
      const template = await expectOk(seedTemplate(sdk));
      const uow = open();
      await expectErr(uow.templates.add({ ...nameOf(template), body: 'x' }), 'TemplateExists');
      const next = await expectOk(uow.templates.publishVersion({ ...nameOf(template), body: 'y' }));
      await expectOk(uow.commit());
      assert.deepEqual(await expectOk(sdk.read.templates.get(next.id)), next);
    });

    test('has versions, of which the last one published is in use', async (sdk) => {
      const first = await expectOk(seedTemplate(sdk, { body: 'one' }));
      const name = nameOf(first);
      assert.deepEqual(await said(sdk, name), ['one', 'default', 1]);
      const publish = (body: string) =>
        sdk.transaction((uow) => uow.templates.publishVersion({ ...name, body }));
      const second = await expectOk(publish('two'));
      const third = await expectOk(publish('three'));
      assert.deepEqual([second.version, third.version], [2, 3]);
      assert.deepEqual(await said(sdk, name), ['three', 'default', 3]);
      const history = await everyItem((page) => sdk.read.templates.history(name, page), 2);
      assert.deepEqual(
        history.map(({ body, version, active }) => [body, version, active]),
        [
          ['one', 1, false],
          ['two', 2, false],
          ['three', 3, true],
        ],
      );
      assert.equal((await expectOk(sdk.read.templates.get(first.id))).active, false);
      await refusesWrongPages((page) => sdk.read.templates.history(name, page));
    });

    test('begins with version 1 when it is published without having been there', async (sdk) => {
      const name = { key: uniqueKey(), locale: 'ru', channel: 'html' } as const;
      await expectErr(sdk.read.templates.resolve(name), 'TemplateNotFound', { key: name.key, locale: 'ru' });
      const published = await expectOk(
        sdk.transaction((uow) => uow.templates.publishVersion({ ...name, body: 'Да' })),
      );
      assert.deepEqual([published.version, published.active], [1, true]);
      assert.deepEqual(await said(sdk, name), ['Да', 'default', 1]);
    });

    test('is not published on top of a version that its author has not seen', async (sdk) => {
      const first = await expectOk(seedTemplate(sdk, { body: 'one' }));
      const name = nameOf(first);
      const publish = (body: string, basedOn: number) =>
        sdk.transaction((uow) => uow.templates.publishVersion({ ...name, body }, { basedOn }));
      await expectOk(publish('two', 1));
      await expectErr(publish('three', 1), 'StaleVersion', { entity: 'template', expected: 1, actual: 2 });
      assert.deepEqual(await said(sdk, name), ['two', 'default', 2]);
    });

    test('is published by several at once under different numbers', async (sdk) => {
      const name = { key: uniqueKey(), locale: 'en', channel: 'plain' } as const;
      const bodies = ['a', 'b', 'c', 'd', 'e'];
      const published = await Promise.all(
        bodies.map((body) =>
          expectOk(sdk.transaction((uow) => uow.templates.publishVersion({ ...name, body }))),
        ),
      );
      assert.deepEqual(
        published.map(({ version }) => version).toSorted((a, b) => a - b),
        [1, 2, 3, 4, 5],
      );
      const { items } = await expectOk(sdk.read.templates.history(name));
      assert.deepEqual(
        items.filter(({ active }) => active).map(({ version }) => version),
        [5],
      );
    });

    test('is the city’s own, else the one for all cities, else what is built in, else TemplateNotFound', async (sdk) => {
      const city = await expectOk(seedCity(sdk));
      const other = await expectOk(seedCity(sdk));
      const key = uniqueKey();
      const name = { key, locale: 'en', channel: 'plain', cityId: city.id } as const;
      const elsewhere = { ...name, cityId: other.id };
      for (const asked of [name, elsewhere])
        await expectErr(sdk.read.templates.resolve(asked), 'TemplateNotFound', { key, cityId: asked.cityId });

      await expectOk(seedTemplate(sdk, { key, body: 'for all' }));
      assert.deepEqual(await said(sdk, name), ['for all', 'default', 1]);
      const own = await expectOk(seedTemplate(sdk, { key, body: 'own', cityId: city.id }));
      assert.deepEqual(await said(sdk, name), ['own', 'city', 1]);
      assert.deepEqual(await said(sdk, elsewhere), ['for all', 'default', 1]);
      // What is written for all cities reaches every city that was answered it, and no other.
      await expectOk(
        sdk.transaction((uow) =>
          uow.templates.publishVersion({ ...name, cityId: undefined, body: 'for all 2' }),
        ),
      );
      assert.deepEqual(await said(sdk, name), ['own', 'city', 1]);
      assert.deepEqual(await said(sdk, elsewhere), ['for all 2', 'default', 2]);

      await expectOk(sdk.transaction((uow) => uow.templates.archive(own.id)));
      assert.deepEqual(await said(sdk, name), ['for all 2', 'default', 2]);
      assert.deepEqual(await expectOk(sdk.read.templates.getForCity(city.id)), []);
      await expectOk(sdk.transaction((uow) => uow.templates.restore(own.id)));
      assert.deepEqual(await said(sdk, name), ['own', 'city', 1]);
      assert.equal((await expectOk(sdk.read.templates.getForCity(city.id))).length, 1);
    });

    test('is built in for the usual messages in English and Russian, by language', async (sdk) => {
      const city = await expectOk(seedCity(sdk));
      const keys = [
        'requested',
        'approved',
        'rejected',
        'confirmed',
        'canceled',
        'rescheduled',
        'reminder',
        'offer',
      ];
      for (const key of keys)
        for (const locale of ['en', 'en-GB', 'ru', 'ru-RU'])
          await onBoth(sdk, async (templates) => {
            const name = { key: `booking_${key}`, locale, channel: 'plain', cityId: city.id } as const;
            const { source, templateId } = await expectOk(templates.resolve(name));
            assert.deepEqual([source, templateId], ['built-in', undefined]);
          });
      for (const unknown of [{ locale: 'fr' }, { key: 'constructor' }, { locale: 'en', key: '__proto__' }])
        await expectErr(
          sdk.read.templates.resolve({ key: 'booking_offer', locale: 'en', channel: 'plain', ...unknown }),
          'TemplateNotFound',
        );
    });

    test('takes the place of the version in use when it is activated', async (sdk) => {
      const first = await expectOk(seedTemplate(sdk, { body: 'one' }));
      const name = nameOf(first);
      const second = await expectOk(
        sdk.transaction((uow) => uow.templates.publishVersion({ ...name, body: 'two' })),
      );
      await expectErr(
        sdk.transaction((uow) => uow.templates.restore(first.id)),
        'TemplateExists',
      );
      assert.deepEqual(await said(sdk, name), ['two', 'default', 2]);
      const back = await expectOk(sdk.transaction((uow) => uow.templates.activate(first.id)));
      assert.deepEqual([back.active, back.version], [true, 1]);
      assert.deepEqual(await said(sdk, name), ['one', 'default', 1]);
      assert.equal((await expectOk(sdk.read.templates.get(second.id))).active, false);
      assert.deepEqual(await expectOk(sdk.transaction((uow) => uow.templates.activate(first.id))), back);
      const third = await expectOk(
        sdk.transaction((uow) => uow.templates.publishVersion({ ...name, body: 'three' })),
      );
      assert.equal(third.version, 3);
    });

    test('is not in use when it was added as a draft', async (sdk) => {
      const draft = await expectOk(seedTemplate(sdk, { active: false }));
      await expectErr(sdk.read.templates.resolve(nameOf(draft)), 'TemplateNotFound');
      await expectOk(sdk.transaction((uow) => uow.templates.activate(draft.id)));
      assert.deepEqual(await said(sdk, nameOf(draft)), [draft.body, 'default', 1]);
    });

    test('is listed by what it is', async (sdk) => {
      const city = await expectOk(seedCity(sdk));
      const first = await expectOk(seedTemplate(sdk));
      const { key } = first;
      const own = await expectOk(seedTemplate(sdk, { key, cityId: city.id, locale: 'ru', channel: 'html' }));
      const second = await expectOk(
        sdk.transaction((uow) => uow.templates.publishVersion({ ...nameOf(first), body: 'two' })),
      );
      const ids = [first.id, own.id, second.id];
      await onBoth(sdk, async (templates) => {
        const listed = async (filter: Parameters<typeof templates.list>[0]): Promise<readonly number[]> =>
          (await expectOk(templates.list({ key, ...filter }))).items.map(({ id }) => id);
        assert.deepEqual(await listed({}), ids);
        assert.deepEqual(await listed({ cityId: city.id }), [own.id]);
        assert.deepEqual(await listed({ cityId: null }), [first.id, second.id]);
        assert.deepEqual(await listed({ locale: 'RU' }), [own.id]);
        assert.deepEqual(await listed({ channel: 'plain', active: true }), [second.id]);
        assert.deepEqual(await listed({ active: false }), [first.id]);
        await expectErr(templates.list({ cityId: -1 }), 'Validation', { field: 'cityId' });
        await expectErr(templates.list({ key: 'A' }), 'Validation', { field: 'key' });
      });
    });

    test('of a rolled back unit of work was never there', async (sdk) => {
      const template = await expectOk(seedTemplate(sdk, { body: 'kept' }));
      const name = nameOf(template);
      await ending(sdk, async (open) => {
        const uow = open();
        await expectOk(uow.templates.publishVersion({ ...name, body: 'lost' }));
        assert.equal((await expectOk(uow.templates.resolve(name))).body, 'lost');
      });
      assert.deepEqual(await said(sdk, name), ['kept', 'default', 1]);
    });

    test('keeps its city from being deleted', async (sdk) => {
      const city = await expectOk(seedCity(sdk));
      await expectOk(seedTemplate(sdk, { cityId: city.id }));
      await expectErr(
        sdk.transaction((uow) => uow.cities.delete(city.id)),
        'StillReferenced',
      );
    });
  },
);
