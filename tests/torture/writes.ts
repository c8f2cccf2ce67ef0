import { err, ok, okAsync, type Result, type ResultAsync } from 'neverthrow';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Booking, CandidateId, Instant, Slot, UnitOfWork } from '../../src/index.ts';
import type { Board } from './board.ts';
import { slotWritten, someRareEdit, someRecruiterEdit, type Edit, type Written } from './edits.ts';
import { slotName } from './rows.ts';
import { oneOf, type Random } from './random.ts';
import { UNDONE, type TypedError } from './recorder.ts';
import { transact, type Transactor, type Work } from './transact.ts';

/** What one writer of a process writes with. */
export interface Writing extends Transactor {
  readonly board: Board;
  readonly random: Random;
  /** Of this writer alone. */
  readonly candidates: readonly CandidateId[];
  /** Slots that this process has published and not deleted yet. */
  readonly published: Slot[];
  /** When a slot may begin that overlaps nothing; a moment is never answered twice. */
  readonly nextStart: () => Instant;
  /** A name that nobody has used before. */
  readonly name: () => string;
}

type Kind = (writing: Writing) => Promise<unknown>;

const MINUTE = 60_000;
const MOST_PUBLISHED = 3;
const LONGEST_RESERVATION_MS = 30;

const UNDO: TypedError = { type: UNDONE };
const undo = (): Result<never, TypedError> => err(UNDO);

/** Edits one after the other, in a transaction that may then go on. */
const inTurn =
  (...edits: readonly Edit[]): Work =>
  (uow) =>
    edits.reduce<ResultAsync<readonly Written[], TypedError>>(
      (before, edit) => before.andThen((written) => edit(uow).map((one) => [...written, one])),
      okAsync([]),
    );

/** Makes edits in a savepoint and undoes them. */
const undoneInSavepoint =
  (...edits: readonly Edit[]) =>
  (uow: UnitOfWork): ResultAsync<undefined, TypedError> =>
    uow
      .savepoint((inner) => inTurn(...edits)(inner).andThen(undo))
      .map(() => undefined)
      .orElse((error: TypedError) => (error.type === UNDONE ? ok(undefined) : err(error)));

/** In ascending order, so that two transactions never wait for each other. */
function twoRecruiters({ board, random }: Writing): readonly [number, number] {
  const [first, second] = [oneOf(random, board.recruiters), oneOf(random, board.recruiters)];
  return first < second ? [first, second] : [second, first];
}

const edit = ({ board, random, name }: Writing, recruiterId: number): Edit =>
  someRecruiterEdit(recruiterId, board, random, name());

const publish = ({
  board,
  random,
  nextStart,
}: Writing): ((uow: UnitOfWork) => ResultAsync<Slot, TypedError>) => {
  const startsAt = nextStart();
  const slot = {
    recruiterId: oneOf(random, board.recruiters),
    cityId: oneOf(random, board.cities),
    startsAt,
    endsAt: startsAt.plus(30 * MINUTE),
    timeZone: 'Europe/Berlin',
  };
  return (uow) => uow.slots.add(slot);
};

const commits: readonly Kind[] = [
  (writing) => transact(writing, inTurn(edit(writing, oneOf(writing.random, writing.board.recruiters)))),
  (writing) => transact(writing, inTurn(someRareEdit(writing.board, writing.random, writing.name()))),
  (writing) => transact(writing, inTurn(...twoRecruiters(writing).map((id) => edit(writing, id)))),
];

const savepoints: readonly Kind[] = [
  // The second edit is undone, also when it is of the same row as the first.
  (writing) => {
    const [first, second] = twoRecruiters(writing);
    const [kept, undone] = [edit(writing, first), edit(writing, second)];
    return transact(writing, (uow) =>
      inTurn(kept)(uow).andThen((written) => undoneInSavepoint(undone)(uow).map(() => written)),
    );
  },
  // What a nested savepoint keeps is undone with the one around it, and what comes after it counts.
  (writing) => {
    const [first, second] = twoRecruiters(writing);
    const [inner, outer, kept] = [edit(writing, first), edit(writing, first), edit(writing, second)];
    const nested: Edit = (uow) => uow.savepoint((deeper) => inner(deeper)).mapErr(asTyped);
    return transact(writing, (uow) => undoneInSavepoint(nested, outer)(uow).andThen(() => inTurn(kept)(uow)));
  },
  (writing) => {
    const kept = edit(writing, oneOf(writing.random, writing.board.recruiters));
    return transact(writing, (uow) => uow.savepoint((inner) => inTurn(kept)(inner)).mapErr(asTyped));
  },
];

const asTyped = (error: TypedError): TypedError => error;

const rollbacks: readonly Kind[] = [
  (writing) => {
    const edits = twoRecruiters(writing).map((id) => edit(writing, id));
    return transact(writing, (uow) => inTurn(...edits)(uow).andThen(undo));
  },
  (writing) => {
    const work = publish(writing);
    return transact(writing, (uow) => work(uow).andThen(undo));
  },
  // A slot is taken off the board, and is there all the same in the end.
  (writing) => {
    const slotId = oneOf(writing.random, writing.board.slots);
    const command = { slotId, actor: { kind: 'admin' }, reason: 'never committed' } as const;
    return transact(writing, (uow) => writing.sdk.slots.withdraw(command, { uow }).andThen(undo));
  },
  abandon,
];

/** A unit of work that nobody commits. Whoever opens one is told of a deadlock and would begin again; this one ends anyway. */
async function abandon(writing: Writing): Promise<void> {
  await using uow = writing.sdk.unitOfWork();
  const edited = await edit(writing, oneOf(writing.random, writing.board.recruiters))(uow);
  writing.recorder.error(edited.isErr() && !isDeadlock(edited.error) ? edited.error : UNDO);
}

const isDeadlock = (error: TypedError): boolean => 'sqlState' in error && error.sqlState === '40P01';

/** Takes a slot out of the lists of free ones and puts it back. */
async function reserveAndRelease(writing: Writing): Promise<void> {
  const { sdk, board, random } = writing;
  const slotId = oneOf(random, board.slots);
  const candidateId = oneOf(random, writing.candidates);
  let booking: Booking | undefined;
  const slotNow: Work = (uow) => uow.slots.get(slotId).map((slot) => [slotWritten(slot)]);
  const reserved = await transact(writing, (uow) =>
    sdk.booking.reserve({ slotId, candidateId }, { uow }).andThen((made) => {
      booking = made;
      return slotNow(uow);
    }),
  );
  if (!reserved || booking === undefined) return;
  await sleep(random() * LONGEST_RESERVATION_MS);
  const command = { bookingId: booking.id, actor: { kind: 'candidate', id: candidateId } } as const;
  await transact(writing, (uow) => sdk.booking.release(command, { uow }).andThen(() => slotNow(uow)));
}

/** Adds a slot to the lists, or takes one of those out again. */
async function publishOrDelete(writing: Writing): Promise<void> {
  const { published, random } = writing;
  if (published.length > random() * MOST_PUBLISHED) {
    const [slot] = published.splice(Math.floor(random() * published.length), 1);
    if (slot === undefined) return;
    const gone = { ...slotWritten(slot), entity: slotName(slot.id), version: slot.version + 1 };
    await transact(writing, (uow) => uow.slots.delete(slot.id).map(() => [gone]));
    return;
  }
  const work = publish(writing);
  let added: Slot | undefined;
  const committed = await transact(writing, (uow) =>
    work(uow).map((slot) => {
      added = slot;
      return [slotWritten(slot)];
    }),
  );
  if (committed && added !== undefined) published.push(added);
}

/** As often as they are named. */
const kinds: readonly (readonly Kind[])[] = [
  commits,
  commits,
  savepoints,
  rollbacks,
  [reserveAndRelease],
  [reserveAndRelease],
  [publishOrDelete],
];

export const writeSomething = (writing: Writing): Promise<unknown> =>
  oneOf(writing.random, oneOf(writing.random, kinds))(writing);
