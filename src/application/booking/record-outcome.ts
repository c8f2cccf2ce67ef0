import { ok, safeTry, type ResultAsync } from 'neverthrow';
import type { BookingOutcome } from '../../domain/booking/booking-state.ts';
import type { Booking } from '../../domain/booking/booking.ts';
import { parseActor, type Actor } from '../../domain/shared/actor.ts';
import type { BookingId, IdInput } from '../../domain/shared/id.ts';
import { runCommand, type CommandError } from '../run-command.ts';
import type { UseCaseContext, UseCaseOptions } from '../use-case.ts';
import { decideOutcome, parseOutcome, type OutcomeRefused } from './decide-outcome.ts';
import { parseReason } from './reason.ts';
import { storeMoved, type StoreMovedError } from './store-transition.ts';

/** What became of an interview. */
export interface RecordOutcome {
  readonly bookingId: IdInput<BookingId>;
  readonly outcome: BookingOutcome;
  readonly actor: Actor;
  readonly reason?: string;
}

export type RecordOutcomeError = OutcomeRefused | StoreMovedError | CommandError;

/**
 * The slot's recruiter says, from its start on, whether the interview took place or who did not come; the booking is
 * `completed` by it. One that was completed because its time was over takes an outcome later. An outcome is recorded once:
 * the same one again answers the same booking, another one is an `InvalidTransition`. Before the start: `TooEarly`.
 */
export const recordOutcome =
  (context: UseCaseContext) =>
  (command: RecordOutcome, options: UseCaseOptions = {}): ResultAsync<Booking, RecordOutcomeError> =>
    runCommand(context, options, { name: 'booking.recordOutcome', input: command }, (uow) =>
      safeTry<Booking, RecordOutcomeError>(async function* () {
        const actor = yield* parseActor(command.actor);
        const reason = yield* parseReason(command.reason, actor);
        const outcome = yield* parseOutcome(command.outcome);
        const before = yield* uow.bookings.lockWithSlot(command.bookingId);
        const at = yield* uow.now();
        const move = yield* decideOutcome(before, { at, actor, reason, outcome });
        if (move === undefined) return ok(before.booking);
        return storeMoved(uow, move).map(({ booking }) => booking);
      }),
    );
