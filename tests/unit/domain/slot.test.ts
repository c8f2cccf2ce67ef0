import { describe, expect, it } from 'vitest';
import { MINUTE } from '../../../src/domain/shared/time-range.ts';
import { slotInStatus } from '../../../src/domain/slot/slot-in-status.ts';
import { slotStatuses } from '../../../src/domain/slot/slot-status.ts';
import { freeSlots } from '../../../src/domain/slot/free-slots.ts';
import { draftSlot, type NewSlot, type Slot } from '../../../src/domain/slot/slot.ts';
import { now, slotIn } from './subjects.ts';

const valid: NewSlot = {
  recruiterId: 2,
  cityId: 1,
  startsAt: '2030-01-08T10:00:00Z',
  endsAt: '2030-01-08T10:30:00Z',
  timeZone: 'Europe/Berlin',
};

const draft = (input: Partial<NewSlot>) => draftSlot({ ...valid, ...input });

describe('a new slot', () => {
  it('is for an interview, without buffers, unless it is told otherwise', () => {
    const { purpose, startsAt, endsAt, occupiedFrom, occupiedUntil } = draft({})._unsafeUnwrap();
    expect([purpose, occupiedFrom, occupiedUntil]).toEqual(['interview', startsAt, endsAt]);
    const buffered = draft({ bufferBeforeMinutes: 10, bufferAfterMinutes: 240 })._unsafeUnwrap();
    expect(buffered.occupiedFrom.toJSON()).toBe('2030-01-08T09:50:00.000Z');
    expect(buffered.occupiedUntil.toJSON()).toBe('2030-01-08T14:30:00.000Z');
  });

  it.each(['2030-01-08T10:10:00Z', '2030-01-08T14:00:00Z'])(
    'lasts from 10 minutes to 4 hours: until %s',
    (endsAt) => {
      expect(draft({ endsAt }).isOk()).toBe(true);
    },
  );

  it.each([
    ['endsAt', { endsAt: '2030-01-08T10:09:59.999Z' }],
    ['endsAt', { endsAt: '2030-01-08T14:00:00.001Z' }],
    ['endsAt', { endsAt: valid.startsAt }],
    ['endsAt', { endsAt: '2030-01-08T10:30:00' }],
    ['startsAt', { startsAt: '2030-02-30T10:00:00Z' }],
    ['recruiterId', { recruiterId: 0 }],
    ['cityId', { cityId: 1.5 }],
    ['timeZone', { timeZone: '+01:00' }],
    ['purpose', { purpose: 'Interview' }],
    ['purpose', { purpose: '1st' }],
    ['purpose', { purpose: 'x'.repeat(65) }],
    ['purpose', { purpose: 'a\nb' }],
    ['purpose', { purpose: 'ab\n' }],
    ['purpose', { purpose: ['interview'] as never }],
    ['purpose', { purpose: Symbol('interview') as never }],
    ['purpose', { purpose: 5 as never }],
    ['bufferBeforeMinutes', { bufferBeforeMinutes: -1 }],
    ['bufferBeforeMinutes', { bufferBeforeMinutes: 0.5 }],
    ['bufferAfterMinutes', { bufferAfterMinutes: 241 }],
    ['bufferAfterMinutes', { bufferAfterMinutes: Number.NaN }],
  ])('is refused for its %s: %j', (field, input) => {
    expect(draft(input)._unsafeUnwrapErr().field).toBe(field);
  });
});

describe('a new slot at the edge of time', () => {
  const first = { startsAt: '0001-01-01T00:10:00Z', endsAt: '0001-01-01T00:40:00Z' };
  const last = { startsAt: '9999-12-31T23:10:00Z', endsAt: '9999-12-31T23:40:00Z' };

  it('is refused when its buffers lead beyond', () => {
    expect(draft({ ...first, bufferBeforeMinutes: 10 }).isOk()).toBe(true);
    expect(draft({ ...last, bufferAfterMinutes: 19 }).isOk()).toBe(true);
    expect(draft({ ...first, bufferBeforeMinutes: 11 })._unsafeUnwrapErr()).toEqual({
      type: 'Validation',
      field: 'bufferBeforeMinutes',
      message: 'must lie in the years 1 to 9999',
    });
    expect(draft({ ...last, bufferAfterMinutes: 20 })._unsafeUnwrapErr().field).toBe('bufferAfterMinutes');
  });

  it.each([null, undefined, 5, 'slot', []])('is not %s', (input) => {
    expect(draftSlot(input as never)._unsafeUnwrapErr()).toMatchObject({ type: 'Validation', field: 'slot' });
  });
});

describe('a slot', () => {
  const expiresAt = now.plus(5 * MINUTE);

  it('has lapsed from the end of its hold on', () => {
    const pending = slotIn('pending', { holdExpiresAt: expiresAt });
    expect([pending.hasLapsedAt(expiresAt.plus(-1)), pending.hasLapsedAt(expiresAt)]).toEqual([false, true]);
    const others = slotStatuses.filter((status) => status !== 'pending');
    for (const status of others)
      expect(slotIn(status, { holdExpiresAt: expiresAt }).hasLapsedAt(expiresAt)).toBe(false);
  });

  it('is free when it says so, and when its hold has lapsed', () => {
    const later = expiresAt.plus(1);
    expect(slotStatuses.filter((status) => slotIn(status).isFreeAt(now))).toEqual(['free']);
    expect(slotStatuses.filter((status) => slotIn(status).isFreeAt(later))).toEqual(['free', 'pending']);
  });

  it.each(slotStatuses)('keeps who has it exactly in the statuses in which somebody does: %s', (status) => {
    const slot = slotInStatus(slotIn('pending'), status);
    const occupied = ['pending', 'booked', 'confirmed', 'completed'].includes(status);
    expect([slot.candidateId, slot.currentBookingId]).toEqual(occupied ? [3, 5] : [undefined, undefined]);
    expect(slot.holdExpiresAt).toEqual(status === 'pending' ? slotIn('pending').holdExpiresAt : undefined);
  });
});

describe('the free slots of a list', () => {
  const at = (minutes: number, slot: Slot = slotIn('free')): Slot =>
    slotIn(slot.status, {
      ...slot,
      startsAt: now.plus(minutes * MINUTE),
      endsAt: now.plus((minutes + 30) * MINUTE),
    });

  it('start after now and after the moment that is asked for', () => {
    const open = [-1, 0, 1, 60].map((minutes) => at(minutes));
    expect(freeSlots(open, now)).toEqual([open[2], open[3]]);
    expect(freeSlots(open, now, now.plus(MINUTE))).toEqual([open[3]]);
    expect(freeSlots(open, now, now.plus(-60 * MINUTE))).toEqual([open[2], open[3]]);
  });

  it('are what they are for the next candidate', () => {
    const held = at(60, slotIn('pending'));
    expect(freeSlots([held], now)).toEqual([]);
    expect(freeSlots([held], now.plus(5 * MINUTE))).toEqual([slotInStatus(held, 'free')]);
  });
});
