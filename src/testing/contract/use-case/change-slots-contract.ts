import assert from 'node:assert/strict';
import type { ChangedSlots } from '../../../application/slot/bulk-change.ts';
import type { MoveSlotsError } from '../../../application/slot/move-slots.ts';
import type { ReassignSlotsError } from '../../../application/slot/reassign-slots.ts';
import type { WithdrawSlotsError } from '../../../application/slot/withdraw-slots.ts';
import type { UseCaseOptions } from '../../../application/use-case.ts';
import { replay } from '../../../domain/audit/replay.ts';
import type { BookingState } from '../../../domain/booking/booking-state.ts';
import type { DomainEvent } from '../../../domain/event/domain-event.ts';
import type { Actor } from '../../../domain/shared/actor.ts';
import { MINUTE } from '../../../domain/shared/time-range.ts';
import type { Slot } from '../../../domain/slot/slot.ts';
import type { Slotwise } from '../../../infrastructure/slotwise.ts';
import { seedBoard, type Board } from '../../seeds/seed-board.ts';
import { seedBooking } from '../../seeds/seed-booking.ts';
import { seedRecruiter } from '../../seeds/seed-recruiter.ts';
import { seedSlot } from '../../seeds/seed-slot.ts';
import { unique } from '../../seeds/unique.ts';
import { contractSuite, type ContractSuite } from '../contract-subject.ts';
import { refusedIds, refusedTexts, UNKNOWN_ID } from '../hostile-texts.ts';
import { expectOk, type Outcome } from '../outcome.ts';
import { refuses } from './unchanged.ts';

type AnyError = WithdrawSlotsError | MoveSlotsError | ReassignSlotsError;

const admin: Actor = { kind: 'admin', id: 9 };
const reason = 'moved house';

interface Scene extends Board {
  /** Four half hours in a row, a day from now: free, requested, booked, free. */
  readonly row: readonly [Slot, Slot, Slot, Slot];
  readonly ids: readonly number[];
}

async function sceneOf(
  sdk: Slotwise,
  states: readonly BookingState[] = ['requested', 'booked'],
): Promise<Scene> {
  const board = await expectOk(seedBoard(sdk, { candidates: 2 }));
  const { recruiter, city, slot, candidates } = board;
  const row = [slot];
  for (const minutes of [30, 60, 90])
    row.push(
      await expectOk(seedSlot(sdk, { recruiter, city, startsAt: slot.startsAt.plus(minutes * MINUTE) })),
    );
  for (const [index, state] of states.entries()) {
    const [free, candidate] = [row[index + 1], candidates[index]];
    assert.ok(free && candidate);
    row[index + 1] = (await expectOk(seedBooking(sdk, { slot: free, candidate, state }))).slot;
  }
  const [first, second, third, fourth] = row;
  assert.ok(first && second && third && fourth);
  return { ...board, row: [first, second, third, fourth], ids: row.map(({ id }) => id) };
}

const stored = async (sdk: Slotwise, ids: readonly number[]): Promise<readonly Slot[]> => {
  const found = await expectOk(sdk.read.slots.getMany(ids));
  return ids.flatMap((id) => [...found.values()].filter((slot) => slot.id === id));
};

const trailOf = async (sdk: Slotwise, id: number) =>
  (await expectOk(sdk.transaction((uow) => uow.audit.listFor({ entity: 'slot', id })))).items;

/** What was told while the work was done. */
async function told(sdk: Slotwise, work: () => Promise<unknown>): Promise<readonly DomainEvent[]> {
  const events: DomainEvent[] = [];
  const stop = sdk.events.onAny((event) => void events.push(event));
  await work();
  stop();
  return events;
}

const minutesBetween = (before: Slot, after: Slot): number =>
  (after.startsAt.epochMilliseconds - before.startsAt.epochMilliseconds) / MINUTE;

export const changeSlotsContract: ContractSuite = contractSuite('changing many slots', (test) => {
  test('withdraws free and taken ones and answers the bookings that were canceled', async (sdk) => {
    const { ids, row, candidates, city } = await sceneOf(sdk);
    await expectOk(sdk.read.slots.getFreeForCity(city.id));
    const events = await told(sdk, async () => {
      const { slots, affected, conflicts } = await expectOk(
        sdk.slots.withdrawMany({ slotIds: ids.toReversed(), actor: admin, reason }),
      );
      assert.deepEqual(
        slots.map(({ id, status }) => [id, status]),
        ids.toReversed().map((id) => [id, 'canceled']),
      );
      assert.deepEqual(
        affected.map(({ candidateId, state, endReason }) => [candidateId, state, endReason]),
        candidates.toReversed().map(({ id }) => [id, 'canceled', reason]),
      );
      assert.deepEqual(conflicts, []);
      assert.deepEqual(await stored(sdk, ids), slots.toReversed());
    });
    assert.deepEqual(
      events.map(({ type }) => type).toSorted(),
      [...ids.map(() => 'slot.withdrawn'), 'booking.canceled', 'booking.canceled'].toSorted(),
    );
    assert.deepEqual(await expectOk(sdk.read.slots.getFreeForCity(city.id)), []);
    for (const slot of row) {
      const last = (await trailOf(sdk, slot.id)).at(-1);
      assert.deepEqual(
        [last?.from, last?.to, last?.actor, last?.reason, last?.candidateId],
        [slot.status, 'canceled', admin, reason, slot.candidateId],
      );
    }
  });

  test('withdraws all or none, or what can be withdrawn', async (sdk) => {
    const { ids, row, candidates } = await sceneOf(sdk);
    const [first, ...others] = ids;
    await expectOk(sdk.slots.withdraw({ slotId: first ?? 0, actor: admin, reason }));
    const slotIds = [...others, UNKNOWN_ID, first ?? 0, ...others];
    const command = { slotIds, actor: admin, reason };
    const { refused } = await refuses(
      sdk,
      { slots: row, candidates },
      () => sdk.slots.withdrawMany(command),
      'ItemsRefused',
    );
    const expected = [
      [3, 'SlotNotFound'],
      [4, 'InvalidTransition'],
    ];
    assert.deepEqual(
      refused.map(({ index, error }) => [index, error.type]),
      expected,
    );
    const { slots, conflicts } = await expectOk(sdk.slots.withdrawMany({ ...command, onConflict: 'skip' }));
    assert.deepEqual(
      slots.map(({ id }) => id),
      others,
    );
    assert.deepEqual(
      conflicts.map(({ index, error }) => [index, error.type]),
      expected,
    );
  });

  for (const offsetMinutes of [30, -45])
    test(`moves free and taken ones by ${offsetMinutes} minutes, over one another’s times`, async (sdk) => {
      const { ids, row, candidates, recruiter } = await sceneOf(sdk);
      const before = await expectOk(sdk.read.slots.getFreeForRecruiter(recruiter.id));
      assert.equal(before.length, 2);
      const actor = { kind: 'recruiter', id: recruiter.id } as const;
      const events = await told(sdk, async () => {
        const { slots, affected, conflicts } = await expectOk(
          sdk.slots.moveMany({ slotIds: ids, offsetMinutes, actor, reason }),
        );
        assert.deepEqual(conflicts, []);
        assert.deepEqual(
          slots.map((slot, index) => [
            slot.id,
            minutesBetween(row[index] ?? slot, slot),
            slot.status,
            slot.version - (row[index]?.version ?? 0),
          ]),
          row.map((slot) => [slot.id, offsetMinutes, slot.status, 1]),
        );
        assert.deepEqual(
          affected.map(({ candidateId, state }) => [candidateId, state]),
          candidates.map(({ id }, index) => [id, ['requested', 'booked'][index]]),
        );
        assert.deepEqual(await stored(sdk, ids), slots);
      });
      assert.deepEqual(
        events.map((event) => [
          event.type,
          event.aggregate,
          event.type === 'slot.moved' ? event.data.previousStartsAt : '',
          event.type === 'slot.moved' ? event.data.candidateId : undefined,
        ]),
        row.map((slot) => ['slot.moved', `slot:${slot.id}`, slot.startsAt.toJSON(), slot.candidateId]),
      );
      const free = await expectOk(sdk.read.slots.getFreeForRecruiter(recruiter.id));
      assert.deepEqual(
        free.map((slot, index) => minutesBetween(before[index] ?? slot, slot)),
        [offsetMinutes, offsetMinutes],
      );
      for (const slot of row) {
        const last = (await trailOf(sdk, slot.id)).at(-1);
        assert.deepEqual(
          [last?.action, last?.from, last?.to, last?.actor, last?.reason, last?.bookingId],
          ['moveSlot', slot.status, slot.status, actor, reason, slot.currentBookingId],
        );
      }
    });

  test('moves nothing halfway: what is in the way is named for each slot', async (sdk) => {
    const { ids, row, recruiter, city, candidates } = await sceneOf(sdk);
    const [, , third, fourth] = row;
    const wall = await expectOk(
      seedSlot(sdk, { recruiter, city, startsAt: fourth.startsAt.plus(50 * MINUTE) }),
    );
    const command = { slotIds: ids, offsetMinutes: 30, actor: admin, reason };
    const witnesses = { slots: [...row, wall], candidates };
    const { refused } = await refuses(sdk, witnesses, () => sdk.slots.moveMany(command), 'ItemsRefused');
    const overlap = { type: 'SlotOverlap', recruiterId: recruiter.id };
    // The last one cannot go, so the one before it cannot take its place, and so on.
    assert.deepEqual(
      refused,
      [0, 1, 2, 3].map((index) => ({ index, error: overlap })),
    );
    const skipped = await expectOk(sdk.slots.moveMany({ ...command, onConflict: 'skip' }));
    assert.deepEqual([skipped.slots, skipped.affected], [[], []]);
    assert.equal(skipped.conflicts.length, 4);

    await expectOk(sdk.slots.withdraw({ slotId: third.id, actor: admin, reason }));
    const some = await expectOk(
      sdk.slots.moveMany({ ...command, slotIds: [row[3].id, row[0].id, row[1].id], onConflict: 'skip' }),
    );
    assert.deepEqual(
      some.slots.map(({ id }) => id),
      [row[0].id, row[1].id],
    );
    assert.deepEqual(some.conflicts, [{ index: 0, error: overlap }]);
    assert.deepEqual(
      some.affected.map(({ candidateId }) => candidateId),
      [candidates[0]?.id],
    );
  });

  test('does not move a candidate into another of the candidate’s bookings', async (sdk) => {
    const { ids, row, city, candidates } = await sceneOf(sdk);
    const other = await expectOk(seedRecruiter(sdk, { cityIds: [city.id] }));
    const [, requested] = row;
    const elsewhere = await expectOk(
      seedSlot(sdk, { recruiter: other, city, startsAt: requested.startsAt.plus(500 * MINUTE) }),
    );
    const [candidate] = candidates;
    assert.ok(candidate);
    await expectOk(seedBooking(sdk, { slot: elsewhere, candidate, state: 'confirmed' }));
    const { conflicts, slots } = await expectOk(
      sdk.slots.moveMany({ slotIds: ids, offsetMinutes: 510, actor: admin, reason, onConflict: 'skip' }),
    );
    assert.deepEqual(conflicts, [{ index: 1, error: { type: 'CandidateBusy', candidateId: candidate.id } }]);
    assert.equal(slots.length, 3);
  });

  test('lets a request lapse when its slot starts, also when that is earlier now', async (sdk) => {
    const { row, slot } = await sceneOf(sdk, []);
    const now = await expectOk(sdk.transaction((uow) => uow.now()));
    const { candidate } = await expectOk(seedBoard(sdk));
    const [, free] = row;
    const expiresAt = free.startsAt.plus(-MINUTE);
    const held = await expectOk(seedBooking(sdk, { slot: free, candidate, expiresAt }));
    const offsetMinutes = -Math.floor((slot.startsAt.epochMilliseconds - now.epochMilliseconds) / MINUTE / 2);
    const { slots, affected } = await expectOk(
      sdk.slots.moveMany({ slotIds: [free.id], offsetMinutes, actor: admin, reason }),
    );
    assert.deepEqual(slots[0]?.holdExpiresAt, slots[0]?.startsAt);
    assert.deepEqual([affected[0]?.id, affected[0]?.expiresAt], [held.booking.id, slots[0]?.startsAt]);
  });

  test('does not move what is history, into the past, or out of time', async (sdk) => {
    const { row, ids, candidates, recruiter, city } = await sceneOf(sdk);
    const now = await expectOk(sdk.transaction((uow) => uow.now()));
    const started = await expectOk(
      seedSlot(sdk, { recruiter, city, startsAt: now.plus(-10 * MINUTE), minutes: 60 }),
    );
    const witnesses = { slots: [...row, started], candidates };
    const move = (slotIds: readonly number[], offsetMinutes: number) => () =>
      sdk.slots.moveMany({ slotIds, offsetMinutes, actor: admin, reason });
    const typesOf = async (slotIds: readonly number[], offsetMinutes: number) => {
      const { refused } = await refuses(sdk, witnesses, move(slotIds, offsetMinutes), 'ItemsRefused');
      return refused.map(({ error }) => error.type);
    };
    assert.deepEqual(await typesOf([started.id, UNKNOWN_ID], 600), ['TooLate', 'SlotNotFound']);
    assert.deepEqual(await typesOf(ids.slice(0, 1), -3 * 24 * 60), ['SlotInPast']);
    for (const offsetMinutes of [0, 1.5, Number.NaN, 366 * 24 * 60 + 1])
      await refuses(sdk, witnesses, move(ids, offsetMinutes), 'Validation', { field: 'offsetMinutes' });
    await expectOk(sdk.slots.withdraw({ slotId: row[0].id, actor: admin, reason }));
    assert.deepEqual(await typesOf([row[0].id], 600), ['InvalidTransition']);
  });

  test('gives slots to another recruiter, with their bookings', async (sdk) => {
    const { ids, row, recruiter, city, candidates } = await sceneOf(sdk);
    const other = await expectOk(seedRecruiter(sdk, { cityIds: [city.id] }));
    const freeOf = async (id: number) =>
      (await expectOk(sdk.read.slots.getFreeForRecruiter(id))).map((slot) => slot.id);
    assert.deepEqual(await freeOf(recruiter.id), [row[0].id, row[3].id]);
    assert.deepEqual(await freeOf(other.id), []);
    const command = { slotIds: ids, recruiterId: other.id, actor: admin, reason };
    const events = await told(sdk, async () => {
      const { slots, affected, conflicts } = await expectOk(sdk.slots.reassignMany(command));
      assert.deepEqual(conflicts, []);
      assert.ok(slots.every(({ recruiterId }) => recruiterId === other.id));
      assert.deepEqual(
        affected.map(({ candidateId }) => candidateId),
        candidates.map(({ id }) => id),
      );
      assert.deepEqual(await stored(sdk, ids), slots);
    });
    assert.deepEqual(
      events.map((event) => [
        event.type,
        event.data.recruiterId,
        event.type === 'slot.reassigned' ? event.data.previousRecruiterId : undefined,
      ]),
      row.map(() => ['slot.reassigned', other.id, recruiter.id]),
    );
    assert.deepEqual(await freeOf(recruiter.id), []);
    assert.deepEqual(await freeOf(other.id), [row[0].id, row[3].id]);
    assert.equal((await trailOf(sdk, row[1].id)).at(-1)?.action, 'reassign');
    // The bookings are the new recruiter's to decide on.
    const bookingId = row[1].currentBookingId ?? 0;
    await expectOk(sdk.booking.approve({ bookingId, actor: { kind: 'recruiter', id: other.id } }));
    const again = await expectOk(sdk.slots.reassignMany(command));
    assert.deepEqual([again.slots, again.conflicts], [[], []]);
  });

  test('does not give slots to who is busy then, is blocked, or works elsewhere', async (sdk) => {
    const { ids, row, city, candidates, recruiter } = await sceneOf(sdk);
    const other = await expectOk(seedRecruiter(sdk, { cityIds: [city.id] }));
    const [, , third, fourth] = row;
    const busy = await expectOk(seedSlot(sdk, { recruiter: other, city, startsAt: third.startsAt }));
    await expectOk(
      sdk.blocked.add({
        recruiterId: other.id,
        startsAt: fourth.startsAt,
        endsAt: fourth.endsAt,
        reason: 'away',
        actor: admin,
      }),
    );
    const give = (recruiterId: number) => ({ slotIds: ids, recruiterId, actor: admin, reason });
    const witnesses = { slots: [...row, busy], candidates };
    const { refused } = await refuses(
      sdk,
      witnesses,
      () => sdk.slots.reassignMany(give(other.id)),
      'ItemsRefused',
    );
    assert.deepEqual(
      refused.map(({ index, error }) => [index, error.type]),
      [
        [2, 'SlotOverlap'],
        [3, 'PeriodBlocked'],
      ],
    );
    const stranger = await expectOk(seedRecruiter(sdk));
    const elsewhere = await refuses(
      sdk,
      witnesses,
      () => sdk.slots.reassignMany(give(stranger.id)),
      'ItemsRefused',
    );
    assert.ok(elsewhere.refused.every(({ error }) => error.type === 'CityNotLinked'));
    await refuses(sdk, witnesses, () => sdk.slots.reassignMany(give(UNKNOWN_ID)), 'RecruiterNotFound');
    await expectOk(sdk.transaction((uow) => uow.recruiters.update(other.archive())));
    await refuses(sdk, witnesses, () => sdk.slots.reassignMany(give(other.id)), 'RecruiterInactive');
    await expectOk(
      sdk.slots.reassignMany({ ...give(recruiter.id), actor: { kind: 'recruiter', id: recruiter.id } }),
    );
  });

  test('keeps of slots that collide with each other at the new recruiter the first one named', async (sdk) => {
    const { row, city } = await sceneOf(sdk);
    const [one, target] = [
      await expectOk(seedRecruiter(sdk, { cityIds: [city.id] })),
      await expectOk(seedRecruiter(sdk, { cityIds: [city.id] })),
    ];
    const rival = await expectOk(seedSlot(sdk, { recruiter: one, city, startsAt: row[0].startsAt }));
    const { slots, conflicts } = await expectOk(
      sdk.slots.reassignMany({
        slotIds: [rival.id, row[0].id],
        recruiterId: target.id,
        actor: admin,
        reason,
        onConflict: 'skip',
      }),
    );
    assert.deepEqual(
      slots.map(({ id }) => id),
      [rival.id],
    );
    assert.deepEqual(conflicts, [{ index: 1, error: { type: 'SlotOverlap', recruiterId: target.id } }]);
  });

  test('is refused to everybody but the recruiter and those above, and with input that is wrong', async (sdk) => {
    const { ids, row, candidates, recruiter, city } = await sceneOf(sdk);
    const other = await expectOk(seedRecruiter(sdk, { cityIds: [city.id] }));
    const witnesses = { slots: row, candidates };
    const commands = (change: object): readonly (() => Outcome<unknown, AnyError>)[] => {
      const command = { slotIds: ids, actor: admin, reason, ...change };
      return [
        () => sdk.slots.withdrawMany(command),
        () => sdk.slots.moveMany({ ...command, offsetMinutes: 600 }),
        () => sdk.slots.reassignMany({ ...command, recruiterId: other.id }),
      ];
    };
    for (const actor of [
      { kind: 'recruiter', id: other.id },
      { kind: 'candidate', id: candidates[0]?.id ?? 0 },
    ])
      for (const command of commands({ actor, onConflict: 'skip' }))
        await refuses(sdk, witnesses, command, 'Forbidden');
    for (const command of commands({ reason: undefined }))
      await refuses(sdk, witnesses, command, 'Validation', { field: 'reason' });
    for (const text of refusedTexts(1_000))
      for (const command of commands({ reason: text }))
        await refuses(sdk, witnesses, command, 'Validation', { field: 'reason' });
    const wrong: readonly unknown[] = [
      [],
      Array.from({ length: 1_001 }, (_, id) => id + 1),
      5,
      [refusedIds[0]],
    ];
    for (const slotIds of wrong)
      for (const command of commands({ slotIds })) await refuses(sdk, witnesses, command, 'Validation');
    for (const command of commands({ onConflict: 'perhaps' }))
      await refuses(sdk, witnesses, command, 'Validation', { field: 'onConflict' });
    assert.equal(recruiter.active, true);
  });

  test('is done once under a key, and the trail goes on from where it was', async (sdk) => {
    const { ids, row, city } = await sceneOf(sdk);
    const other = await expectOk(seedRecruiter(sdk, { cityIds: [city.id] }));
    const command = { slotIds: ids, actor: admin, reason };
    const commands: readonly ((options: UseCaseOptions) => Outcome<ChangedSlots<unknown>, AnyError>)[] = [
      (options) => sdk.slots.moveMany({ ...command, offsetMinutes: 600 }, options),
      (options) => sdk.slots.reassignMany({ ...command, recruiterId: other.id }, options),
      (options) => sdk.slots.withdrawMany(command, options),
    ];
    for (const run of commands) {
      const options = { idempotencyKey: unique('key') };
      const answer = await expectOk(run(options));
      assert.equal(answer.slots.length, 4);
      assert.deepEqual(await expectOk(run(options)), answer);
    }
    for (const slot of row) {
      const entries = await trailOf(sdk, slot.id);
      assert.deepEqual(
        entries.map(({ action }) => action),
        ['moveSlot', 'reassign', slot.status === 'free' ? 'withdraw' : 'withdrawOccupied'],
      );
      const { slots, bookings } = await expectOk(Promise.resolve(replay(entries)));
      assert.deepEqual(slots.get(slot.id), { status: 'canceled' });
      const { currentBookingId: bookingId } = slot;
      if (bookingId !== undefined) assert.equal(bookings.get(bookingId)?.state, 'canceled');
    }
    const purge = { actor: admin, cityId: city.id };
    const options = { idempotencyKey: unique('key') };
    const purged = await expectOk(sdk.slots.purgePast(purge, options));
    assert.deepEqual(await expectOk(sdk.slots.purgePast(purge, options)), purged);
  });

  test('purges what is over and never had a booking, and says how many', async (sdk) => {
    const { recruiter, city, candidate, slot } = await expectOk(seedBoard(sdk));
    const now = await expectOk(sdk.transaction((uow) => uow.now()));
    const past: Slot[] = [];
    for (const hours of [72, 48, 24])
      past.push(await expectOk(seedSlot(sdk, { recruiter, city, startsAt: now.plus(-hours * 60 * MINUTE) })));
    const [oldest, booked, recent] = past;
    assert.ok(oldest && booked && recent);
    await expectOk(seedBooking(sdk, { slot: booked, candidate, state: 'completed' }));
    const ids = [...past, slot].map(({ id }) => id);
    assert.equal((await stored(sdk, ids)).length, 4);
    const own = { recruiterId: recruiter.id, actor: { kind: 'recruiter', id: recruiter.id } } as const;
    const purge = (change: object = {}) => sdk.slots.purgePast({ ...own, ...change });
    const events = await told(sdk, async () => {
      assert.deepEqual(await expectOk(purge({ before: booked.startsAt })), { deleted: 1 });
    });
    assert.deepEqual(
      events.map(({ type, aggregate }) => [type, aggregate]),
      [['slot.purged', `slot:${oldest.id}`]],
    );
    const last = (await trailOf(sdk, oldest.id)).at(-1);
    assert.deepEqual(
      [last?.action, last?.from, last?.to, last?.actor],
      ['purge', 'free', undefined, own.actor],
    );
    // Nothing that is yet to come can be purged.
    assert.deepEqual(await expectOk(purge({ before: now.plus(7 * 24 * 60 * MINUTE) })), { deleted: 1 });
    assert.deepEqual(
      (await stored(sdk, ids)).map(({ id }) => id),
      [booked.id, slot.id],
    );
    for (const change of [
      { actor: { kind: 'candidate', id: candidate.id } },
      { actor: { kind: 'recruiter', id: UNKNOWN_ID } },
      { recruiterId: undefined },
    ])
      await refuses(sdk, { slots: [slot] }, () => purge(change), 'Forbidden', { command: 'purge' });
    await refuses(sdk, { slots: [slot] }, () => purge({ before: 'yesterday' }), 'Validation', {
      field: 'before',
    });
    await expectOk(sdk.slots.purgePast({ cityId: city.id, actor: { kind: 'system' } }));
  });
});
