import { err, ok, safeTry, type Result, type ResultAsync } from 'neverthrow';
import type { Booking } from '../../domain/booking/booking.ts';
import type { Actor } from '../../domain/shared/actor.ts';
import { invalid } from '../../domain/shared/validation-error.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import { runCommand, type CommandError } from '../run-command.ts';
import type { UseCaseContext, UseCaseOptions } from '../use-case.ts';
import { recordOne, type RecordOutcome, type RecordOutcomeError } from './record-outcome.ts';

/** What became of several interviews. */
export interface RecordOutcomes {
  /** 1 to 1,000. */
  readonly outcomes: readonly Omit<RecordOutcome, 'actor'>[];
  readonly actor: Actor;
}

/** An outcome that was not recorded, and why. */
export interface RefusedOutcome {
  /** Its place among those that were handed in, from 0. */
  readonly index: number;
  readonly error: RecordOutcomeError;
}

/** What became of each, in the order given. */
export interface RecordedOutcomes {
  readonly bookings: readonly Booking[];
  readonly refused: readonly RefusedOutcome[];
}

export type RecordOutcomesError = CommandError;

const MOST = 1_000;

/**
 * Records many outcomes in one transaction, each by the rules of `recordOutcome`; one that is refused keeps none of the
 * others from being recorded. Only what keeps the database from answering at all is an error of the whole. About ten
 * statements per outcome.
 */
export const recordOutcomes =
  (context: UseCaseContext) =>
  (
    command: RecordOutcomes,
    options: UseCaseOptions = {},
  ): ResultAsync<RecordedOutcomes, RecordOutcomesError> =>
    runCommand(context, options, { name: 'booking.recordOutcomes', input: command }, (uow) =>
      safeTry<RecordedOutcomes, RecordOutcomesError>(async function* () {
        const { outcomes, actor } = command;
        if (!Array.isArray(outcomes) || outcomes.length === 0 || outcomes.length > MOST)
          return invalid('outcomes', `must be a list of 1 to ${MOST}`);
        const results = new Map<number, Result<Booking, RecordOutcomeError>>();
        for (const index of yield* await inLockOrder(uow, outcomes)) {
          const one = { ...(outcomes[index] as Omit<RecordOutcome, 'actor'>), actor };
          const result = await uow.savepoint((inner) => recordOne(inner, one));
          if (result.isErr() && isBroken(result.error)) return err(result.error);
          results.set(index, result);
        }
        return ok(inOrder(results));
      }),
    );

function inOrder(results: ReadonlyMap<number, Result<Booking, RecordOutcomeError>>): RecordedOutcomes {
  const sorted = [...results].sort(([one], [other]) => one - other);
  return {
    bookings: sorted.flatMap(([, result]) => (result.isOk() ? [result.value] : [])),
    refused: sorted.flatMap(([index, result]) => (result.isErr() ? [{ index, error: result.error }] : [])),
  };
}

/** Positions by ascending slot, so that two lists never wait for each other; what has no slot comes first. */
async function inLockOrder(
  uow: UnitOfWork,
  outcomes: RecordOutcomes['outcomes'],
): Promise<Result<readonly number[], RecordOutcomesError>> {
  const slots: number[] = [];
  for (const item of outcomes) {
    const found = await uow.bookings.find((item as RecordOutcome | undefined)?.bookingId ?? Number.NaN);
    if (found.isErr() && found.error.type !== 'Validation') return err(found.error);
    slots.push(found.isOk() ? (found.value?.slotId ?? 0) : 0);
  }
  return ok([...slots.keys()].sort((a, b) => (slots[a] ?? 0) - (slots[b] ?? 0)));
}

/** What no other item of the list would fare better with; some of it is worth a retry of the whole. */
const isBroken = (error: RecordOutcomeError): error is Extract<RecordOutcomeError, RecordOutcomesError> =>
  ['Database', 'Timeout', 'UnitOfWorkState', 'Unexpected'].includes(error.type);
