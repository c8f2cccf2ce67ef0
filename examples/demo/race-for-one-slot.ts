import type { Booking, Candidate, Recruiter, Slot } from '../../src/index.ts';
import { slotTime } from './local-time.ts';
import type { Board } from './publish-a-week.ts';
import type { Stage } from './stage.ts';
import { ms } from './transcript.ts';

/** Who won, and what. */
export interface Won {
  readonly booking: Booking;
  readonly candidate: Candidate;
  readonly loser: Candidate;
  readonly recruiter: Recruiter;
  readonly slot: Slot;
}

const CANDIDATES = 40;

export async function raceForOneSlot({ sdk, transcript }: Stage, board: Board): Promise<Won> {
  transcript.step(`${CANDIDATES} candidates ask for the same slot at the same time`);
  const [{ recruiter, city, slots }] = board.offers;
  const [slot] = slots;
  const candidates: Candidate[] = [];
  for (let number = 1; number <= CANDIDATES; number += 1) {
    const candidate = { fullName: `Candidate ${number}`, telegramId: 1_000_000_000 + number };
    const added = await sdk.transaction((uow) => uow.candidates.add(candidate));
    candidates.push(transcript.must(added, `adding candidate ${number}`));
  }

  transcript.say(`wanted: slot ${slot.id} of ${recruiter.name}, ${slotTime(slot)}`);
  const startedAt = performance.now();
  const outcomes = await Promise.all(
    candidates.map(({ id }) => sdk.booking.reserve({ slotId: slot.id, candidateId: id })),
  );
  const durationMs = performance.now() - startedAt;
  const won = outcomes.flatMap((outcome, index) =>
    outcome.isOk() ? [{ booking: outcome.value, index }] : [],
  );
  const errors = outcomes.flatMap((outcome) => (outcome.isErr() ? [outcome.error] : []));
  const taken = errors.flatMap((error) => (error.type === 'SlotTaken' ? [error] : []));
  transcript.say(`decided in ${ms(durationMs)}: ${won.length} booking, ${taken.length} answers SlotTaken`);
  transcript.check(won.length === 1, 'exactly one candidate got the slot');
  transcript.check(taken.length === CANDIDATES - 1, 'everybody else was told SlotTaken, and nothing else');

  const alternatives = taken[0]?.alternatives ?? [];
  transcript.say('offered instead, the same recruiter first:');
  transcript.table(alternatives.map((other) => [`   slot ${other.id}`, slotTime(other)]));
  transcript.check(
    taken.every((error) => error.alternatives.length === 3),
    'each of them was offered three other slots',
  );
  transcript.check(
    taken.every((error) => error.alternatives.every(({ id, status }) => id !== slot.id && status === 'free')),
    'all of which are free',
  );
  const free = transcript.must(await sdk.read.slots.getFreeForCity(city.id), 'reading free slots');
  transcript.check(
    !free.some(({ id }) => id === slot.id),
    `the cached list of ${city.name} no longer offers slot ${slot.id}`,
  );

  const [{ booking, index } = { booking: undefined, index: -1 }] = won;
  const candidate = candidates[index];
  const loser = candidates[index === 0 ? 1 : 0];
  if (booking === undefined || candidate === undefined || loser === undefined) throw new Error('nobody won');
  transcript.say(`${candidate.fullName} won; booking ${booking.id} is ${booking.state}`);
  return { booking, candidate, loser, recruiter, slot };
}
