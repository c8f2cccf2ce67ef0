import assert from 'node:assert/strict';
import type { PublishSeries } from '../../../application/slot/publish-series.ts';
import type { DomainEvent } from '../../../domain/event/domain-event.ts';
import { MINUTE } from '../../../domain/shared/time-range.ts';
import type { Slotwise } from '../../../infrastructure/slotwise.ts';
import { seedBoard, type Board } from '../../seeds/seed-board.ts';
import { seedCity } from '../../seeds/seed-city.ts';
import { seedRecruiter } from '../../seeds/seed-recruiter.ts';
import { unique } from '../../seeds/unique.ts';
import { contractSuite, type ContractSuite } from '../contract-subject.ts';
import { UNKNOWN_ID } from '../hostile-texts.ts';
import { expectOk } from '../outcome.ts';
import { refuses } from './unchanged.ts';

/** Days that are yet to come, in Berlin, where the recruiters are. */
interface Calendar {
  readonly monday: string;
  readonly friday: string;
  /** Clocks skip 02:00 to 03:00. */
  readonly gapDay: string;
  /** Clocks show 02:00 to 03:00 twice. */
  readonly foldDay: string;
}

async function calendarOf(sdk: Slotwise): Promise<Calendar> {
  const now = await expectOk(sdk.transaction((uow) => uow.now()));
  const today = now.toZonedDateTime('Europe/Berlin').toPlainDate();
  const monday = today.add({ days: 15 - today.dayOfWeek });
  const lastSunday = (month: number): string => {
    const last = today.with({ month, day: 31 }).add({ years: 1 });
    return last.subtract({ days: last.dayOfWeek % 7 }).toString();
  };
  return {
    monday: monday.toString(),
    friday: monday.add({ days: 4 }).toString(),
    gapDay: lastSunday(3),
    foldDay: lastSunday(10),
  };
}

interface Scene extends Board {
  readonly days: Calendar;
  /** A command that would succeed. */
  readonly valid: PublishSeries<false>;
}

async function sceneOf(sdk: Slotwise): Promise<Scene> {
  const board = await expectOk(seedBoard(sdk));
  const days = await calendarOf(sdk);
  const valid = {
    recruiterId: board.recruiter.id,
    cityId: board.city.id,
    firstDay: days.monday,
    lastDay: days.friday,
    windows: [{ from: '09:00', until: '12:00' }],
    slotMinutes: 60,
  };
  return { ...board, days, valid };
}

const freeOf = (sdk: Slotwise, { recruiter }: Board) =>
  expectOk(sdk.read.slots.getFreeForRecruiter(recruiter.id));

export const publishSeriesContract: ContractSuite = contractSuite('publishing a series', (test) => {
  test('offers a week of slots at once, by the clock of the recruiter', async (sdk) => {
    const scene = await sceneOf(sdk);
    const { valid, slot, city } = scene;
    assert.deepEqual(await freeOf(sdk, scene), [slot]);
    const told: DomainEvent[] = [];
    const stop = sdk.events.onAny((event) => void told.push(event));
    const report = await expectOk(
      sdk.slots.publishSeries({
        ...valid,
        weekdays: [1, 2, 4],
        breaks: [{ from: '10:00', until: '10:30' }],
        slotMinutes: 45,
        purpose: 'interview',
        batchSize: 4,
      }),
    );
    stop();
    assert.equal(report.created.length, 9);
    assert.deepEqual([report.skipped, report.conflicts, report.dstAdjusted], [[], [], []]);
    assert.deepEqual(
      report.created.map(({ startsAt }) =>
        startsAt.toZonedDateTime('Europe/Berlin').toPlainTime().toString().slice(0, 5),
      ),
      ['09:00', '10:30', '11:15', '09:00', '10:30', '11:15', '09:00', '10:30', '11:15'],
    );
    for (const created of report.created) {
      assert.deepEqual([created.status, created.version, created.timeZone], ['free', 1, city.timeZone]);
      assert.deepEqual(await expectOk(sdk.read.slots.get(created.id)), created);
      const trail = await expectOk(
        sdk.transaction((uow) => uow.audit.listFor({ entity: 'slot', id: created.id })),
      );
      assert.deepEqual(
        trail.items.map(({ action, to, actor }) => [action, to, actor]),
        [['publish', 'free', { kind: 'recruiter', id: valid.recruiterId }]],
      );
    }
    assert.deepEqual(
      told.map((event) => [event.type, event.aggregate]),
      report.created.map(({ id }) => ['slot.published', `slot:${id}`]),
    );
    assert.equal((await freeOf(sdk, scene)).length, 10);
  });

  test('says in a preview what would become of it, and writes nothing', async (sdk) => {
    const scene = await sceneOf(sdk);
    const { valid, slot, days } = scene;
    await expectOk(sdk.slots.publishSeries({ ...valid, lastDay: days.monday }));
    const again = { ...valid, preview: true } as const;
    await refuses(
      sdk,
      { slots: [slot] },
      () => sdk.slots.publishSeries({ ...again, onConflict: 'fail' }),
      'ItemsRefused',
    );
    const report = await expectOk(sdk.slots.publishSeries(again));
    assert.equal((await freeOf(sdk, scene)).length, 4);
    assert.deepEqual([report.created.length, report.conflicts.length], [12, 3]);
    assert.ok(report.created.every((created) => !('id' in created)));
    const real = await expectOk(sdk.slots.publishSeries(valid));
    assert.deepEqual(
      real.created.map(({ startsAt, endsAt }) => [startsAt, endsAt]),
      report.created.map(({ startsAt, endsAt }) => [startsAt, endsAt]),
    );
    assert.deepEqual(real.conflicts, report.conflicts);
    assert.equal((await freeOf(sdk, scene)).length, 16);
  });

  test('names what is taken and publishes the rest, or nothing when that is asked for', async (sdk) => {
    const scene = await sceneOf(sdk);
    const { valid, slot, recruiter, days } = scene;
    const [taken] = (
      await expectOk(
        sdk.slots.publishSeries({
          ...valid,
          firstDay: days.friday,
          windows: [{ from: '10:30', until: '11:30' }],
        }),
      )
    ).created;
    assert.ok(taken);
    const { refused } = await refuses(
      sdk,
      { slots: [slot, taken] },
      () => sdk.slots.publishSeries({ ...valid, onConflict: 'fail' }),
      'ItemsRefused',
    );
    const overlap = { type: 'SlotOverlap', recruiterId: recruiter.id };
    assert.deepEqual(refused, [
      { index: 13, error: overlap },
      { index: 14, error: overlap },
    ]);
    const report = await expectOk(sdk.slots.publishSeries(valid));
    assert.equal(report.created.length, 13);
    assert.deepEqual(
      report.conflicts.map(({ local, error }) => [local, error]),
      [
        [`${days.friday}T10:00`, overlap],
        [`${days.friday}T11:00`, overlap],
      ],
    );
  });

  test('names every slot that a change of clocks touches', async (sdk) => {
    const { valid, days } = await sceneOf(sdk);
    const night = { windows: [{ from: '01:00', until: '04:00' }] };
    const on = (day: string, change: Partial<PublishSeries<false>> = {}) =>
      expectOk(sdk.slots.publishSeries({ ...valid, ...night, firstDay: day, lastDay: day, ...change }));
    const rejected = await on(days.gapDay);
    assert.equal(rejected.created.length, 2);
    assert.deepEqual(rejected.skipped, [{ local: `${days.gapDay}T02:00`, reason: 'gap' }]);
    assert.deepEqual(rejected.dstAdjusted, []);
    const later = await on(days.gapDay, { gap: 'later', purpose: 'intro_day' });
    assert.deepEqual(
      later.dstAdjusted.map(({ local, touched, startsAt }) => [
        local,
        touched,
        startsAt.toZonedDateTime('Europe/Berlin').hour,
      ]),
      [[`${days.gapDay}T02:00`, 'gap', 3]],
    );
    const fold = await on(days.foldDay);
    assert.deepEqual(
      fold.dstAdjusted.map(({ local, touched, startsAt }) => [
        local,
        touched,
        startsAt.toZonedDateTime('Europe/Berlin').offset,
      ]),
      [[`${days.foldDay}T02:00`, 'fold', '+02:00']],
    );
    assert.equal(fold.created.length, 3);
    const other = await on(days.foldDay, { fold: 'later', windows: [{ from: '02:00', until: '03:00' }] });
    assert.deepEqual(
      other.created.map(({ startsAt }) => startsAt.toZonedDateTime('Europe/Berlin').offset),
      ['+01:00'],
    );
    const none = await on(days.foldDay, { fold: 'reject', purpose: 'intro_day' });
    assert.deepEqual(none.skipped, [{ local: `${days.foldDay}T02:00`, reason: 'fold' }]);
  });

  test('skips what is over', async (sdk) => {
    const { valid, recruiter } = await sceneOf(sdk);
    const now = await expectOk(sdk.transaction((uow) => uow.now()));
    const today = now.toZonedDateTime(recruiter.timeZone).toPlainDate();
    const report = await expectOk(
      sdk.slots.publishSeries({
        ...valid,
        purpose: 'intro_day',
        firstDay: today.subtract({ days: 1 }).toString(),
        lastDay: today.add({ days: 1 }).toString(),
        windows: [{ from: '00:00', until: '24:00' }],
      }),
    );
    assert.equal(
      report.created.length + report.skipped.length,
      new Set([...report.skipped.map(({ local }) => local), ...report.created.map(({ id }) => id)]).size,
    );
    assert.ok(report.skipped.length >= 24 && report.created.length >= 24);
    assert.ok(report.skipped.every(({ reason }) => reason === 'past' || reason === 'gap'));
    assert.ok(report.created.every(({ startsAt }) => startsAt.isAfter(now)));
  });

  test('lets buffers of the command count into the step', async (sdk) => {
    const { valid, days } = await sceneOf(sdk);
    const report = await expectOk(
      sdk.slots.publishSeries({
        ...valid,
        lastDay: days.monday,
        slotMinutes: 30,
        bufferBeforeMinutes: 10,
        bufferAfterMinutes: 5,
        timeZone: 'asia/calcutta',
        policy: { holdMinutes: 3 },
      }),
    );
    assert.deepEqual(report.conflicts, []);
    assert.equal(report.created.length, 4);
    const [first, second] = report.created;
    assert.ok(first && second);
    assert.deepEqual(first.occupiedUntil, second.occupiedFrom);
    assert.deepEqual([first.timeZone, first.policy], ['Asia/Kolkata', { holdMinutes: 3 }]);
  });

  test('is refused as publishing one slot is, and with a series that is wrong', async (sdk) => {
    const { slot, recruiter, city, candidate, valid } = await sceneOf(sdk);
    const witnesses = { slots: [slot] };
    const publish = (change: Partial<PublishSeries<false>>) => () =>
      sdk.slots.publishSeries({ ...valid, ...change });
    await refuses(sdk, witnesses, publish({ recruiterId: UNKNOWN_ID }), 'RecruiterNotFound');
    await refuses(sdk, witnesses, publish({ cityId: UNKNOWN_ID }), 'CityNotFound');
    const foreign = await expectOk(seedCity(sdk));
    await refuses(sdk, witnesses, publish({ cityId: foreign.id }), 'CityNotLinked');
    const colleague = await expectOk(seedRecruiter(sdk));
    for (const actor of [
      { kind: 'recruiter', id: colleague.id },
      { kind: 'candidate', id: candidate.id },
    ] as const)
      await refuses(sdk, witnesses, publish({ actor }), 'Forbidden', { command: 'publish', actor });
    await refuses(sdk, witnesses, publish({ timeZone: 'Nowhere' }), 'InvalidTimeZone');
    for (const [field, change] of [
      ['firstDay', { firstDay: 'monday' }],
      ['lastDay', { lastDay: '2000-01-01' }],
      ['windows', { windows: [] }],
      ['slotMinutes', { slotMinutes: 5 }],
      ['stepMinutes', { stepMinutes: 30 }],
      ['purpose', { purpose: 'No' }],
      ['bufferAfterMinutes', { bufferAfterMinutes: -1 }],
      ['batchSize', { batchSize: 0 }],
      ['onConflict', { onConflict: 'ask' as 'skip' }],
    ] as const)
      await refuses(sdk, witnesses, publish(change), 'Validation', { field });
    await expectOk(sdk.transaction((uow) => uow.cities.update(city.archive())));
    await refuses(sdk, witnesses, publish({}), 'CityInactive', { id: city.id });
    await expectOk(sdk.transaction((uow) => uow.recruiters.update(recruiter.archive())));
    await refuses(sdk, witnesses, publish({}), 'RecruiterInactive', { id: recruiter.id });
  });

  test('is done once under a key; a preview does not use the key up', async (sdk) => {
    const scene = await sceneOf(sdk);
    const options = { idempotencyKey: unique('key') };
    await expectOk(sdk.slots.publishSeries({ ...scene.valid, preview: true }, options));
    const report = await expectOk(sdk.slots.publishSeries(scene.valid, options));
    assert.equal(report.created.length, 15);
    assert.deepEqual(await expectOk(sdk.slots.publishSeries(scene.valid, options)), report);
    const other = { ...scene.valid, slotMinutes: 30 };
    await refuses(
      sdk,
      { slots: [scene.slot] },
      () => sdk.slots.publishSeries(other, options),
      'IdempotencyMismatch',
    );
    assert.equal((await freeOf(sdk, scene)).length, 16);
  });

  test('joins a unit of work, and leaves no trace when that is rolled back', async (sdk, open) => {
    const scene = await sceneOf(sdk);
    const uow = open();
    const report = await expectOk(sdk.slots.publishSeries(scene.valid, { uow }));
    assert.equal(report.created.length, 15);
    assert.equal((await expectOk(uow.slots.getFreeForRecruiter(scene.recruiter.id))).length, 16);
    await expectOk(uow.rollback());
    assert.deepEqual(await freeOf(sdk, scene), [scene.slot]);
  });

  test('lets series that are published at the same time share what is free', async (sdk) => {
    const scene = await sceneOf(sdk);
    const shifted = { ...scene.valid, windows: [{ from: '09:30', until: '12:30' }] };
    const reports = await Promise.all(
      [scene.valid, shifted, scene.valid].map(async (command) => expectOk(sdk.slots.publishSeries(command))),
    );
    const created = reports.flatMap((report) => report.created);
    const conflicts = reports.flatMap((report) => report.conflicts);
    assert.equal(created.length + conflicts.length, 45);
    const free = await freeOf(sdk, scene);
    assert.equal(free.length, created.length + 1);
    for (const [index, one] of free.slice(1).entries())
      assert.ok(!one.startsAt.isBefore(free[index]?.endsAt ?? one.startsAt.plus(MINUTE)));
  });
});
