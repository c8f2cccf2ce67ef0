import type { ResultAsync } from 'neverthrow';
import type { Instant } from '../../../domain/shared/instant.ts';
import type { SlotId } from '../../../domain/shared/id.ts';
import type { Repositories } from './capture-statement.ts';

/** What the queries ask about: rows that are there, if any are. */
export interface Examples {
  readonly city: number;
  readonly recruiter: number;
  readonly candidate: number;
  readonly slot: number;
  readonly booking: number;
  readonly now: Instant;
}

type Ask = (repositories: Repositories, examples: Examples) => ResultAsync<unknown, unknown>;

const MONTH_MS = 30 * 24 * 60 * 60 * 1000;

const around = ({ now }: Examples) => ({ from: now.plus(-MONTH_MS), until: now.plus(MONTH_MS) });

/** The queries that grow with the data, and those that are asked most often, by the repository method. */
export const namedQueries = {
  'cities.getActive': ({ cities }) => cities.getActive(),
  'cities.withAvailability': ({ cities }, { now }) => cities.withAvailability(now),
  'recruiters.getActive': ({ recruiters }) => recruiters.getActive(),
  'recruiters.getByCity': ({ recruiters }, { city }) => recruiters.getByCity(city),
  'recruiters.freeSlotSummary': ({ recruiters }, { recruiter }) => recruiters.freeSlotSummary([recruiter]),
  'slots.find': ({ slots }, { slot }) => slots.find(slot),
  'slots.getFreeForCity': ({ slots }, { city, now }) => slots.getFreeForCity(city, now),
  'slots.getFreeForRecruiter': ({ slots }, { recruiter, now }) => slots.getFreeForRecruiter(recruiter, now),
  'slots.findAlternatives': ({ slots }, { slot }) => slots.findAlternatives(slot, 3),
  'slots.getAgenda': ({ slots }, examples) => slots.getAgenda(examples.recruiter, around(examples)),
  'slots.getUpcomingForCandidate': ({ slots }, { candidate, now }) =>
    slots.getUpcomingForCandidate(candidate, now),
  'slots.search': ({ slots }, examples) =>
    slots.search({ recruiterIds: [examples.recruiter], ...around(examples) }, { limit: 20 }),
  'slots.statusSummary': ({ slots }, examples) =>
    slots.statusSummary({ recruiterIds: [examples.recruiter], ...around(examples) }),
  'bookings.search': ({ bookings }) => bookings.search({ states: ['requested'] }, { limit: 20 }),
  'bookings.listForCandidate': ({ bookings }, { candidate }) => bookings.listForCandidate(candidate),
  'bookings.listForSlot': ({ bookings }, { slot }) => bookings.listForSlot(slot),
  'bookings.countActive': ({ bookings }, { candidate }) => bookings.countActive(candidate),
  'bookings.countNoShows': ({ bookings }, { candidate }) => bookings.countNoShows(candidate),
  'bookings.historyOf': ({ bookings }, { booking }) => bookings.historyOf(booking),
  'reschedules.listPending': ({ reschedules }) => reschedules.listPending(),
  'waitlist.findNextFor': ({ waitlist }, { slot }) => waitlist.findNextFor(slot as SlotId, 0),
  'audit.listFor': ({ audit }, { slot }) => audit.listFor({ entity: 'slot', id: slot }),
} as const satisfies Readonly<Record<string, Ask>>;
