import { setTimeout as sleep } from 'node:timers/promises';
import type {
  Booking,
  CandidateId,
  CityId,
  CommitReport,
  Recruiter,
  RecruiterId,
  RepositoryError,
  ResultAsync,
  Slot,
  SlotId,
  Slotwise,
  UnitOfWork,
} from '../../../src/index.ts';
import { monotonicNow, type Commit, type EntityName, type History, type Read } from './history.ts';

/** The few rows that all processes fight for. Every slot belongs to one of the recruiters and to the city. */
export interface SharedBoard {
  readonly cityId: CityId;
  readonly recruiterIds: readonly RecruiterId[];
  readonly slots: readonly { readonly id: SlotId; readonly recruiterId: RecruiterId }[];
  /** Of this process alone. */
  readonly candidateIds: readonly CandidateId[];
}

export interface Play {
  readonly milliseconds: number;
  readonly readers: number;
  readonly writers: number;
}

const READ_PAUSE_MS = 2;
const WRITE_PAUSE_MS = 12;

/** What one process may answer another about the same row; none of them changes anything. */
const refusals = new Set([
  'StaleVersion',
  'SlotTaken',
  'DuplicateBooking',
  'CandidateBusy',
  'InvalidTransition',
]);

const oneOf = <T>(choices: readonly T[]): T => {
  const chosen = choices[Math.floor(Math.random() * choices.length)];
  if (chosen === undefined) throw new Error('nothing to choose from');
  return chosen;
};

const recruiterName = (id: RecruiterId): EntityName => `recruiter:${id}`;
const slotName = (id: SlotId): EntityName => `slot:${id}`;

interface Answer {
  readonly recruiters?: Iterable<Recruiter>;
  readonly slots?: Iterable<Slot>;
  readonly absent?: readonly EntityName[];
}

type AnyError = { readonly type: string };

/** Reads and writes at random until the time is over, and writes down what was committed and what was seen. */
export async function playOnBoard(sdk: Slotwise, board: SharedBoard, play: Play): Promise<History> {
  const recorder = new Recorder();
  const until = performance.now() + play.milliseconds;
  const repeat = async (pauseMs: number, act: () => Promise<void>): Promise<void> => {
    while (performance.now() < until) {
      await act();
      await sleep(Math.random() * pauseMs * 2);
    }
  };
  await Promise.all([
    ...Array.from({ length: play.readers }, () =>
      repeat(READ_PAUSE_MS, () => readSomething(sdk, board, recorder)),
    ),
    ...Array.from({ length: play.writers }, () =>
      repeat(WRITE_PAUSE_MS, () => writeSomething(sdk, board, recorder)),
    ),
  ]);
  return { ...recorder, stats: sdk.cache.stats() };
}

class Recorder {
  readonly commits: Commit[] = [];
  readonly reads: Read[] = [];
  readonly failures: string[] = [];
  refusals = 0;

  error({ type }: AnyError): void {
    if (refusals.has(type)) this.refusals += 1;
    else this.failures.push(type);
  }
}

const reads: readonly ((sdk: Slotwise, board: SharedBoard) => ResultAsync<Answer, AnyError>)[] = [
  ({ read }, { recruiterIds }) =>
    read.recruiters.get(oneOf(recruiterIds)).map((one) => ({ recruiters: [one] })),
  ({ read }, { recruiterIds }) =>
    read.recruiters.getMany(recruiterIds).map((all) => ({ recruiters: all.values() })),
  ({ read }) => read.recruiters.getActive().map((recruiters) => ({ recruiters })),
  ({ read }, { cityId }) => read.recruiters.getByCity(cityId).map((recruiters) => ({ recruiters })),
  ({ read }, { slots }) => read.slots.get(oneOf(slots).id).map((one) => ({ slots: [one] })),
  ({ read }, { slots }) =>
    read.slots.getMany(slots.map(({ id }) => id)).map((all) => ({ slots: all.values() })),
  ({ read }, board) => free(read.slots.getFreeForCity(board.cityId), board.slots),
  ({ read }, { recruiterIds, slots }) => {
    const id = oneOf(recruiterIds);
    const own = slots.filter(({ recruiterId }) => recruiterId === id);
    return free(read.slots.getFreeForRecruiter(id), own);
  },
  (sdk, { recruiterIds }) =>
    sdk.transaction((uow) => uow.recruiters.get(oneOf(recruiterIds))).map((one) => ({ recruiters: [one] })),
];

const free = (
  list: ResultAsync<readonly Slot[], RepositoryError>,
  candidates: SharedBoard['slots'],
): ResultAsync<Answer, RepositoryError> =>
  list.map((slots) => ({
    slots,
    absent: candidates
      .filter(({ id }) => !slots.some((slot) => slot.id === id))
      .map(({ id }) => slotName(id)),
  }));

async function readSomething(sdk: Slotwise, board: SharedBoard, recorder: Recorder): Promise<void> {
  const startedAt = monotonicNow();
  const answer = await oneOf(reads)(sdk, board);
  const endedAt = monotonicNow();
  if (answer.isErr()) return recorder.error(answer.error);
  const { recruiters = [], slots = [], absent = [] } = answer.value;
  const seen = [
    ...[...recruiters].map(({ id, version }) => [recruiterName(id), version] as const),
    ...[...slots].map(({ id, version }) => [slotName(id), version] as const),
  ];
  recorder.reads.push({ startedAt, endedAt, seen, absent });
}

async function writeSomething(sdk: Slotwise, board: SharedBoard, recorder: Recorder): Promise<void> {
  if (Math.random() < 0.5) await renameSomebody(sdk, board, recorder);
  else await reserveAndRelease(sdk, board, recorder);
}

/** Decides on what the cache answers, as a careless host would; the version check of the write is what protects it. */
const renameSomebody = (sdk: Slotwise, board: SharedBoard, recorder: Recorder): Promise<unknown> => {
  const id = oneOf(board.recruiterIds);
  return commit(sdk, recorder, (uow) =>
    uow.recruiters
      .get(id)
      .andThen((recruiter) => recruiter.rename(`Renamed ${Math.random()}`))
      .andThen((recruiter) => uow.recruiters.update(recruiter))
      .map(({ version }) => ({ entity: recruiterName(id), version, free: false })),
  );
};

/** Takes a slot out of the lists of free ones and puts it back. */
async function reserveAndRelease(sdk: Slotwise, board: SharedBoard, recorder: Recorder): Promise<void> {
  const { id: slotId } = oneOf(board.slots);
  const candidateId = oneOf(board.candidateIds);
  let booking: Booking | undefined;
  const reserved = await commit(sdk, recorder, (uow) =>
    sdk.booking.reserve({ slotId, candidateId }, { uow }).andThen((made) => {
      booking = made;
      return slotAsWritten(uow, slotId);
    }),
  );
  if (!reserved || booking === undefined) return;
  await sleep(Math.random() * WRITE_PAUSE_MS * 2);
  const { id: bookingId } = booking;
  await commit(sdk, recorder, (uow) =>
    sdk.booking
      .release({ bookingId, actor: { kind: 'candidate', id: candidateId } }, { uow })
      .andThen(() => slotAsWritten(uow, slotId)),
  );
}

type Written = Pick<Commit, 'entity' | 'version' | 'free'>;

const slotAsWritten = (uow: UnitOfWork, id: SlotId): ResultAsync<Written, AnyError> =>
  uow.slots
    .get(id)
    .map(({ version, status }) => ({ entity: slotName(id), version, free: status === 'free' }));

async function commit(
  sdk: Slotwise,
  recorder: Recorder,
  work: (uow: UnitOfWork) => ResultAsync<Written, AnyError>,
): Promise<boolean> {
  const startedAt = monotonicNow();
  let report: CommitReport | undefined;
  const done = await sdk.transaction(work, {
    onCommit: (told) => {
      report = told;
    },
  });
  const acknowledgedAt = monotonicNow();
  if (done.isErr()) {
    recorder.error(done.error);
    return false;
  }
  recorder.commits.push({
    ...done.value,
    startedAt,
    acknowledgedAt,
    applied: report?.invalidation === 'applied',
  });
  return true;
}
