import { ok, safeTry, type ResultAsync } from 'neverthrow';
import type { CandidateId, CityId, RecruiterId, SlotId, Slotwise } from '../../src/index.ts';
import type { SeedBoardError } from '../../src/testing/seeds/seed-board.ts';
import { seedCandidate } from '../../src/testing/seeds/seed-candidate.ts';
import { seedCity } from '../../src/testing/seeds/seed-city.ts';
import { seedRecruiter } from '../../src/testing/seeds/seed-recruiter.ts';
import { seedSlot } from '../../src/testing/seeds/seed-slot.ts';

const CITIES = 2;
const RECRUITERS = 5;
const SLOTS_EACH = 2;
const CANDIDATES_EACH = 4;

/** The few rows that all processes read and write. */
export interface Board {
  readonly cities: readonly CityId[];
  /** Nobody has slots there, so it can be archived without taking anything else along. */
  readonly spareCity: CityId;
  readonly recruiters: readonly RecruiterId[];
  /** Has no slots, and can be archived for the same reason. */
  readonly spareRecruiter: RecruiterId;
  /** Changed only by writers that are killed before they can tell. */
  readonly silentRecruiter: RecruiterId;
  readonly slots: readonly SlotId[];
  /** By process; nobody takes a slot with somebody else's. */
  readonly candidates: readonly (readonly CandidateId[])[];
}

export const layOutBoard = (sdk: Slotwise, nodes: number): ResultAsync<Board, SeedBoardError> =>
  safeTry<Board, SeedBoardError>(async function* () {
    const cities = [yield* seedCity(sdk)];
    while (cities.length < CITIES) cities.push(yield* seedCity(sdk));
    const spareCity = yield* seedCity(sdk);
    const cityIds = cities.map(({ id }) => id);
    const spareRecruiter = yield* seedRecruiter(sdk, { cityIds: [...cityIds, spareCity.id] });
    const silentRecruiter = yield* seedRecruiter(sdk, { cityIds });
    const recruiters: RecruiterId[] = [];
    const slots: SlotId[] = [];
    while (recruiters.length < RECRUITERS) {
      const recruiter = yield* seedRecruiter(sdk, { cityIds });
      recruiters.push(recruiter.id);
      for (const city of cities.slice(0, SLOTS_EACH))
        slots.push((yield* seedSlot(sdk, { recruiter, city })).id);
    }
    const candidates: CandidateId[][] = [];
    while (candidates.length < nodes) {
      const own: CandidateId[] = [];
      while (own.length < CANDIDATES_EACH) own.push((yield* seedCandidate(sdk)).id);
      candidates.push(own);
    }
    return ok({
      cities: cityIds,
      spareCity: spareCity.id,
      recruiters,
      spareRecruiter: spareRecruiter.id,
      silentRecruiter: silentRecruiter.id,
      slots,
      candidates,
    });
  });

export const allRecruiters = (board: Board): readonly RecruiterId[] => [
  ...board.recruiters,
  board.spareRecruiter,
  board.silentRecruiter,
];

export const allCities = (board: Board): readonly CityId[] => [...board.cities, board.spareCity];
