import { systemClock, type City, type Recruiter, type Slot, type Slotwise } from '../../src/index.ts';
import { localTime } from './local-time.ts';
import type { Stage } from './stage.ts';
import { ms, type Transcript } from './transcript.ts';

/** What one recruiter offers in one city. */
export interface Offer {
  readonly city: City;
  readonly recruiter: Recruiter;
  readonly slots: readonly [Slot, ...Slot[]];
}

/** Everything that was published. */
export interface Board {
  readonly offers: readonly [Offer, ...Offer[]];
  readonly cities: readonly City[];
}

const places = [
  { name: 'Berlin', timeZone: 'Europe/Berlin', recruiters: ['Ann', 'Jonas'] },
  { name: 'New York', timeZone: 'America/New_York', recruiters: ['Maria'] },
  { name: 'Kathmandu', timeZone: 'Asia/Kathmandu', recruiters: ['Asha'] },
  { name: 'Tokyo', timeZone: 'Asia/Tokyo', recruiters: ['Yuki'] },
] as const;

const WEEKDAYS = [0, 1, 2, 3, 4] as const;
const HOURS = [9, 11, 14] as const;

export async function publishAWeek({ sdk, transcript }: Stage): Promise<Board> {
  transcript.step('Recruiters in four time zones publish next week, each in local office hours');
  const startedAt = performance.now();
  const offers: Offer[] = [];
  const cities: City[] = [];
  for (const { name, timeZone, recruiters } of places) {
    const city = await sdk.transaction((uow) => uow.cities.add({ name, timeZone }));
    cities.push(transcript.must(city, `adding ${name}`));
    for (const recruiter of recruiters)
      offers.push(await publish(sdk, transcript, transcript.must(city, name), recruiter));
  }
  const durationMs = performance.now() - startedAt;

  transcript.table(
    offers.map(({ city, recruiter, slots: [first, ...rest] }) => [
      recruiter.name,
      city.name,
      `${rest.length + 1} slots from`,
      localTime(first.startsAt, city.timeZone),
      `= ${first.startsAt.toJSON().slice(0, 16)}Z`,
    ]),
  );
  const published = offers.reduce((sum, { slots }) => sum + slots.length, 0);
  const each = durationMs / published;
  transcript.say(`published in ${ms(durationMs)}, ${ms(each)} for each slot and its transaction`);

  const free = await Promise.all(cities.map(({ id }) => sdk.read.slots.getFreeForCity(id)));
  const offered = free.reduce((sum, slots) => sum + transcript.must(slots, 'reading free slots').length, 0);
  transcript.check(offered === published, `all ${published} slots are offered in the cities' free lists`);
  return { offers: offers as [Offer, ...Offer[]], cities };
}

async function publish(sdk: Slotwise, transcript: Transcript, city: City, name: string): Promise<Offer> {
  const { id: cityId, timeZone } = city;
  const added = await sdk.transaction((uow) => uow.recruiters.add({ name, timeZone, cityIds: [cityId] }));
  const recruiter = transcript.must(added, `adding ${name}`);

  // Wall-clock arithmetic: nine o'clock stays nine o'clock when the offset changes during the week.
  const today = systemClock.now().toZonedDateTime(timeZone);
  const monday = today.add({ days: 8 - today.dayOfWeek }).startOfDay();
  const slots: Slot[] = [];
  for (const day of WEEKDAYS)
    for (const hour of HOURS) {
      const startsAt = monday.add({ days: day }).with({ hour });
      const endsAt = startsAt.add({ minutes: 45 });
      const slot = await sdk.slots.publish({ recruiterId: recruiter.id, cityId, startsAt, endsAt });
      slots.push(transcript.must(slot, `publishing for ${name}`));
    }
  return { city, recruiter, slots: slots as [Slot, ...Slot[]] };
}
