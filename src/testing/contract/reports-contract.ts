import assert from 'node:assert/strict';
import type { BookingReportGroup, BookingReportQuery } from '../../domain/report/booking-report.ts';
import { MINUTE } from '../../domain/shared/time-range.ts';
import type { Slotwise } from '../../infrastructure/slotwise.ts';
import { seedBoard } from '../seeds/seed-board.ts';
import { seedBooking } from '../seeds/seed-booking.ts';
import { seedCity } from '../seeds/seed-city.ts';
import { seedRecruiter } from '../seeds/seed-recruiter.ts';
import { seedSlot } from '../seeds/seed-slot.ts';
import { contractSuite, type ContractSuite } from './contract-subject.ts';
import { refusedIds, UNKNOWN_ID } from './hostile-texts.ts';
import { expectErr, expectOk } from './outcome.ts';

const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const admin = { kind: 'admin', id: 1 } as const;

/** A city whose recruiter offers one slot at each of these times. */
async function boardAt(sdk: Slotwise, ...starts: readonly string[]) {
  const city = await expectOk(seedCity(sdk));
  const recruiter = await expectOk(seedRecruiter(sdk, { cityIds: [city.id] }));
  for (const startsAt of starts) await expectOk(seedSlot(sdk, { recruiter, city, startsAt }));
  return city;
}

const keysOf = (groups: readonly BookingReportGroup[]) =>
  groups.map(({ key, published }) => [key, published]);

/** Figures of slots and bookings. */
export const reportsContract: ContractSuite = contractSuite('reports', (test) => {
  test('count slots, what became of each booking, and the shares that follow', async (sdk) => {
    const { city, slots, candidates } = await expectOk(
      seedBoard(sdk, { candidates: 5, slotsPerRecruiter: 7 }),
    );
    const request = async (index: number) => {
      const [slot, candidate] = [slots[index], candidates[index]];
      assert.ok(slot && candidate);
      const actor = { kind: 'candidate', id: candidate.id } as const;
      const taking = { slotId: slot.id, candidateId: candidate.id };
      return { bookingId: (await expectOk(sdk.booking.reserve(taking))).id, actor };
    };
    const confirmed = await request(0);
    await expectOk(sdk.booking.approve({ ...confirmed, actor: admin }));
    await expectOk(sdk.booking.confirm(confirmed));
    const rejected = await request(1);
    await expectOk(sdk.booking.reject({ ...rejected, actor: admin, reason: 'full' }));
    await expectOk(sdk.booking.release(await request(2)));
    const canceled = await request(3);
    await expectOk(sdk.booking.approve({ ...canceled, actor: admin }));
    await expectOk(sdk.booking.cancel(canceled));
    const [held, withdrawn, last] = [slots[4], slots[5], candidates[4]];
    assert.ok(held && withdrawn && last);
    await expectOk(sdk.booking.hold({ slotId: held.id, candidateId: last.id }));
    await expectOk(sdk.slots.withdraw({ slotId: withdrawn.id, actor: admin, reason: 'ill' }));

    const now = await expectOk(sdk.transaction((uow) => uow.now()));
    const period = { from: now, until: now.plus(10 * DAY), cityId: city.id };
    const { total, groups } = await expectOk(sdk.reports.bookings(period));
    const { timeToApproval, leadTime, ...counted } = total;
    assert.deepEqual(counted, {
      published: 7,
      withdrawn: 1,
      capacity: 6,
      offeredMinutes: 180,
      bookedMinutes: 30,
      attempts: 5,
      requested: 4,
      approved: 2,
      booked: 2,
      confirmed: 1,
      live: 2,
      rejected: 1,
      declined: 0,
      expired: 0,
      released: 1,
      canceled: { candidate: 1, recruiter: 0, admin: 0, system: 0 },
      moved: 0,
      completed: 0,
      attended: 0,
      noShow: 0,
      recruiterNoShow: 0,
      shares: {
        utilisation: 1 / 6,
        approvalRate: 0.5,
        confirmationRate: 0.5,
        cancellationRate: 0.5,
        noShowRate: undefined,
      },
    });
    assert.ok(timeToApproval && timeToApproval.p50Ms >= 0 && timeToApproval.p95Ms >= timeToApproval.p50Ms);
    assert.ok(leadTime && leadTime.p50Ms > 23 * HOUR && leadTime.p95Ms < 50 * HOUR);
    assert.deepEqual(groups, []);
  });

  test('tell what became of interviews', async (sdk) => {
    const { city, recruiter, candidate } = await expectOk(seedBoard(sdk));
    const now = await expectOk(sdk.transaction((uow) => uow.now()));
    const outcomes = [
      'attended',
      'attended',
      'attended',
      'candidate_no_show',
      'recruiter_no_show',
      undefined,
    ];
    for (const [index, outcome] of outcomes.entries()) {
      const startsAt = now.plus(-(index + 2) * HOUR);
      const slot = await expectOk(seedSlot(sdk, { recruiter, city, startsAt }));
      const { booking } = await expectOk(seedBooking(sdk, { slot, candidate, state: 'completed' }));
      if (outcome !== undefined)
        await expectOk(
          sdk.booking.recordOutcome({ bookingId: booking.id, outcome: outcome as 'attended', actor: admin }),
        );
    }
    const { total } = await expectOk(
      sdk.reports.bookings({ from: now.plus(-DAY), until: now, cityId: city.id }),
    );
    const { completed, attended, noShow, recruiterNoShow, shares } = total;
    assert.deepEqual([completed, attended, noShow, recruiterNoShow], [6, 3, 1, 1]);
    assert.deepEqual([shares.noShowRate, shares.utilisation], [0.25, 1]);
  });

  test('begin days and weeks where their zone does, when clocks change too', async (sdk) => {
    const { id: cityId } = await boardAt(
      sdk,
      // Berlin's night of 23 hours, which ends on a Sunday: 23:30 on Saturday, 00:30, 23:30, and 00:30 on Monday.
      '2030-03-30T22:30:00Z',
      '2030-03-30T23:30:00Z',
      '2030-03-31T21:30:00Z',
      '2030-03-31T22:30:00Z',
    );
    const grouped = async (groupBy: 'day' | 'week', timeZone?: string) => {
      const period = { from: '2030-03-01T00:00:00Z', until: '2030-05-01T00:00:00Z', cityId };
      const zone = timeZone === undefined ? {} : { timeZone };
      return keysOf((await expectOk(sdk.reports.bookings({ ...period, groupBy, ...zone }))).groups);
    };
    assert.deepEqual(await grouped('day', 'Europe/Berlin'), [
      ['2030-03-30', 1],
      ['2030-03-31', 2],
      ['2030-04-01', 1],
    ]);
    assert.deepEqual(await grouped('week', 'Europe/Berlin'), [
      ['2030-03-25', 3],
      ['2030-04-01', 1],
    ]);
    assert.deepEqual(await grouped('day'), [
      ['2030-03-30', 2],
      ['2030-03-31', 2],
    ]);
    assert.deepEqual(await grouped('week'), [['2030-03-25', 4]]);
  });

  test('are grouped by city and recruiter, or narrowed to one', async (sdk) => {
    const at = '2031-01-06T09:00:00Z';
    const day = { from: at, until: '2031-01-06T12:00:00Z' };
    const first = await expectOk(seedCity(sdk));
    const second = await expectOk(seedCity(sdk));
    const ann = await expectOk(seedRecruiter(sdk, { cityIds: [first.id, second.id] }));
    const ben = await expectOk(seedRecruiter(sdk, { cityIds: [first.id] }));
    for (const [recruiter, city, startsAt] of [
      [ann, first, at],
      [ann, second, '2031-01-06T10:00:00Z'],
      [ben, first, '2031-01-06T11:00:00Z'],
      // The period ends before it.
      [ben, first, '2031-01-06T12:00:00Z'],
    ] as const)
      await expectOk(seedSlot(sdk, { recruiter, city, startsAt }));
    const grouped = async (query: Omit<BookingReportQuery, 'from' | 'until'>) =>
      keysOf((await expectOk(sdk.reports.bookings({ ...day, ...query }))).groups);
    const own = [first.id, second.id, ann.id, ben.id] as readonly (number | string)[];
    const of = (groups: readonly (readonly (number | string)[])[]) =>
      groups.filter(([key]) => own.includes(key ?? ''));
    assert.deepEqual(of(await grouped({ groupBy: 'city' })), [
      [first.id, 2],
      [second.id, 1],
    ]);
    assert.deepEqual(of(await grouped({ groupBy: 'recruiter' })), [
      [ann.id, 2],
      [ben.id, 1],
    ]);
    assert.deepEqual(await grouped({ groupBy: 'city', recruiterId: ann.id }), [
      [first.id, 1],
      [second.id, 1],
    ]);
    assert.deepEqual(await grouped({ groupBy: 'recruiter', cityId: second.id }), [[ann.id, 1]]);
  });

  test('have nothing to have a share of where there is nothing', async (sdk) => {
    const period = { from: '2031-01-06T00:00:00Z', until: '2031-01-07T00:00:00Z', cityId: UNKNOWN_ID };
    const { total, groups } = await expectOk(sdk.reports.bookings({ ...period, groupBy: 'day' }));
    const { published, attempts, offeredMinutes, timeToApproval, leadTime } = total;
    assert.deepEqual([published, attempts, offeredMinutes, groups], [0, 0, 0, []]);
    assert.deepEqual(
      [timeToApproval, leadTime, ...Object.values(total.shares)],
      Array.from({ length: 7 }, () => undefined),
    );
  });

  test('are of a year at most, of a zone and of groups that there are', async (sdk) => {
    const from = '2031-01-01T00:00:00Z';
    const query = { from, until: '2032-01-02T00:00:00Z' };
    await expectOk(sdk.reports.bookings(query));
    for (const [wrong, field] of [
      [{ ...query, until: '2032-01-02T00:00:00.001Z' }, 'until'],
      [{ ...query, until: from }, 'until'],
      [{ until: from }, 'from'],
      [{ ...query, groupBy: 'month' }, 'groupBy'],
      [[], 'query'],
      ...refusedIds.map((cityId) => [{ ...query, cityId }, 'cityId'] as const),
      ...refusedIds.map((recruiterId) => [{ ...query, recruiterId }, 'recruiterId'] as const),
    ] as const)
      await expectErr(sdk.reports.bookings(wrong as never), 'Validation', { field });
    await expectErr(sdk.reports.bookings({ ...query, timeZone: 'Mars/Olympus' }), 'InvalidTimeZone');
  });
});
