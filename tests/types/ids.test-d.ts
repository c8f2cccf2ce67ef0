import { describe, expectTypeOf, it } from 'vitest';
import type {
  BookingId,
  CandidateId,
  CityId,
  IdInput,
  RecruiterId,
  SlotId,
} from '../../src/domain/shared/id.ts';
import type { TelegramId } from '../../src/domain/shared/telegram-id.ts';
import type { TimeZoneId } from '../../src/domain/shared/time-zone.ts';
import type { Slotwise } from '../../src/infrastructure/slotwise.ts';

declare const sdk: Slotwise;
declare const ids: {
  readonly city: CityId;
  readonly recruiter: RecruiterId;
  readonly slot: SlotId;
  readonly booking: BookingId;
  readonly candidate: CandidateId;
};

describe('an id', () => {
  it('fits where its entity is asked for, and so does a plain number', () => {
    const plain: number = ids.slot;
    const calls = () => [
      sdk.read.cities.get(ids.city),
      sdk.read.cities.get(1),
      sdk.read.slots.find(plain),
      sdk.read.slots.getMany([1, plain, ids.slot]),
      sdk.booking.hold({ slotId: ids.slot, candidateId: 7 }),
    ];
    expectTypeOf(calls).toBeFunction();
  });

  it('does not fit where another entity is asked for', () => {
    const calls = () => [
      // @ts-expect-error the id of a recruiter
      sdk.read.cities.get(ids.recruiter),
      // @ts-expect-error the id of a booking
      sdk.read.slots.getMany([ids.booking]),
      // @ts-expect-error the id of a city
      sdk.read.slots.getFreeForRecruiter(ids.city),
      // @ts-expect-error the two ids are exchanged
      sdk.booking.reserve({ slotId: ids.candidate, candidateId: ids.slot }),
      // @ts-expect-error the id of a slot
      sdk.booking.approve({ bookingId: ids.slot, actor: { kind: 'system' } }),
      // @ts-expect-error the id of a recruiter
      sdk.slots.publish({ recruiterId: 1, cityId: ids.recruiter, startsAt: '', endsAt: '' }),
      // @ts-expect-error text is no id
      sdk.read.cities.get('1'),
    ];
    expectTypeOf(calls).toBeFunction();
  });

  it('is not interchangeable with another one', () => {
    expectTypeOf<CityId>().not.toEqualTypeOf<RecruiterId>();
    expectTypeOf<CityId>().not.toExtend<RecruiterId>();
    expectTypeOf<SlotId>().not.toExtend<IdInput<BookingId>>();
    expectTypeOf<number>().not.toExtend<CityId>();
    expectTypeOf<CityId>().toExtend<number>();
    expectTypeOf<number>().toExtend<IdInput<CityId>>();
  });

  it('is carried by its entity and by what refers to it', () => {
    type Slot = Extract<Awaited<ReturnType<Slotwise['slots']['publish']>>, { value: unknown }>['value'];
    expectTypeOf<Slot['id']>().toEqualTypeOf<SlotId>();
    expectTypeOf<Slot['recruiterId']>().toEqualTypeOf<RecruiterId>();
    expectTypeOf<Slot['candidateId']>().toEqualTypeOf<CandidateId | undefined>();
    expectTypeOf<Slot['timeZone']>().toEqualTypeOf<TimeZoneId>();
  });
});

it('validated text is not plain text', () => {
  expectTypeOf<string>().not.toExtend<TimeZoneId>();
  expectTypeOf<TelegramId>().not.toExtend<TimeZoneId>();
  expectTypeOf<TelegramId>().toExtend<string>();
});
