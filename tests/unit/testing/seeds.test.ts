import { describe, expect, it } from 'vitest';
import { bookingStates } from '../../../src/domain/booking/booking-state.ts';
import {
  createInMemorySlotwise,
  seedBoard,
  seedBooking,
  seedCandidate,
  seedCity,
  seedRecruiter,
  seedSlot,
  settableClock,
} from '../../../src/testing/index.ts';

const MINUTE = 60_000;

describe('the seeds', () => {
  it('have names of their own', async () => {
    const sdk = createInMemorySlotwise();
    const names = [];
    for (let count = 0; count < 3; count += 1) {
      names.push((await seedCity(sdk))._unsafeUnwrap().name);
      names.push((await seedRecruiter(sdk))._unsafeUnwrap().name);
      names.push((await seedCandidate(sdk))._unsafeUnwrap().fullName);
    }
    expect(new Set(names).size).toBe(9);
  });

  it('are what the test asks for', async () => {
    const sdk = createInMemorySlotwise();
    const city = (await seedCity(sdk, { name: 'Berlin', timeZone: 'UTC', active: false }))._unsafeUnwrap();
    expect(city).toMatchObject({ name: 'Berlin', timeZone: 'UTC', active: false });
    expect((await seedCity(sdk, { name: 'berlin' }))._unsafeUnwrapErr().type).toBe('CityExists');
  });

  it('put slots at full hours from tomorrow on, and anywhere when they are told to', async () => {
    const clock = settableClock('2030-01-07T09:20:00Z');
    const sdk = createInMemorySlotwise({ clock });
    const { city, recruiter, slot } = (await seedBoard(sdk))._unsafeUnwrap();
    expect([slot.startsAt.toJSON(), slot.endsAt.toJSON()]).toEqual([
      '2030-01-08T10:00:00.000Z',
      '2030-01-08T10:30:00.000Z',
    ]);
    const next = (await seedSlot(sdk, { recruiter, city, minutes: 60 }))._unsafeUnwrap();
    expect([next.startsAt.toJSON(), next.endsAt.toJSON()]).toEqual([
      '2030-01-08T11:00:00.000Z',
      '2030-01-08T12:00:00.000Z',
    ]);
    const past = (
      await seedSlot(sdk, { recruiter, city, startsAt: clock.now().plus(-MINUTE) })
    )._unsafeUnwrap();
    expect(past.startsAt.toJSON()).toBe('2030-01-07T09:19:00.000Z');
    const clash = await seedSlot(sdk, { recruiter, city, startsAt: slot.startsAt });
    expect(clash._unsafeUnwrapErr().type).toBe('SlotOverlap');
  });

  it('make a board as large as it is asked for', async () => {
    const board = (
      await seedBoard(createInMemorySlotwise(), { recruiters: 3, slotsPerRecruiter: 2, candidates: 4 })
    )._unsafeUnwrap();
    expect([board.recruiters.length, board.slots.length, board.candidates.length]).toEqual([3, 6, 4]);
    expect([board.recruiters[0], board.slots[0], board.candidates[0]]).toEqual([
      board.recruiter,
      board.slot,
      board.candidate,
    ]);
    expect(board.slots.map(({ recruiterId }) => recruiterId)).toEqual(
      board.recruiters.flatMap(({ id }) => [id, id]),
    );
  });

  it.each(bookingStates)('make a booking that is %s', async (state) => {
    const sdk = createInMemorySlotwise();
    const { slot, candidate } = (await seedBoard(sdk))._unsafeUnwrap();
    const seeded = (await seedBooking(sdk, { slot, candidate, state }))._unsafeUnwrap();
    expect(seeded.booking.state).toBe(state);
    expect(seeded.slot.currentBookingId === seeded.booking.id).toBe(
      seeded.booking.live || state === 'completed',
    );
    const again = await seedBooking(sdk, { slot, candidate, state });
    expect(again._unsafeUnwrapErr().type).toBe('StaleVersion');
  });
});
