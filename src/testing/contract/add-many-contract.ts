import assert from 'node:assert/strict';
import type { Result, ResultAsync } from 'neverthrow';
import type { UnitOfWork } from '../../application/ports/unit-of-work.ts';
import type { AddManyOptions } from '../../domain/shared/bulk.ts';
import type { Slotwise } from '../../infrastructure/slotwise.ts';
import { unique } from '../seeds/unique.ts';
import { contractSuite, type ContractSuite } from './contract-subject.ts';
import { expectErr, expectOk } from './outcome.ts';
import { telegramId } from './telegram-ids.ts';

interface Stored {
  readonly id: number;
  readonly version: number;
}

interface Failure {
  readonly type: string;
}

/** What cities, recruiters and candidates have in common here. */
interface Kind<New> {
  /** A new one which nothing is in the way of. */
  readonly fresh: () => New;
  /** Another one with the same key. */
  readonly alike: (one: New) => New;
  readonly invalid: New;
  readonly taken: string;
  readonly repository: (uow: UnitOfWork) => {
    addMany(
      items: readonly New[],
      options?: AddManyOptions,
    ): ResultAsync<readonly Result<Stored, Failure>[], Failure>;
  };
  readonly get: (sdk: Slotwise, id: number) => ResultAsync<Stored, Failure>;
  /** Whose key it is. */
  readonly owner: (sdk: Slotwise, one: New) => ResultAsync<Stored | undefined, Failure>;
}

const typesOf = (answers: readonly Result<unknown, Failure>[]): readonly string[] =>
  answers.map((answer) => (answer.isOk() ? 'Ok' : answer.error.type));

const kindOf = <New>(kind: Kind<New>): Kind<New> => kind;

const cities = kindOf({
  fresh: () => ({ name: unique('City '), timeZone: 'UTC' }),
  alike: (city) => ({ ...city, name: city.name.toUpperCase() }),
  invalid: { name: '', timeZone: 'UTC' },
  taken: 'CityExists',
  repository: (uow) => uow.cities,
  get: (sdk, id) => sdk.read.cities.get(id),
  owner: (sdk, { name }) => sdk.read.cities.findByName(name),
});

const recruiters = kindOf({
  fresh: () => ({ name: 'Ann', timeZone: 'UTC', telegramChatId: telegramId() }),
  alike: (recruiter) => ({ ...recruiter, name: 'Ben' }),
  invalid: { name: '', timeZone: 'UTC', telegramChatId: telegramId() },
  taken: 'TelegramIdTaken',
  repository: (uow) => uow.recruiters,
  get: (sdk, id) => sdk.read.recruiters.get(id),
  owner: (sdk, { telegramChatId }) => sdk.read.recruiters.findByTelegramChatId(telegramChatId),
});

const candidates = kindOf({
  fresh: () => ({ fullName: 'Ben', telegramId: telegramId() }),
  alike: (candidate) => ({ ...candidate, fullName: 'Ann' }),
  invalid: { fullName: '', telegramId: telegramId() },
  taken: 'TelegramIdTaken',
  repository: (uow) => uow.candidates,
  get: (sdk, id) => sdk.read.candidates.get(id),
  owner: (sdk, candidate) => sdk.read.candidates.findByTelegramId(candidate.telegramId),
});

/** Storing many new cities, recruiters and candidates. */
export const addManyContract: ContractSuite = contractSuite('many new', (test) => {
  const behaves = <New>(name: string, kind: Kind<New>): void => {
    const { fresh, alike, invalid, taken, repository, get, owner } = kind;
    const add = (sdk: Slotwise, items: readonly New[], options?: AddManyOptions) =>
      sdk.transaction((uow) => repository(uow).addMany(items, options));

    test(`${name} are stored together and answered in the order given`, async (sdk) => {
      const wanted = [fresh(), fresh(), fresh()].toReversed();
      for (const one of wanted) assert.equal(await expectOk(owner(sdk, one)), undefined);
      const answers = await expectOk(add(sdk, wanted, { batchSize: 2 }));
      assert.deepEqual(typesOf(answers), ['Ok', 'Ok', 'Ok']);
      for (const [index, answer] of answers.entries()) {
        const stored = await expectOk(answer);
        assert.equal(stored.version, 1);
        assert.deepEqual(await expectOk(get(sdk, stored.id)), stored);
        assert.deepEqual(await expectOk(owner(sdk, wanted[index] ?? fresh())), stored);
      }
      assert.deepEqual(await expectOk(add(sdk, [])), []);
    });

    test(`${name} are skipped one by one where something is in the way`, async (sdk) => {
      for (const batchSize of [1, 500]) {
        const [there, first, second] = [fresh(), fresh(), fresh()];
        await expectOk(add(sdk, [there]));
        const answers = await expectOk(
          add(sdk, [alike(there), first, invalid, alike(first), second], { onConflict: 'skip', batchSize }),
        );
        assert.deepEqual(typesOf(answers), [taken, 'Ok', 'Validation', taken, 'Ok']);
        assert.deepEqual(await expectOk(owner(sdk, first)), answers[1]?.unwrapOr(undefined));
      }
    });

    test(`${name} are all kept out by one that is, and the transaction goes on`, async (sdk, open) => {
      const [there, first, other] = [fresh(), fresh(), fresh()];
      await expectOk(add(sdk, [there]));
      const uow = open();
      for (const [items, index, type] of [
        [[first, alike(there)], 1, taken],
        [[first, alike(first)], 1, taken],
        [[invalid, first], 0, 'Validation'],
      ] as const) {
        const error = await expectErr(repository(uow).addMany(items, { batchSize: 1 }), 'ItemsRefused');
        const { refused } = error as unknown as { refused: readonly { index: number; error: Failure }[] };
        assert.deepEqual(
          refused.map((item) => [item.index, item.error.type]),
          [[index, type]],
        );
      }
      await expectOk(repository(uow).addMany([other]));
      await expectOk(uow.commit());
      assert.equal(await expectOk(owner(sdk, first)), undefined);
      assert.ok(await expectOk(owner(sdk, other)));
    });

    test(`${name} are refused when they are no list or the choices are none`, async (sdk) => {
      const wanted = [fresh()];
      await expectErr(add(sdk, {} as unknown as New[]), 'Validation');
      await expectErr(add(sdk, wanted, { batchSize: 0 }), 'Validation');
      await expectErr(add(sdk, wanted, { onConflict: 'ignore' as 'skip' }), 'Validation');
      assert.equal(await expectOk(owner(sdk, wanted[0] as New)), undefined);
    });
  };
  behaves('cities', cities);
  behaves('recruiters', recruiters);
  behaves('candidates', candidates);

  test('recruiters come with their cities, and not with one that is not there', async (sdk) => {
    const [first, second] = [cities.fresh(), cities.fresh()];
    const stored = await expectOk(sdk.transaction((uow) => uow.cities.addMany([first, second])));
    const cityIds = stored.flatMap((city) => (city.isOk() ? [city.value.id] : []));
    for (const cityId of cityIds) assert.deepEqual(await expectOk(sdk.read.recruiters.getByCity(cityId)), []);
    const wanted = [
      { ...recruiters.fresh(), cityIds },
      { ...recruiters.fresh(), cityIds: [...cityIds, Number.MAX_SAFE_INTEGER] },
      { ...recruiters.fresh(), cityIds: cityIds.slice(0, 1) },
      recruiters.fresh(),
    ];
    const answers = await expectOk(
      sdk.transaction((uow) => uow.recruiters.addMany(wanted, { onConflict: 'skip' })),
    );
    assert.deepEqual(typesOf(answers), ['Ok', 'CityNotFound', 'Ok', 'Ok']);
    for (const [index, cityId] of cityIds.entries())
      assert.deepEqual(
        (await expectOk(sdk.read.recruiters.getByCity(cityId))).map(({ id }) => id),
        answers.slice(0, index === 0 ? 3 : 1).flatMap((answer) => (answer.isOk() ? [answer.value.id] : [])),
      );
  });

  test('candidates without a Telegram id are never in each other’s way', async (sdk) => {
    const wanted = [{ fullName: 'Ann' }, { fullName: 'Ben' }];
    const answers = await expectOk(sdk.transaction((uow) => uow.candidates.addMany(wanted)));
    const names = answers.map((answer) => (answer.isOk() ? answer.value.fullName : 'none'));
    assert.deepEqual(names, ['Ann', 'Ben']);
  });
});
