import assert from 'node:assert/strict';
import { err, ok } from 'neverthrow';
import type { CommitReport } from '../../../application/ports/unit-of-work.ts';
import { seedCity } from '../../seeds/seed-city.ts';
import { unique } from '../../seeds/unique.ts';
import { contractSuite, type ContractSuite } from '../contract-subject.ts';
import { expectErr, expectOk } from '../outcome.ts';

const newCity = () => ({ name: unique('City'), timeZone: 'UTC' });

/** What `transaction(work)` does with the answer of its work. */
export const transactionContract: ContractSuite = contractSuite(
  'a transaction',
  (test, { invalidation = 'applied' }) => {
    test('commits what was written when its work answers Ok, and answers the same', async (sdk) => {
      const reports: CommitReport[] = [];
      const city = await expectOk(
        sdk.transaction((uow) => uow.cities.add(newCity()), {
          onCommit: (report) => void reports.push(report),
        }),
      );
      assert.deepEqual(reports, [{ invalidation }]);
      assert.deepEqual(await expectOk(sdk.read.cities.get(city.id)), city);
    });

    test('commits when there was nothing to write', async (sdk) => {
      const reports: CommitReport[] = [];
      const answer = await expectOk(
        sdk.transaction(() => Promise.resolve(ok('done')), {
          onCommit: (report) => void reports.push(report),
        }),
      );
      assert.equal(answer, 'done');
      assert.deepEqual(reports, [{ invalidation: 'applied' }]);
    });

    test('rolls back when its work answers Err, and answers the same error', async (sdk) => {
      const lost: number[] = [];
      const reason = { type: 'ChangedMyMind', detail: Symbol('kept as it is') } as const;
      const error = await expectErr(
        sdk.transaction((uow) =>
          uow.cities.add(newCity()).andThen((city) => {
            lost.push(city.id);
            return err(reason);
          }),
        ),
        'ChangedMyMind',
      );
      assert.equal(error, reason);
      for (const id of lost) assert.equal(await expectOk(sdk.read.cities.find(id)), undefined);
      assert.equal(lost.length, 1);
    });

    test('rolls back when its work throws or rejects, and answers Unexpected with the cause', async (sdk) => {
      const cause = new RangeError('boom');
      const lost: number[] = [];
      const error = await expectErr(
        sdk.transaction<never, never>(async (uow) => {
          const city = await expectOk(uow.cities.add(newCity()));
          lost.push(city.id);
          throw cause;
        }),
        'Unexpected',
      );
      assert.equal(error.cause, cause);
      assert.equal(error.message, 'boom');
      const thrown = await expectErr(
        sdk.transaction<never, never>(() => {
          throw cause;
        }),
        'Unexpected',
      );
      assert.equal(thrown.cause, cause);
      for (const id of lost) assert.equal(await expectOk(sdk.read.cities.find(id)), undefined);
    });

    test('is committed when its onCommit throws', async (sdk) => {
      const city = await expectOk(
        sdk.transaction((uow) => uow.cities.add(newCity()), {
          onCommit: () => {
            throw new Error('the mail server is away');
          },
        }),
      );
      assert.deepEqual(await expectOk(sdk.read.cities.get(city.id)), city);
    });

    test('reads the clock of the SDK as it goes on, not as it was at the start', async (sdk) => {
      const [first, second] = await expectOk(
        sdk.transaction((uow) =>
          uow.cities
            .add(newCity())
            .andThen(() => uow.now().andThen((earlier) => uow.now().map((later) => [earlier, later]))),
        ),
      );
      assert.ok(first && second && !second.isBefore(first));
    });

    test('loses no update when many change one row at once', async (sdk) => {
      const city = await expectOk(seedCity(sdk));
      const outcomes = await Promise.all(
        Array.from({ length: 4 }, async (_, index) =>
          sdk.transaction((uow) =>
            city.rename(`${city.name} ${index}`).asyncAndThen((renamed) => uow.cities.update(renamed)),
          ),
        ),
      );
      const won = outcomes.filter((outcome) => outcome.isOk());
      const lost = outcomes.flatMap((outcome) => (outcome.isErr() ? [outcome.error.type] : []));
      assert.equal(won.length, 1);
      assert.deepEqual(lost, ['StaleVersion', 'StaleVersion', 'StaleVersion']);
      assert.equal((await expectOk(sdk.read.cities.get(city.id))).version, 2);
    });
  },
);
