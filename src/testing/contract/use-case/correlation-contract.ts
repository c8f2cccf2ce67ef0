import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import type { DomainEvent } from '../../../domain/event/domain-event.ts';
import { textLimits } from '../../../domain/shared/text.ts';
import type { Slotwise } from '../../../infrastructure/slotwise.ts';
import { seedBoard, type Board } from '../../seeds/seed-board.ts';
import { unique } from '../../seeds/unique.ts';
import { contractSuite, type ContractSuite } from '../contract-subject.ts';
import { expectErr, expectOk } from '../outcome.ts';

const reserve = (sdk: Slotwise, { slot, candidate }: Board, options = {}) =>
  sdk.booking.reserve({ slotId: slot.id, candidateId: candidate.id }, options);

/** The ids under which something was written down and told of a slot. */
async function idsOf(sdk: Slotwise, { slot }: Board, work: () => PromiseLike<unknown>) {
  const told: DomainEvent[] = [];
  const stop = sdk.events.onAny((event) => void told.push(event));
  await work();
  stop();
  const { items } = await expectOk(
    sdk.transaction((uow) => uow.audit.listFor({ entity: 'slot', id: slot.id })),
  );
  const events = told.filter(({ aggregate }) => aggregate === `slot:${slot.id}`);
  return [...items, ...events].map(({ correlationId }) => correlationId);
}

/** What a host is doing has a name, and everything that comes of it carries it. */
export const correlationContract: ContractSuite = contractSuite('a correlation id', (test) => {
  test('is carried by everything that happens inside, however deep', async (sdk) => {
    const board = await expectOk(seedBoard(sdk));
    const id = unique('request');
    const ids = await idsOf(sdk, board, () =>
      sdk.withCorrelationId(id, async () => {
        await sleep(1);
        return expectOk(reserve(sdk, board));
      }),
    );
    assert.deepEqual(ids, [id, id]);
  });

  test('is carried by a unit of work that the host has opened itself', async (sdk) => {
    const board = await expectOk(seedBoard(sdk));
    const id = unique('request');
    const ids = await idsOf(sdk, board, async () => {
      const uow = sdk.withCorrelationId(id, () => sdk.unitOfWork());
      await expectOk(reserve(sdk, board, { uow }));
      await expectOk(uow.commit());
    });
    assert.deepEqual(ids, [id, id]);
  });

  test('makes way for one that is given, and ends with its work', async (sdk) => {
    const [named, outside] = [await expectOk(seedBoard(sdk)), await expectOk(seedBoard(sdk))];
    const own = unique('own');
    const ids = await idsOf(sdk, named, () =>
      sdk.withCorrelationId(unique('request'), () => expectOk(reserve(sdk, named, { correlationId: own }))),
    );
    assert.deepEqual(ids, [own, own]);
    assert.deepEqual(await idsOf(sdk, outside, () => expectOk(reserve(sdk, outside))), [
      undefined,
      undefined,
    ]);
  });

  test('is each its own where several are at work', async (sdk) => {
    const boards = [await expectOk(seedBoard(sdk)), await expectOk(seedBoard(sdk))];
    const names = boards.map(() => unique('request'));
    await Promise.all(
      boards.map((board, index) =>
        sdk.withCorrelationId(names[index] ?? '', () => expectOk(reserve(sdk, board))),
      ),
    );
    for (const [index, board] of boards.entries())
      assert.deepEqual(await idsOf(sdk, board, () => Promise.resolve()), [names[index]]);
  });

  test('that is too long is refused by whatever would write it down', async (sdk) => {
    const board = await expectOk(seedBoard(sdk));
    const long = 'x'.repeat(textLimits.correlationId + 1);
    await sdk.withCorrelationId(long, () =>
      expectErr(reserve(sdk, board), 'Validation', { field: 'correlationId' }),
    );
    assert.equal((await expectOk(sdk.read.slots.get(board.slot.id))).status, 'free');
  });
});
