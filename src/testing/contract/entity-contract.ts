import assert from 'node:assert/strict';
import type { ResultAsync } from 'neverthrow';
import type { UnitOfWork } from '../../application/ports/unit-of-work.ts';
import type { Unbranded } from '../../domain/shared/brand.ts';
import type { Slotwise } from '../../infrastructure/slotwise.ts';
import { ending, type Test } from './contract-subject.ts';
import { refusedIds, UNKNOWN_ID } from './hostile-texts.ts';
import { assertSame, expectErr, expectOk } from './outcome.ts';

type Id = Unbranded<number>;
type Answer<T> = ResultAsync<T, { readonly type: string }>;

interface Entity {
  readonly id: number;
  readonly version: number;
}

interface Reader<T> {
  get(id: Id): Answer<T>;
  find(id: Id): Answer<T | undefined>;
  getMany(ids: readonly Id[]): Answer<ReadonlyMap<number, T>>;
}

interface Repository<T> extends Reader<T> {
  update(entity: T): Answer<T>;
  delete(id: Id): Answer<void>;
}

/** What distinguishes one entity from another. */
export interface EntityContract<T> {
  /** The type of the error for absence. */
  readonly missing: string;
  readonly reader: (sdk: Slotwise) => Reader<T>;
  readonly repository: (uow: UnitOfWork) => Repository<T>;
  readonly seed: (sdk: Slotwise) => Answer<T>;
  readonly change: (entity: T) => T;
}

/** What holds for every versioned entity with a reader and a repository. */
export function entityContract<T extends Entity>(test: Test, of: EntityContract<T>): void {
  const { missing, reader, repository, seed, change } = of;

  /** Runs the same reads on the cached reader and in a unit of work. */
  async function onBoth(sdk: Slotwise, check: (reads: Reader<T>) => Promise<void>): Promise<void> {
    await check(reader(sdk));
    await ending(sdk, (open) => check(repository(open())));
  }

  /** What every single read there is answers, which is also what a cache remembers. */
  const expectEverywhere = (sdk: Slotwise, id: number, expected: T | undefined): Promise<void> =>
    onBoth(sdk, async (reads) => {
      assert.deepEqual(await expectOk(reads.find(id)), expected);
      const many = expected === undefined ? new Map() : new Map([[id, expected]]);
      assert.deepEqual(await expectOk(reads.getMany([id])), many);
      if (expected === undefined) await expectErr(reads.get(id), missing);
      else assert.deepEqual(await expectOk(reads.get(id)), expected);
    });

  test('is read back the same in every way, at version 1', async (sdk) => {
    const seeded = await expectOk(seed(sdk));
    assert.equal(seeded.version, 1);
    await expectEverywhere(sdk, seeded.id, seeded);
  });

  test(`answers undefined or ${missing} for an id that no row has`, async (sdk) => {
    await onBoth(sdk, async (reads) => {
      assert.equal(await expectOk(reads.find(UNKNOWN_ID)), undefined);
      const error = await expectErr(reads.get(UNKNOWN_ID), missing);
      assert.equal((error as { readonly id?: number }).id, UNKNOWN_ID);
    });
    await expectErr(
      sdk.transaction((uow) => repository(uow).delete(UNKNOWN_ID)),
      missing,
    );
  });

  test('refuses what is no id', async (sdk) => {
    for (const id of refusedIds) {
      await onBoth(sdk, async (reads) => {
        await expectErr(reads.get(id), 'Validation');
        await expectErr(reads.find(id), 'Validation');
        await expectErr(reads.getMany([id]), 'Validation');
      });
      await expectErr(
        sdk.transaction((uow) => repository(uow).delete(id)),
        'Validation',
      );
    }
  });

  test('reads many at once, leaves out what is absent and takes repeats', async (sdk) => {
    const first = await expectOk(seed(sdk));
    const second = await expectOk(seed(sdk));
    const ids: number[] = [second.id, UNKNOWN_ID, first.id, second.id];
    await onBoth(sdk, async (reads) => {
      const found = await expectOk(reads.getMany(ids));
      assert.equal(found.size, 2);
      assert.deepEqual(found.get(first.id), first);
      assert.deepEqual(found.get(second.id), second);
      assert.equal((await expectOk(reads.getMany([]))).size, 0);
    });
  });

  test('reads more at once than a statement has parameters', async (sdk) => {
    const seeded = await expectOk(seed(sdk));
    const ids = [...Array.from({ length: 66_000 }, (_, index) => UNKNOWN_ID - index), seeded.id];
    await onBoth(sdk, async (reads) => {
      assert.deepEqual(await expectOk(reads.getMany(ids)), new Map([[seeded.id, seeded]]));
    });
  });

  test('raises the version with every update and shows the update to every reader', async (sdk) => {
    let current = await expectOk(seed(sdk));
    for (const version of [2, 3]) {
      await expectEverywhere(sdk, current.id, current);
      const changed = change(current);
      current = await expectOk(sdk.transaction((uow) => repository(uow).update(changed)));
      assertSame(current, { ...changed, version });
    }
    await expectEverywhere(sdk, current.id, current);
  });

  test('refuses an update of an older version without losing the transaction', async (sdk, open) => {
    const seeded = await expectOk(seed(sdk));
    const changed = await expectOk(sdk.transaction((uow) => repository(uow).update(change(seeded))));
    const uow = open();
    const error = await expectErr(repository(uow).update(change(seeded)), 'StaleVersion');
    const { id, expected, actual } = error as unknown as Readonly<Record<string, unknown>>;
    assert.deepEqual({ id, expected, actual }, { id: seeded.id, expected: 1, actual: 2 });
    assert.deepEqual(await expectOk(repository(uow).get(seeded.id)), changed);
    const another = await expectOk(repository(uow).update(changed));
    await expectOk(uow.commit());
    assert.deepEqual(await expectOk(reader(sdk).get(seeded.id)), another);
  });

  test('is gone after it was deleted', async (sdk) => {
    const seeded = await expectOk(seed(sdk));
    await expectEverywhere(sdk, seeded.id, seeded);
    await expectOk(sdk.transaction((uow) => repository(uow).delete(seeded.id)));
    await expectEverywhere(sdk, seeded.id, undefined);
    await expectErr(
      sdk.transaction((uow) => repository(uow).update(change(seeded))),
      missing,
    );
    await expectErr(
      sdk.transaction((uow) => repository(uow).delete(seeded.id)),
      missing,
    );
  });
}
