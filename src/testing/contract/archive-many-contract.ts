import assert from 'node:assert/strict';
import type { Result, ResultAsync } from 'neverthrow';
import type { RepositoryError } from '../../domain/shared/repository-error.ts';
import type { Slotwise } from '../../infrastructure/slotwise.ts';
import type { UnitOfWork } from '../../application/ports/unit-of-work.ts';
import { seedBoard } from '../seeds/seed-board.ts';
import { contractSuite, type ContractSuite } from './contract-subject.ts';
import { refusedIds, UNKNOWN_ID } from './hostile-texts.ts';
import { expectErr, expectOk } from './outcome.ts';

interface Archivable {
  readonly id: number;
  readonly active: boolean;
  readonly version: number;
}

type Answers = ResultAsync<readonly Result<Archivable, { readonly type: string }>[], RepositoryError>;

/** What recruiters and cities have in common here. */
interface Kind {
  readonly repository: (uow: UnitOfWork) => {
    archiveMany(ids: readonly number[]): Answers;
    restoreMany(ids: readonly number[]): Answers;
  };
  readonly get: (sdk: Slotwise, id: number) => ResultAsync<Archivable, { readonly type: string }>;
  readonly active: (sdk: Slotwise) => Promise<readonly number[]>;
}

/** Taking many out of use and into use again, and what that changes elsewhere. */
export const archiveManyContract: ContractSuite = contractSuite('many recruiters and cities', (test) => {
  const kinds: Readonly<Record<string, Kind>> = {
    recruiters: {
      repository: (uow: UnitOfWork) => uow.recruiters,
      get: (sdk: Slotwise, id: number) => sdk.read.recruiters.get(id),
      active: async (sdk: Slotwise) => (await expectOk(sdk.read.recruiters.getActive())).map(({ id }) => id),
    },
    cities: {
      repository: (uow: UnitOfWork) => uow.cities,
      get: (sdk: Slotwise, id: number) => sdk.read.cities.get(id),
      active: async (sdk: Slotwise) => (await expectOk(sdk.read.cities.getActive())).map(({ id }) => id),
    },
  };

  for (const [name, { repository, get, active }] of Object.entries(kinds))
    test(`${name} are archived and restored together, and answered in the order given`, async (sdk) => {
      const boards = [
        await expectOk(seedBoard(sdk)),
        await expectOk(seedBoard(sdk)),
        await expectOk(seedBoard(sdk)),
      ];
      const ids: readonly number[] = boards.map(({ recruiter, city }) =>
        name === 'cities' ? city.id : recruiter.id,
      );
      const [first = 0, second = 0, third = 0] = ids;
      const offers = async () =>
        (
          await Promise.all(boards.map(async ({ city }) => expectOk(sdk.read.slots.getFreeForCity(city.id))))
        ).map(({ length }) => length);
      const change = (method: 'archiveMany' | 'restoreMany', list: readonly number[]) =>
        sdk.transaction((uow) => repository(uow)[method](list));
      assert.deepEqual(await offers(), [1, 1, 1]);
      await active(sdk);

      await expectOk(change('archiveMany', [second]));
      const answers = await expectOk(change('archiveMany', [third, UNKNOWN_ID, second, first, third]));
      assert.deepEqual(
        answers.map((answer) =>
          answer.isOk() ? [answer.value.id, answer.value.active, answer.value.version] : 'none',
        ),
        [[third, false, 2], 'none', [second, false, 2], [first, false, 2], [third, false, 2]],
      );
      assert.deepEqual(
        (await active(sdk)).filter((id) => ids.includes(id)),
        [],
      );
      assert.deepEqual(await offers(), [0, 0, 0]);
      assert.deepEqual(await expectOk(get(sdk, third)), answers[0]?.unwrapOr(undefined));

      const restored = await expectOk(change('restoreMany', ids));
      assert.deepEqual(
        restored.map((answer) => (answer.isOk() ? [answer.value.active, answer.value.version] : 'none')),
        ids.map(() => [true, 3]),
      );
      assert.deepEqual((await active(sdk)).filter((id) => ids.includes(id)).length, 3);
      assert.deepEqual(await offers(), [1, 1, 1]);
      assert.deepEqual(await expectOk(get(sdk, first)), restored[0]?.unwrapOr(undefined));
      assert.deepEqual(await expectOk(change('archiveMany', [])), []);
      for (const id of refusedIds) await expectErr(change('archiveMany', [first, id]), 'Validation');
      assert.deepEqual(await expectOk(get(sdk, first)), restored[0]?.unwrapOr(undefined));
    });
});
