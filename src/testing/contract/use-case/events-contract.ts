import assert from 'node:assert/strict';
import { err } from 'neverthrow';
import type { DomainEvent } from '../../../domain/event/domain-event.ts';
import type { Slotwise } from '../../../infrastructure/slotwise.ts';
import { seedBoard } from '../../seeds/seed-board.ts';
import { contractSuite, type ContractSuite } from '../contract-subject.ts';
import { expectOk } from '../outcome.ts';

const admin = { kind: 'admin', id: 1 } as const;

/** The events that handlers of this process are told of one slot; call `end` afterwards. */
function listening(sdk: Slotwise, slotId: number) {
  const told: DomainEvent[] = [];
  const end = sdk.events.onAny((event) => {
    if (event.data.slotId === slotId) told.push(event);
  });
  return { types: () => told.map(({ type }) => type), told, end };
}

/** What handlers in this process are told. */
export const eventsContract: ContractSuite = contractSuite('events in this process', (test) => {
  test('are told after the commit, before it answers, in their order', async (sdk, open) => {
    const { slot, candidate } = await expectOk(seedBoard(sdk));
    const { types, told, end } = listening(sdk, slot.id);
    const uow = open({ correlationId: 'the request' });
    const held = await expectOk(sdk.booking.hold({ slotId: slot.id, candidateId: candidate.id }, { uow }));
    await expectOk(sdk.booking.release({ bookingId: held.id, actor: admin }, { uow }));
    assert.deepEqual(types(), []);
    await expectOk(uow.commit());
    end();
    assert.deepEqual(types(), ['booking.held', 'booking.canceled', 'slot.freed']);
    assert.deepEqual(
      told.map(({ id }) => id),
      told.map(({ id }) => id).toSorted((one, other) => one - other),
    );
    const [first] = told;
    assert.deepEqual(first, {
      id: first?.id,
      version: 1,
      type: 'booking.held',
      aggregate: `slot:${slot.id}`,
      occurredAt: held.createdAt.toJSON(),
      actor: { kind: 'candidate', id: candidate.id },
      correlationId: 'the request',
      data: {
        slotId: slot.id,
        recruiterId: slot.recruiterId,
        cityId: slot.cityId,
        purpose: slot.purpose,
        startsAt: slot.startsAt.toJSON(),
        endsAt: slot.endsAt.toJSON(),
        bookingId: held.id,
        candidateId: candidate.id,
      },
    });
  });

  test('are those of what was committed: a handler that reads finds it', async (sdk) => {
    const { slot, candidate } = await expectOk(seedBoard(sdk));
    const seen: string[] = [];
    const end = sdk.events.on('booking.held', async ({ data }) => {
      if (data.slotId === slot.id) seen.push((await expectOk(sdk.read.slots.get(slot.id))).status);
    });
    await expectOk(sdk.booking.hold({ slotId: slot.id, candidateId: candidate.id }));
    end();
    assert.deepEqual(seen, ['pending']);
  });

  test('of what is rolled back never existed, also back to a savepoint', async (sdk, open) => {
    const { slot, candidate } = await expectOk(seedBoard(sdk));
    const { types, end } = listening(sdk, slot.id);
    const lost = open();
    await expectOk(sdk.booking.hold({ slotId: slot.id, candidateId: candidate.id }, { uow: lost }));
    await expectOk(lost.rollback());
    const uow = open();
    const undone = await uow.savepoint(() =>
      sdk.booking
        .hold({ slotId: slot.id, candidateId: candidate.id }, { uow })
        .andThen(() => err({ type: 'ChangedMyMind' } as const)),
    );
    assert.ok(undone.isErr());
    await expectOk(sdk.slots.withdraw({ slotId: slot.id, actor: admin, reason: 'why' }, { uow }));
    await expectOk(uow.commit());
    end();
    assert.deepEqual(types(), ['slot.withdrawn']);
  });

  test('of a refused command never existed', async (sdk) => {
    const { slot, candidates } = await expectOk(seedBoard(sdk, { candidates: 2 }));
    const [first, second] = candidates;
    await expectOk(sdk.booking.hold({ slotId: slot.id, candidateId: first?.id ?? 0 }));
    const { types, end } = listening(sdk, slot.id);
    assert.ok((await sdk.booking.hold({ slotId: slot.id, candidateId: second?.id ?? 0 })).isErr());
    end();
    assert.deepEqual(types(), []);
  });

  test('reach every handler, whatever another one throws, and none that has left', async (sdk) => {
    const { slot, candidate } = await expectOk(seedBoard(sdk));
    const seen: string[] = [];
    const ends = [
      sdk.events.onAny(() => {
        throw new Error('boom');
      }),
      sdk.events.onAny(() => Promise.reject(new Error('later boom'))),
      sdk.events.on('booking.held', ({ data }) => {
        if (data.slotId === slot.id) seen.push('held');
      }),
      sdk.events.on('booking.canceled', () => void seen.push('canceled')),
    ];
    const left = sdk.events.onAny(() => void seen.push('left'));
    left();
    await expectOk(sdk.booking.hold({ slotId: slot.id, candidateId: candidate.id }));
    for (const end of ends) end();
    assert.deepEqual(seen, ['held']);
    assert.equal((await expectOk(sdk.read.slots.get(slot.id))).status, 'pending');
  });
});
