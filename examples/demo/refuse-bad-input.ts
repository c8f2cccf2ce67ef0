import {
  describeError,
  systemClock,
  type InstantInput,
  type ResultAsync,
  type Slotwise,
  type SlotwiseError,
} from '../../src/index.ts';
import type { Board } from './publish-a-week.ts';
import type { Won } from './race-for-one-slot.ts';
import type { Stage } from './stage.ts';
import { storedRows } from './stored-rows.ts';

interface Attempt {
  readonly what: string;
  readonly expected: SlotwiseError['type'];
  /** The error it was answered with, if any. */
  readonly make: () => Promise<SlotwiseError | undefined>;
}

const HOUR = 3_600_000;

export async function refuseBadInput({ sdk, transcript }: Stage, board: Board, won: Won): Promise<void> {
  transcript.step('Bad input gets an error that says what is wrong, and changes nothing');
  const before = transcript.must(await storedRows(sdk, board), 'listing all rows');
  const rows: string[][] = [];
  const surprises: string[] = [];
  for (const { what, expected, make } of attempts(sdk, board, won)) {
    const error = await make();
    rows.push([what, error?.type ?? 'accepted', error === undefined ? '' : describeError(error)]);
    if (error?.type !== expected) surprises.push(`${what} is answered with ${expected}`);
  }
  transcript.table(rows);
  transcript.check(surprises.length === 0, surprises[0] ?? `all ${rows.length} got the documented error`);
  const after = transcript.must(await storedRows(sdk, board), 'listing all rows');
  transcript.check(
    after.join() === before.join(),
    `the same ${before.length} rows are stored as before, all in the same version`,
  );
}

function attempts(
  sdk: Slotwise,
  board: Board,
  { booking, candidate, recruiter, slot }: Won,
): readonly Attempt[] {
  const [{ city }] = board.offers;
  const otherCity = board.cities.find(({ id }) => id !== city.id) ?? city;
  const now = systemClock.now();
  const yesterday = now.plus(-24 * HOUR);
  const tomorrow = now.plus(24 * HOUR);
  const publish = (startsAt: InstantInput, endsAt: InstantInput, cityId = city.id) =>
    sdk.slots.publish({ recruiterId: recruiter.id, cityId, startsAt, endsAt });
  const asRecruiter = { bookingId: booking.id, actor: { kind: 'recruiter', id: recruiter.id } } as const;
  return [
    attempt('a city on Mars', 'InvalidTimeZone', () =>
      sdk.transaction((uow) => uow.cities.add({ name: 'Olympus', timeZone: 'Mars/Olympus_Mons' })),
    ),
    attempt('a slot yesterday', 'SlotInPast', () => publish(yesterday, yesterday.plus(HOUR))),
    attempt('two slots at once', 'SlotOverlap', () => publish(slot.startsAt.plus(HOUR / 4), slot.endsAt)),
    attempt('a five-minute slot', 'Validation', () => publish(tomorrow, tomorrow.plus(HOUR / 12))),
    attempt('a time, no offset', 'Validation', () => publish('2030-01-07T09:00:00', '2030-01-07T10:00:00')),
    attempt('a foreign city', 'CityNotLinked', () => publish(tomorrow, tomorrow.plus(HOUR), otherCity.id)),
    attempt('slot number -1', 'Validation', () =>
      sdk.booking.reserve({ slotId: -1, candidateId: candidate.id }),
    ),
    attempt('unknown candidate', 'CandidateNotFound', () =>
      sdk.booking.reserve({ slotId: slot.id, candidateId: 999_999 }),
    ),
    attempt('no reason given', 'Validation', () => sdk.booking.cancel(asRecruiter)),
    attempt('approving twice', 'InvalidTransition', () => sdk.booking.approve(asRecruiter)),
    // The board still holds the recruiter as it was before it got another name.
    attempt('an old version', 'StaleVersion', () =>
      sdk.transaction((uow) => uow.recruiters.update(recruiter.archive())),
    ),
  ];
}

const attempt = <T, E extends SlotwiseError>(
  what: string,
  expected: SlotwiseError['type'],
  make: () => ResultAsync<T, E>,
): Attempt => ({
  what,
  expected,
  make: () =>
    make().match(
      () => undefined,
      (error): SlotwiseError => error,
    ),
});
