import type { LocalWindow, NewCandidate, NewCity, NewRecruiter, SeriesTimes } from '../../index.ts';
import { SeededRandom } from './random.ts';

export interface DemoSize {
  readonly recruiters: number;
  readonly candidates: number;
  /** First day of the week in which slots are published: `2030-01-07`. */
  readonly firstDay: string;
  readonly seed: number;
}

export interface DemoRecruiter extends Omit<NewRecruiter, 'cityIds'> {
  /** Names of cities; slots are published in the first. */
  readonly cities: readonly [string, ...string[]];
  readonly times: SeriesTimes;
}

/** Everything that is to be stored, and nothing that only a database knows. */
export interface DemoData {
  readonly cities: readonly NewCity[];
  readonly recruiters: readonly DemoRecruiter[];
  readonly candidates: readonly NewCandidate[];
}

const cities: readonly [NewCity, ...NewCity[]] = [
  { name: 'Berlin', timeZone: 'Europe/Berlin' },
  { name: 'Lisbon', timeZone: 'Europe/Lisbon' },
  { name: 'Warsaw', timeZone: 'Europe/Warsaw' },
  { name: 'Almaty', timeZone: 'Asia/Almaty' },
];

const firstNames = [
  'Ada',
  'Boris',
  'Clara',
  'Dmitri',
  'Elena',
  'Felix',
  'Greta',
  'Hugo',
  'Ines',
  'Jonas',
] as const;
const lastNames = [
  'Adler',
  'Braun',
  'Costa',
  'Dorn',
  'Evans',
  'Fischer',
  'Grau',
  'Horn',
  'Ivanov',
  'Jansen',
] as const;

const mornings: LocalWindow = { from: '09:00', until: '12:30' };
const afternoons: LocalWindow = { from: '13:30', until: '17:30' };
const workingDays = [[mornings], [afternoons], [mornings, afternoons]] as const;

const FRIDAY = 5;
const LAST_OF_WEEK = 6;

/** The same for the same arguments. People have names and nothing by which a bot could reach anybody. */
export function demoData({ recruiters, candidates, firstDay, seed }: DemoSize): DemoData {
  const random = new SeededRandom(seed);
  const person = (): string => `${random.of(firstNames)} ${random.of(lastNames)}`;
  return {
    cities,
    recruiters: Array.from({ length: recruiters }, () => {
      const home = random.of(cities);
      const away = random.of(cities);
      return {
        name: person(),
        timeZone: home.timeZone,
        cities: [home.name, away.name],
        times: {
          firstDay,
          lastDay: laterDay(firstDay, LAST_OF_WEEK),
          weekdays: Array.from({ length: FRIDAY }, (_, index) => index + 1),
          windows: random.of(workingDays),
          slotMinutes: random.of([30, 45]),
        },
      };
    }),
    candidates: Array.from({ length: candidates }, () => ({
      fullName: person(),
      timeZone: random.of(cities).timeZone,
    })),
  };
}

const DAY_MS = 24 * 60 * 60 * 1000;
const MONDAY = 1;

const dayOf = (epochMilliseconds: number): string => new Date(epochMilliseconds).toISOString().slice(0, 10);

const laterDay = (day: string, by: number): string => dayOf(Date.parse(day) + by * DAY_MS);

/** The first Monday after this day, so that no slot of its week is over. */
export function mondayAfter(now: Date): string {
  const days = (MONDAY + 7 - now.getUTCDay()) % 7 || 7;
  return dayOf(now.getTime() + days * DAY_MS);
}
