import { afterEach, beforeEach, expect, it } from 'vitest';
import { createSlotwise, type Slotwise } from '../../src/index.ts';
import { seedCity } from '../../src/testing/seeds/seed-city.ts';
import { ScratchDatabase } from '../support/scratch-database.ts';
import { ScratchPrefix } from '../support/scratch-prefix.ts';
import { describeWithPostgres, describeWithServers } from '../support/services.ts';

const text = { key: 'greeting', locale: 'en', channel: 'plain' } as const;

describeWithPostgres('the table of message templates', () => {
  let database: ScratchDatabase;
  let sdk: Slotwise;

  beforeEach(async () => {
    database = new ScratchDatabase();
    sdk = (await createSlotwise({ database: database.options, cache: false }))._unsafeUnwrap();
    (await sdk.migrate())._unsafeUnwrap();
  });

  afterEach(async () => {
    (await sdk.close())._unsafeUnwrap();
    await database[Symbol.asyncDispose]();
  });

  const insert = (columns: Record<string, unknown> = {}) => {
    const row = { ...text, city_id: null, body: 'x', version: 1, active: false, ...columns };
    const names = Object.keys(row);
    return database.rows(
      `insert into $schema.message_template (${names.join(', ')})
       values (${names.map((_, index) => `$${index + 1}`).join(', ')})`,
      Object.values(row),
    );
  };

  it('takes a version of a text once, where no city counts as one', async () => {
    const { id: cityId } = (await seedCity(sdk))._unsafeUnwrap();
    const again = { constraint: 'message_template_version_key' };
    await insert();
    await insert({ city_id: cityId });
    await insert({ version: 2 });
    await expect(insert()).rejects.toMatchObject(again);
    await expect(insert({ city_id: cityId })).rejects.toMatchObject(again);
  });

  it('has at most one version of a text in use, where no city counts as one', async () => {
    const { id: cityId } = (await seedCity(sdk))._unsafeUnwrap();
    const second = { constraint: 'message_template_one_active' };
    await insert({ active: true });
    await insert({ active: true, city_id: cityId });
    await expect(insert({ active: true, version: 2 })).rejects.toMatchObject(second);
    await expect(insert({ active: true, version: 2, city_id: cityId })).rejects.toMatchObject(second);
  });

  it.each([
    [{ key: 'Greeting' }, 'message_template_key_form'],
    [{ key: 'x'.repeat(65) }, 'message_template_key_form'],
    [{ locale: 'en_US' }, 'message_template_locale_form'],
    [{ locale: `en-${'abcdefgh-'.repeat(4)}ab` }, 'message_template_locale_form'],
    [{ channel: 'sms' }, 'message_template_channel_known'],
    [{ body: '  ' }, 'message_template_body_check'],
    [{ body: '👩'.repeat(10_001) }, 'message_template_body_check'],
    [{ updated_by: 'x'.repeat(201) }, 'message_template_updated_by_check'],
    [{ version: 0 }, 'message_template_version_positive'],
  ])('refuses %o, whoever writes it', async (columns, constraint) => {
    await expect(insert(columns)).rejects.toMatchObject({ constraint });
  });

  it('is published to by many at once without a failure, and counts them all', async () => {
    const published = await Promise.all(
      Array.from({ length: 40 }, (_, index) =>
        sdk.transaction((uow) => uow.templates.publishVersion({ ...text, body: `text ${index}` })),
      ),
    );
    const versions = published.map((result) => result._unsafeUnwrap().version).toSorted((a, b) => a - b);
    expect(versions).toEqual(Array.from({ length: 40 }, (_, index) => index + 1));
    const [inUse] = await database.rows(
      'select count(*)::int, max(version) from $schema.message_template where active',
    );
    expect(inUse).toEqual({ count: 1, max: 40 });
  });
});

describeWithServers('a text that another process has changed', () => {
  it('is what every city is answered next, from the cache or not', async () => {
    await using stack = new AsyncDisposableStack();
    const database = stack.use(new ScratchDatabase());
    const { options: cache } = stack.use(new ScratchPrefix());
    const open = async (): Promise<Slotwise> =>
      stack.use(
        (
          await createSlotwise({ database: database.options, cache: { ...cache, l1: false } })
        )._unsafeUnwrap(),
      );
    const [writer, reader] = [await open(), await open()];
    (await writer.migrate())._unsafeUnwrap();
    const cities = [(await seedCity(writer))._unsafeUnwrap(), (await seedCity(writer))._unsafeUnwrap()];
    const said = async (): Promise<readonly string[]> => {
      const answers: string[] = [];
      for (const { id } of cities)
        answers.push((await reader.templates.render({ ...text, cityId: id }))._unsafeUnwrap().text);
      return answers;
    };
    const publish = async (body: string, cityId?: number): Promise<void> => {
      const template = { ...text, body, ...(cityId === undefined ? {} : { cityId }) };
      (await writer.transaction((uow) => uow.templates.publishVersion(template)))._unsafeUnwrap();
    };
    await publish('one');
    expect(await said()).toEqual(['one', 'one']);
    const { loads } = reader.cache.stats();
    expect(await said()).toEqual(['one', 'one']);
    expect(reader.cache.stats().loads).toBe(loads);

    await publish('two');
    expect(await said()).toEqual(['two', 'two']);
    await publish('own', cities[0]?.id);
    expect(await said()).toEqual(['own', 'two']);
    // That a text is not stored is kept as well, and dropped by whoever stores it.
    const offer = { key: 'booking_offer', locale: 'en', channel: 'plain' } as const;
    const source = async () => (await reader.read.templates.resolve(offer))._unsafeUnwrap().source;
    expect(await source()).toBe('built-in');
    const { loads: before } = reader.cache.stats();
    expect(await source()).toBe('built-in');
    expect(reader.cache.stats().loads).toBe(before);
    (await writer.transaction((uow) => uow.templates.add({ ...offer, body: 'Come!' })))._unsafeUnwrap();
    expect(await source()).toBe('default');
  });
});
