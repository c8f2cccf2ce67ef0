import assert from 'node:assert/strict';
import { err, ok } from 'neverthrow';
import type { UnitOfWork } from '../../../application/ports/unit-of-work.ts';
import type { IncomingUpdate } from '../../../domain/inbox/incoming-update.ts';
import { seedBoard } from '../../seeds/seed-board.ts';
import { unique } from '../../seeds/unique.ts';
import { contractSuite, type ContractSuite } from '../contract-subject.ts';
import { hostileTexts, refusedTexts } from '../hostile-texts.ts';
import { expectErr, expectOk } from '../outcome.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

/** Work that leaves something behind, and counts how often it was begun. */
function addingACity() {
  const begun = { times: 0 };
  const work = (uow: UnitOfWork) => {
    begun.times += 1;
    return uow.cities.add({ name: unique('City'), timeZone: 'UTC' });
  };
  return { begun, work };
}

/** Updates that come more than once. */
export const inboxContract: ContractSuite = contractSuite('an update from outside', (test) => {
  test('is worked on once, however often it is delivered', async (sdk) => {
    const { begun, work } = addingACity();
    const update = { source: unique('bot'), updateId: 815 };
    const first = await expectOk(sdk.inbox.once(update, work));
    assert.ok(!first.duplicate);
    assert.deepEqual(await expectOk(sdk.read.cities.get(first.value.id)), first.value);
    for (const updateId of [815, '815', 815n])
      assert.deepEqual(await expectOk(sdk.inbox.once({ ...update, updateId }, work)), { duplicate: true });
    assert.equal(begun.times, 1);
  });

  test('is another one when its number is, or its source', async (sdk) => {
    const { begun, work } = addingACity();
    const source = unique('bot');
    await expectOk(sdk.inbox.once({ source, updateId: 1 }, work));
    await expectOk(sdk.inbox.once({ source, updateId: 2 }, work));
    await expectOk(sdk.inbox.once({ source: unique('bot'), updateId: 1 }, work));
    assert.equal(begun.times, 3);
  });

  test('is the same when it says the same, also under a new number', async (sdk) => {
    const { begun, work } = addingACity();
    const source = unique('bot');
    const press = { source, contentKey: 'user 7, message 12, take:5' };
    await expectOk(sdk.inbox.once({ ...press, updateId: 1 }, work));
    for (const updateId of [1, 2])
      assert.deepEqual(await expectOk(sdk.inbox.once({ ...press, updateId }, work)), { duplicate: true });
    assert.deepEqual(await expectOk(sdk.inbox.once(press, work)), { duplicate: true });
    await expectOk(sdk.inbox.once({ source, updateId: 3, contentKey: 'another' }, work));
    // A number is no content.
    await expectOk(sdk.inbox.once({ source, contentKey: '1' }, work));
    assert.equal(begun.times, 3);
  });

  test('is worked on again when the work failed: nothing of it was kept', async (sdk) => {
    const update = { source: unique('bot'), updateId: 1, contentKey: 'press' };
    const { work } = addingACity();
    const cities: number[] = [];
    const failing = sdk.inbox.once(update, (uow) =>
      work(uow)
        .andTee(({ id }) => cities.push(id))
        .andThen(() => err({ type: 'ChangedMyMind' } as const)),
    );
    await expectErr(failing, 'ChangedMyMind');
    const throwing = sdk.inbox.once<never, never>(update, () => {
      throw new Error('boom');
    });
    await expectErr(throwing, 'Unexpected', { message: 'boom' });
    assert.equal((await expectOk(sdk.read.cities.getMany(cities))).size, 0);
    assert.equal((await expectOk(sdk.inbox.once(update, work))).duplicate, false);
  });

  test('is worked on by one of several who get it at once', async (sdk) => {
    const { begun, work } = addingACity();
    const update = { source: unique('bot'), updateId: 1 };
    const outcomes = await Promise.all(
      Array.from({ length: 5 }, async () => expectOk(sdk.inbox.once(update, work))),
    );
    assert.equal(outcomes.filter(({ duplicate }) => !duplicate).length, 1);
    assert.equal(begun.times, 1);
  });

  test('belongs to the unit of work that is joined: it is lost with it', async (sdk, open) => {
    const { begun, work } = addingACity();
    const update = { source: unique('bot'), updateId: 1 };
    const lost = open();
    await expectOk(sdk.inbox.once(update, work, { uow: lost }));
    await expectOk(lost.rollback());
    const kept = open();
    await expectOk(sdk.inbox.once(update, work, { uow: kept }));
    await expectOk(kept.commit());
    assert.deepEqual(await expectOk(sdk.inbox.once(update, work)), { duplicate: true });
    assert.equal(begun.times, 2);
  });

  test('names what is done because of it in the audit trail', async (sdk) => {
    const { slot, candidate } = await expectOk(seedBoard(sdk, { candidates: 1 }));
    const update = { source: 'telegram', updateId: unique('update') };
    const received = sdk.inbox.once(update, (uow) =>
      sdk.booking.hold({ slotId: slot.id, candidateId: candidate.id }, { uow }),
    );
    await expectOk(received);
    const { items } = await expectOk(sdk.audit.listFor({ entity: 'slot', id: slot.id }));
    assert.deepEqual(
      items.map(({ correlationId }) => correlationId),
      [`telegram:${update.updateId}`],
    );
  });

  test('is refused when nothing says which it is', async (sdk) => {
    const { begun, work } = addingACity();
    const refuse = async (update: Partial<IncomingUpdate>, field: string): Promise<void> => {
      const once = sdk.inbox.once({ source: 'bot', ...update }, work);
      await expectErr(once, 'Validation', { field });
    };
    await refuse({}, 'updateId');
    for (const source of refusedTexts(64)) await refuse({ source, updateId: 1 }, 'source');
    for (const updateId of [1.5, Number.NaN, 2 ** 53, ...refusedTexts(100)])
      await refuse({ updateId }, 'updateId');
    for (const contentKey of refusedTexts(10_000)) await refuse({ contentKey }, 'contentKey');
    assert.equal(begun.times, 0);
    const source = unique('bot');
    for (const contentKey of [...hostileTexts, 'x'.repeat(10_000)])
      await expectOk(sdk.inbox.once({ source, contentKey }, () => Promise.resolve(ok())));
  });

  test('is not forgotten within a day', async (sdk) => {
    const { work } = addingACity();
    const update = { source: unique('bot'), updateId: 1 };
    await expectOk(sdk.inbox.once(update, work));
    await expectErr(sdk.inbox.sweep({ olderThanMs: DAY_MS - 1 }), 'Validation', { field: 'olderThanMs' });
    await expectOk(sdk.inbox.sweep({ olderThanMs: DAY_MS }));
    await expectOk(sdk.inbox.sweep());
    assert.deepEqual(await expectOk(sdk.inbox.once(update, work)), { duplicate: true });
  });
});
