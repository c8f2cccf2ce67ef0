import type { Result } from 'neverthrow';
import type { City, Recruiter, Slot, Slotwise } from '../../src/index.ts';
import { allCities, allRecruiters, type Board } from './board.ts';
import type { ListName, Sighting } from './history.ts';
import { oneOf, type Random } from './random.ts';
import type { Recorder, TypedError } from './recorder.ts';
import { cityName, citySeen, lists, recruiterName, recruiterSeen, slotName, slotSeen } from './rows.ts';

/** What a process reads with. */
export interface Reading {
  readonly sdk: Slotwise;
  readonly board: Board;
  readonly random: Random;
  readonly recorder: Recorder;
  /** Slots this process has published itself. */
  readonly published: readonly Slot[];
}

type Ask = () => PromiseLike<readonly Sighting[] | TypedError>;
type Kind = (reading: Reading) => Promise<unknown>;

const answer = <T>(seen: (row: T) => Sighting) => ({
  one: (found: Result<T | undefined, TypedError>): readonly Sighting[] | TypedError =>
    found.match(
      (row) => (row === undefined ? [] : [seen(row)]),
      (error) => error,
    ),
  many: (found: Result<Iterable<T>, TypedError>): readonly Sighting[] | TypedError =>
    found.match(
      (rows) => [...rows].map(seen),
      (error) => error,
    ),
});

const recruiter = answer<Recruiter>(recruiterSeen);
const city = answer<City>(citySeen);
const slot = answer<Slot>(slotSeen);

/** A list that the judge knows the members of. */
const listed = ({ recorder }: Reading, list: ListName, ask: Ask): Promise<unknown> =>
  recorder.read(ask, list);

const kinds: readonly Kind[] = [
  (reading) => {
    const { sdk, board, random } = reading;
    const id = oneOf(random, allRecruiters(board));
    return listed(reading, recruiterName(id), () => sdk.read.recruiters.find(id).then(recruiter.one));
  },
  (reading) => {
    const { sdk, board, random } = reading;
    const id = oneOf(random, allCities(board));
    return listed(reading, cityName(id), () => sdk.read.cities.find(id).then(city.one));
  },
  (reading) => {
    const { sdk, board, random, published } = reading;
    const id = oneOf(random, [...board.slots, ...published.map((one) => one.id)]);
    return listed(reading, slotName(id), () => sdk.read.slots.find(id).then(slot.one));
  },
  ({ sdk, board, recorder }) =>
    recorder.read(() => sdk.read.recruiters.getMany(allRecruiters(board)).map(values).then(recruiter.many)),
  ({ sdk, board, recorder }) =>
    recorder.read(() => sdk.read.slots.getMany(board.slots).map(values).then(slot.many)),
  (reading) =>
    listed(reading, lists.activeRecruiters, () =>
      reading.sdk.read.recruiters.getActive().then(recruiter.many),
    ),
  (reading) => {
    const { sdk, board, random } = reading;
    const id = oneOf(random, allCities(board));
    return listed(reading, lists.recruitersOf(id), () =>
      sdk.read.recruiters.getByCity(id).then(recruiter.many),
    );
  },
  (reading) =>
    listed(reading, lists.allRecruiters, () =>
      reading.sdk.read.recruiters
        .list()
        .map(({ items }) => items)
        .then(recruiter.many),
    ),
  (reading) => listed(reading, lists.activeCities, () => reading.sdk.read.cities.getActive().then(city.many)),
  (reading) => {
    const { sdk, board, random } = reading;
    const id = oneOf(random, board.cities);
    return listed(reading, lists.freeOfCity(id), () => sdk.read.slots.getFreeForCity(id).then(slot.many));
  },
  (reading) => {
    const { sdk, board, random } = reading;
    const id = oneOf(random, board.recruiters);
    return listed(reading, lists.freeOfRecruiter(id), () =>
      sdk.read.slots.getFreeForRecruiter(id).then(slot.many),
    );
  },
  // One that outlives its lifetime, because hardly anybody changes it.
  (reading) => {
    const { sdk, board } = reading;
    const id = board.silentRecruiter;
    return listed(reading, recruiterName(id), () => sdk.read.recruiters.find(id).then(recruiter.one));
  },
  // What memory holds, without asking anybody.
  ({ sdk, board, recorder }) => {
    const { recruiters, cities, slots } = sdk.read;
    return recorder.look(() => [
      ...allRecruiters(board).flatMap((id) => seenOf(recruiters.peek(id), recruiterSeen)),
      ...allCities(board).flatMap((id) => seenOf(cities.peek(id), citySeen)),
      ...board.slots.flatMap((id) => seenOf(slots.peek(id), slotSeen)),
    ]);
  },
  // In a unit of work that does not write.
  (reading) => {
    const { sdk, board, random } = reading;
    const id = oneOf(random, board.recruiters);
    return listed(reading, recruiterName(id), () =>
      sdk.transaction((uow) => uow.recruiters.find(id)).then(recruiter.one),
    );
  },
];

const seenOf = <T>(row: T | undefined, seen: (row: T) => Sighting): readonly Sighting[] =>
  row === undefined ? [] : [seen(row)];

const values = <T>(found: ReadonlyMap<unknown, T>): Iterable<T> => found.values();

export const readSomething = (reading: Reading): Promise<unknown> => oneOf(reading.random, kinds)(reading);

/** Everything there is, once, by id. */
export async function readEverything({ sdk, board, recorder }: Reading): Promise<readonly Sighting[]> {
  const { recruiters, cities, slots } = sdk.read;
  const everything: readonly Ask[] = [
    () => recruiters.getMany(allRecruiters(board)).map(values).then(recruiter.many),
    () => cities.getMany(allCities(board)).map(values).then(city.many),
    () => slots.getMany(board.slots).map(values).then(slot.many),
  ];
  const seen: Sighting[] = [];
  for (const ask of everything) seen.push(...(await recorder.read(ask)));
  return seen;
}
