import assert from 'node:assert/strict';
import type { AddBlockedPeriod } from '../../../application/blocked-period/add-blocked-period.ts';
import type { BookingState } from '../../../domain/booking/booking-state.ts';
import type { Actor } from '../../../domain/shared/actor.ts';
import type { Instant } from '../../../domain/shared/instant.ts';
import { MINUTE } from '../../../domain/shared/time-range.ts';
import type { Slot } from '../../../domain/slot/slot.ts';
import type { Slotwise } from '../../../infrastructure/slotwise.ts';
import { seedBoard, type Board } from '../../seeds/seed-board.ts';
import { seedBooking } from '../../seeds/seed-booking.ts';
import { seedCity } from '../../seeds/seed-city.ts';
import { seedRecruiter } from '../../seeds/seed-recruiter.ts';
import { seedSlot } from '../../seeds/seed-slot.ts';
import { unique } from '../../seeds/unique.ts';
import { contractSuite, type ContractSuite, type Test } from '../contract-subject.ts';
import { hostileTexts, refusedIds, refusedTexts, UNKNOWN_ID } from '../hostile-texts.ts';
import { expectErr, expectOk } from '../outcome.ts';
import { refuses } from './unchanged.ts';

const admin: Actor = { kind: 'admin', id: 9 };

/** Two hours from the start of the board's slot on. */
const around = ({ slot }: Board) => ({
  startsAt: slot.startsAt,
  endsAt: slot.startsAt.plus(120 * MINUTE),
  reason: 'holiday',
});

const publishAt = (sdk: Slotwise, { recruiter, city }: Board, startsAt: Instant) =>
  sdk.slots.publish({
    recruiterId: recruiter.id,
    cityId: city.id,
    startsAt,
    endsAt: startsAt.plus(30 * MINUTE),
  });

function keepingAndListing(test: Test): void {
  test('is kept as it was given, with who did it', async (sdk) => {
    const board = await expectOk(seedBoard(sdk));
    const { recruiter, city } = board;
    for (const reason of hostileTexts) {
      const { period, affected } = await expectOk(
        sdk.blocked.add({
          ...around(board),
          recruiterId: recruiter.id,
          cityId: city.id,
          reason,
          actor: admin,
        }),
      );
      assert.deepEqual(
        [period.recruiterId, period.cityId, period.startsAt, period.reason],
        [recruiter.id, city.id, board.slot.startsAt, reason],
      );
      assert.deepEqual(affected, []);
      assert.deepEqual(await expectOk(sdk.transaction((uow) => uow.blockedPeriods.get(period.id))), period);
      assert.deepEqual(
        await expectOk(sdk.blocked.remove({ blockedPeriodId: period.id, actor: admin })),
        period,
      );
      const trail = await expectOk(
        sdk.transaction((uow) => uow.audit.listFor({ entity: 'blocked_period', id: period.id })),
      );
      assert.deepEqual(
        trail.items.map((entry) => [entry.action, entry.from, entry.to, entry.actor]),
        [
          ['block', undefined, 'blocked', admin],
          ['unblock', 'blocked', undefined, admin],
        ],
      );
      await expectErr(
        sdk.blocked.remove({ blockedPeriodId: period.id, actor: admin }),
        'BlockedPeriodNotFound',
        { id: period.id },
      );
    }
  });

  test('is added and removed once under a key', async (sdk) => {
    const board = await expectOk(seedBoard(sdk));
    const recruiterId = board.recruiter.id;
    const adding = { idempotencyKey: unique('key') };
    const add = () => sdk.blocked.add({ ...around(board), recruiterId, actor: admin }, adding);
    const added = await expectOk(add());
    assert.deepEqual(await expectOk(add()), added);
    assert.equal((await expectOk(sdk.blocked.list({ recruiterId }))).items.length, 1);
    const removing = { idempotencyKey: unique('key') };
    const remove = () => sdk.blocked.remove({ blockedPeriodId: added.period.id, actor: admin }, removing);
    assert.deepEqual(await expectOk(remove()), added.period);
    assert.deepEqual(await expectOk(remove()), added.period);
  });

  test('is listed by whom and where it concerns, and until when', async (sdk, open) => {
    const board = await expectOk(seedBoard(sdk));
    const { recruiter, city, slot } = board;
    const own = await expectOk(
      sdk.blocked.add({ ...around(board), recruiterId: recruiter.id, actor: admin }),
    );
    const later = await expectOk(
      sdk.blocked.add({
        ...around(board),
        endsAt: slot.startsAt.plus(600 * MINUTE),
        recruiterId: recruiter.id,
        cityId: city.id,
        actor: admin,
      }),
    );
    const list = async (...request: Parameters<typeof sdk.blocked.list>) =>
      (await expectOk(sdk.blocked.list(...request))).items.map(({ id }) => id);
    assert.deepEqual(await list({ recruiterId: recruiter.id }), [own.period.id, later.period.id]);
    assert.deepEqual(await list({ cityId: city.id }), [later.period.id]);
    assert.deepEqual(await list({ recruiterId: recruiter.id, after: own.period.endsAt }), [later.period.id]);
    const page = await expectOk(sdk.blocked.list({ recruiterId: recruiter.id }, { limit: 1 }));
    assert.deepEqual(await list({ recruiterId: recruiter.id }, { limit: 1, cursor: page.nextCursor ?? '' }), [
      later.period.id,
    ]);
    const uow = open();
    await expectOk(sdk.blocked.remove({ blockedPeriodId: own.period.id, actor: admin }, { uow }));
    assert.deepEqual(await list({ recruiterId: recruiter.id }, {}, { uow }), [later.period.id]);
    await expectOk(uow.rollback());
    assert.deepEqual(await list({ recruiterId: recruiter.id }), [own.period.id, later.period.id]);
    await expectErr(sdk.blocked.list({ after: 'soon' }), 'Validation', { field: 'after' });
    await expectErr(
      sdk.transaction((writing) => writing.recruiters.delete(recruiter.id)),
      'StillReferenced',
    );
  });
}

function blocking(test: Test): void {
  test('keeps everything that is published later out, and leaves what is there', async (sdk) => {
    const board = await expectOk(seedBoard(sdk));
    const { recruiter, city, slot } = board;
    const { period } = await expectOk(
      sdk.blocked.add({ ...around(board), recruiterId: recruiter.id, actor: admin }),
    );
    const at = (minutes: number): Instant => slot.startsAt.plus(minutes * MINUTE);
    const expected = { periodId: period.id, startsAt: period.startsAt, endsAt: period.endsAt };
    for (const minutes of [-15, 60, 115])
      await refuses(
        sdk,
        { slots: [slot] },
        () => publishAt(sdk, board, at(minutes)),
        'PeriodBlocked',
        expected,
      );
    await refuses(
      sdk,
      { slots: [slot] },
      () =>
        sdk.slots.publish({
          recruiterId: recruiter.id,
          cityId: city.id,
          startsAt: at(125),
          endsAt: at(155),
          bufferBeforeMinutes: 10,
        }),
      'PeriodBlocked',
    );
    const before = await expectOk(publishAt(sdk, board, at(-30)));
    const after = await expectOk(publishAt(sdk, board, at(120)));
    assert.deepEqual(await expectOk(sdk.read.slots.getFreeForRecruiter(recruiter.id)), [before, slot, after]);
    const { refused } = await refuses(
      sdk,
      { slots: [slot, before, after] },
      () => sdk.slots.moveMany({ slotIds: [after.id], offsetMinutes: -30, actor: admin, reason: 'earlier' }),
      'ItemsRefused',
    );
    assert.deepEqual(refused, [{ index: 0, error: { type: 'PeriodBlocked', ...expected } }]);
    await expectOk(sdk.blocked.remove({ blockedPeriodId: period.id, actor: admin }));
    await expectOk(publishAt(sdk, board, at(60)));
  });

  test('is named for each slot of a series that lies in it', async (sdk) => {
    const board = await expectOk(seedBoard(sdk));
    const { recruiter, city, slot } = board;
    const day = slot.startsAt.toZonedDateTime(recruiter.timeZone).toPlainDate().add({ days: 3 });
    const blockedAt = (hour: number) =>
      day.toZonedDateTime({ timeZone: recruiter.timeZone, plainTime: `${hour}:00` });
    const { period } = await expectOk(
      sdk.blocked.add({
        cityId: city.id,
        startsAt: blockedAt(10),
        endsAt: blockedAt(11),
        reason: 'fire drill',
        actor: admin,
      }),
    );
    const series = {
      recruiterId: recruiter.id,
      cityId: city.id,
      firstDay: day.toString(),
      lastDay: day.toString(),
      windows: [{ from: '09:00', until: '12:00' }],
      slotMinutes: 60,
    };
    const preview = await expectOk(sdk.slots.publishSeries({ ...series, preview: true }));
    const report = await expectOk(sdk.slots.publishSeries(series));
    assert.deepEqual([report.created.length, preview.created.length], [2, 2]);
    assert.deepEqual(preview.conflicts, report.conflicts);
    assert.deepEqual(
      report.conflicts.map(({ local, error }) => [local, error.type === 'PeriodBlocked' && error.periodId]),
      [[`${day.toString()}T10:00`, period.id]],
    );
  });

  test('concerns one recruiter, one city, or everybody', async (sdk) => {
    const board = await expectOk(seedBoard(sdk));
    const { recruiter, city, slot } = board;
    const elsewhere = await expectOk(seedCity(sdk));
    const colleague = await expectOk(seedRecruiter(sdk, { cityIds: [city.id, elsewhere.id] }));
    // Far from where anybody else has slots: this one is everybody's.
    const far = slot.startsAt.plus(5_000 * 24 * 60 * MINUTE);
    const publishing = {
      own: () => publishAt(sdk, board, far),
      colleague: () => publishAt(sdk, { ...board, recruiter: colleague }, far),
      elsewhere: () => publishAt(sdk, { ...board, recruiter: colleague, city: elsewhere }, far),
    };
    for (const [scope, kept] of [
      [{ recruiterId: recruiter.id }, ['own']],
      [{ cityId: city.id }, ['own', 'colleague']],
      [{ recruiterId: colleague.id, cityId: elsewhere.id }, ['elsewhere']],
      [{}, ['own', 'colleague', 'elsewhere']],
    ] as const) {
      const { period } = await expectOk(
        sdk.blocked.add({ ...scope, startsAt: far, endsAt: far.plus(MINUTE), reason: 'x', actor: admin }),
      );
      const out: string[] = [];
      for (const [name, publish] of Object.entries(publishing)) {
        const outcome = await publish();
        if (outcome.isErr()) out.push(name);
        else await expectOk(sdk.transaction((uow) => uow.slots.delete(outcome.value.id)));
      }
      assert.deepEqual(out, kept);
      await expectOk(sdk.blocked.remove({ blockedPeriodId: period.id, actor: admin }));
    }
  });

  test('answers the live bookings that lie in it, by start', async (sdk) => {
    const board = await expectOk(seedBoard(sdk, { candidates: 5 }));
    const { recruiter, city, slot, candidates } = board;
    const taken: Slot[] = [];
    const states: readonly BookingState[] = ['confirmed', 'booked', 'requested', 'canceled', 'booked'];
    for (const [index, state] of states.entries()) {
      const candidate = candidates[index];
      assert.ok(candidate);
      const minutes = [90, 0, 45, 20, 130][index] ?? 0;
      const startsAt = slot.startsAt.plus((600 + minutes) * MINUTE);
      const free = await expectOk(seedSlot(sdk, { recruiter, city, startsAt, minutes: 10 }));
      taken.push((await expectOk(seedBooking(sdk, { slot: free, candidate, state }))).slot);
    }
    const startsAt = slot.startsAt.plus(600 * MINUTE);
    const blockIt = (endsAt: Instant, change: Partial<AddBlockedPeriod> = {}) =>
      expectOk(
        sdk.blocked.add({
          recruiterId: recruiter.id,
          startsAt,
          endsAt,
          reason: 'ill',
          actor: admin,
          ...change,
        }),
      );
    const { affected } = await blockIt(startsAt.plus(120 * MINUTE));
    assert.deepEqual(
      affected.map(({ candidateId, state }) => [candidateId, state]),
      [
        [candidates[1]?.id, 'booked'],
        [candidates[2]?.id, 'requested'],
        [candidates[0]?.id, 'confirmed'],
      ],
    );
    const foreign = await expectOk(seedCity(sdk));
    assert.deepEqual((await blockIt(startsAt.plus(120 * MINUTE), { cityId: foreign.id })).affected, []);
    assert.deepEqual((await blockIt(startsAt.plus(-1), { startsAt: slot.startsAt })).affected, []);
  });

  test('is added by recruiters for themselves, and by those above for everybody', async (sdk) => {
    const board = await expectOk(seedBoard(sdk));
    const { recruiter, city, candidate, slot } = board;
    const own: Actor = { kind: 'recruiter', id: recruiter.id };
    const block = (change: Partial<AddBlockedPeriod>) => () =>
      sdk.blocked.add({ ...around(board), recruiterId: recruiter.id, actor: own, ...change });
    const { period } = await expectOk(block({})());
    const witnesses = { slots: [slot] };
    const colleague = await expectOk(seedRecruiter(sdk));
    const candidates: Actor = { kind: 'candidate', id: candidate.id };
    for (const actor of [{ kind: 'recruiter', id: colleague.id } as const, candidates]) {
      await refuses(sdk, witnesses, block({ actor }), 'Forbidden', { command: 'block', actor });
      await refuses(
        sdk,
        witnesses,
        () => sdk.blocked.remove({ blockedPeriodId: period.id, actor }),
        'Forbidden',
        { command: 'unblock', actor },
      );
    }
    const { recruiterId: _all, ...everybody } = {
      ...around(board),
      recruiterId: recruiter.id,
      cityId: city.id,
    };
    await refuses(sdk, witnesses, () => sdk.blocked.add({ ...everybody, actor: own }), 'Forbidden');
    await refuses(sdk, witnesses, block({ recruiterId: UNKNOWN_ID, actor: admin }), 'RecruiterNotFound');
    await refuses(sdk, witnesses, block({ cityId: UNKNOWN_ID }), 'CityNotFound');
    await refuses(sdk, witnesses, block({ endsAt: slot.startsAt }), 'Validation', { field: 'endsAt' });
    await refuses(sdk, witnesses, block({ startsAt: 'noon' }), 'Validation', { field: 'startsAt' });
    for (const reason of refusedTexts(1_000))
      await refuses(sdk, witnesses, block({ reason }), 'Validation', { field: 'reason' });
    for (const id of refusedIds)
      await refuses(
        sdk,
        witnesses,
        () => sdk.blocked.remove({ blockedPeriodId: id, actor: admin }),
        'Validation',
      );
    await expectOk(sdk.blocked.remove({ blockedPeriodId: period.id, actor: own }));
  });

  test('either is known to who publishes at the same moment, or knows of the slot', async (sdk) => {
    const board = await expectOk(seedBoard(sdk, { candidates: 1 }));
    const { recruiter, slot } = board;
    for (let round = 0; round < 4; round += 1) {
      const at = slot.startsAt.plus((600 + round * 60) * MINUTE);
      const [published, blocked] = await Promise.all([
        publishAt(sdk, board, at),
        sdk.blocked.add({
          recruiterId: recruiter.id,
          startsAt: at,
          endsAt: at.plus(30 * MINUTE),
          reason: 'x',
          actor: admin,
        }),
      ]);
      await expectOk(Promise.resolve(blocked));
      if (published.isErr()) assert.equal(published.error.type, 'PeriodBlocked');
    }
  });
}

export const blockedPeriodsContract: ContractSuite = contractSuite('a blocked period', (test) => {
  keepingAndListing(test);
  blocking(test);
});
