import { systemClock, type City, type Recruiter, type Slot, type Slotwise } from '../../src/index.ts';
import { orThrow } from './or-throw.ts';

export interface Berlin {
  readonly city: City;
  readonly recruiter: Recruiter;
  readonly slots: readonly Slot[];
}

/** A city, a recruiter who works there, and three free slots on the day after tomorrow. */
export async function seedBerlin(sdk: Slotwise): Promise<Berlin> {
  const timeZone = 'Europe/Berlin';
  const city = orThrow(await sdk.transaction((uow) => uow.cities.add({ name: 'Berlin', timeZone })));
  const ann = { name: 'Ann', timeZone, cityIds: [city.id] };
  const recruiter = orThrow(await sdk.transaction((uow) => uow.recruiters.add(ann)));
  const day = systemClock.now().toZonedDateTime(timeZone).startOfDay().add({ days: 2 });
  const slots: Slot[] = [];
  for (const hour of [10, 11, 14]) {
    const startsAt = day.with({ hour });
    const endsAt = startsAt.add({ minutes: 45 });
    slots.push(
      orThrow(await sdk.slots.publish({ recruiterId: recruiter.id, cityId: city.id, startsAt, endsAt })),
    );
  }
  return { city, recruiter, slots };
}
