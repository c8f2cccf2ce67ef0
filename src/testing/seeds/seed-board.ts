import { ok, safeTry, type ResultAsync } from 'neverthrow';
import type { Candidate } from '../../domain/candidate/candidate.ts';
import type { City } from '../../domain/city/city.ts';
import type { Recruiter } from '../../domain/recruiter/recruiter.ts';
import type { Slot } from '../../domain/slot/slot.ts';
import type { Slotwise } from '../../infrastructure/slotwise.ts';
import { seedCandidate, type SeedCandidateError } from './seed-candidate.ts';
import { seedCity, type SeedCityError } from './seed-city.ts';
import { seedRecruiter, type SeedRecruiterError } from './seed-recruiter.ts';
import { seedSlot, type SeedSlotError } from './seed-slot.ts';

/** How much of everything; 1 each when left out. */
export interface SeedBoard {
  readonly recruiters?: number;
  readonly slotsPerRecruiter?: number;
  readonly candidates?: number;
}

/** A city with recruiters who work there, their free slots, and candidates. */
export interface Board {
  readonly city: City;
  /** The first of `recruiters`; `slot` and `candidate` likewise. */
  readonly recruiter: Recruiter;
  readonly slot: Slot;
  readonly candidate: Candidate;
  readonly recruiters: readonly Recruiter[];
  /** By recruiter, then by start. */
  readonly slots: readonly Slot[];
  readonly candidates: readonly Candidate[];
}

export type SeedBoardError = SeedCityError | SeedRecruiterError | SeedSlotError | SeedCandidateError;

/** Stores a whole board of its own: nothing on it is shared with another board. At least one of everything. */
export const seedBoard = (
  sdk: Slotwise,
  { recruiters = 1, slotsPerRecruiter = 1, candidates = 1 }: SeedBoard = {},
): ResultAsync<Board, SeedBoardError> =>
  safeTry<Board, SeedBoardError>(async function* () {
    const city = yield* seedCity(sdk);
    const recruiter = yield* seedRecruiter(sdk, { cityIds: [city.id] });
    const slot = yield* seedSlot(sdk, { recruiter, city });
    const candidate = yield* seedCandidate(sdk);
    const board = { recruiters: [recruiter], slots: [slot], candidates: [candidate] };
    while (board.candidates.length < candidates) board.candidates.push(yield* seedCandidate(sdk));
    for (let missing = slotsPerRecruiter - 1; missing > 0; missing -= 1)
      board.slots.push(yield* seedSlot(sdk, { recruiter, city }));
    while (board.recruiters.length < recruiters) {
      const another = yield* seedRecruiter(sdk, { cityIds: [city.id] });
      board.recruiters.push(another);
      for (let missing = slotsPerRecruiter; missing > 0; missing -= 1)
        board.slots.push(yield* seedSlot(sdk, { recruiter: another, city }));
    }
    return ok({ city, recruiter, slot, candidate, ...board });
  });
