import { describe, expectTypeOf, it } from 'vitest';
import type { Booking, BookingProps } from '../../src/domain/booking/booking.ts';
import type { BookingState } from '../../src/domain/booking/booking-state.ts';
import type { Candidate } from '../../src/domain/candidate/candidate.ts';
import type { City } from '../../src/domain/city/city.ts';
import type { Recruiter } from '../../src/domain/recruiter/recruiter.ts';
import { Instant } from '../../src/domain/shared/instant.ts';
import type { TimeZoneId } from '../../src/domain/shared/time-zone.ts';
import type { SlotStatus } from '../../src/domain/slot/slot-status.ts';
import type { Slot } from '../../src/domain/slot/slot.ts';
import type { Slotwise } from '../../src/infrastructure/slotwise.ts';
import type { ContractSubject, TestFramework } from '../../src/testing/index.ts';

describe('an entity', () => {
  it('is readonly in every field', () => {
    const change = (city: City, recruiter: Recruiter, candidate: Candidate, slot: Slot, booking: Booking) => {
      // @ts-expect-error readonly
      city.name = 'Bonn';
      // @ts-expect-error readonly
      recruiter.cityIds = [];
      // @ts-expect-error a readonly list
      recruiter.cityIds.push(1);
      // @ts-expect-error readonly
      candidate.active = false;
      // @ts-expect-error readonly
      slot.status = 'free';
      // @ts-expect-error readonly
      slot.startsAt.epochMilliseconds = 0;
      // @ts-expect-error readonly
      booking.state = 'booked';
      // @ts-expect-error readonly
      booking.version += 1;
    };
    expectTypeOf(change).toBeFunction();
    expectTypeOf<BookingProps>().toEqualTypeOf<Readonly<BookingProps>>();
  });

  it('says undefined where something may be missing', () => {
    expectTypeOf<Slot['holdExpiresAt']>().toEqualTypeOf<Instant | undefined>();
    expectTypeOf<Booking['endedBy']>().extract<undefined>().toEqualTypeOf<undefined>();
    expectTypeOf<Candidate['timeZone']>().toEqualTypeOf<TimeZoneId | undefined>();
  });

  it('has states that are known', () => {
    expectTypeOf<SlotStatus>().toEqualTypeOf<
      'free' | 'pending' | 'booked' | 'confirmed' | 'completed' | 'canceled'
    >();
    expectTypeOf<BookingState>().toEqualTypeOf<
      | 'held'
      | 'offered'
      | 'requested'
      | 'booked'
      | 'confirmed'
      | 'completed'
      | 'canceled'
      | 'rejected'
      | 'expired'
      | 'moved'
    >();
  });
});

describe('an instant', () => {
  it('is made by its own functions only', () => {
    // @ts-expect-error the constructor is private
    void new Instant(0);
    expectTypeOf<Parameters<typeof Instant.parse>[0]>().toEqualTypeOf<
      Date | string | { readonly epochMilliseconds: number }
    >();
  });
});

describe('the reads of an SDK', () => {
  it('offer no writes', () => {
    expectTypeOf<Slotwise['read']['cities']>().not.toHaveProperty('add');
    expectTypeOf<Slotwise['read']['slots']>().not.toHaveProperty('getForUpdate');
    expectTypeOf<Slotwise['read']>().not.toHaveProperty('bookings');
  });
});

describe('the contract suites', () => {
  it('take vitest as it is', async () => {
    const vitest = await import('vitest');
    expectTypeOf(vitest).toExtend<TestFramework>();
    expectTypeOf<() => Promise<Slotwise>>().toExtend<ContractSubject['create']>();
    expectTypeOf<() => Slotwise>().toExtend<ContractSubject['create']>();
  });
});
