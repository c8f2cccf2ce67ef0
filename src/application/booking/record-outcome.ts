import { err, ok, safeTry, type Result, type ResultAsync } from 'neverthrow';
import type { TooEarly } from '../../domain/booking/booking-errors.ts';
import { bookingOutcomes, type BookingOutcome } from '../../domain/booking/booking-state.ts';
import type { InvalidTransition } from '../../domain/booking/booking-transitions.ts';
import type { Booking } from '../../domain/booking/booking.ts';
import { moveBooking } from '../../domain/booking/transition-booking.ts';
import { actsFor, forbidden, parseActor, type Actor, type Forbidden } from '../../domain/shared/actor.ts';
import { fail } from '../../domain/shared/fail.ts';
import type { BookingId, IdInput } from '../../domain/shared/id.ts';
import { invalid, type ValidationError } from '../../domain/shared/validation-error.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import { runCommand, type CommandError } from '../run-command.ts';
import type { UseCaseContext, UseCaseOptions } from '../use-case.ts';
import { parseReason } from './reason.ts';
import { storeMoved, type StoreMovedError } from './store-transition.ts';

/** What became of an interview. */
export interface RecordOutcome {
  readonly bookingId: IdInput<BookingId>;
  readonly outcome: BookingOutcome;
  readonly actor: Actor;
  readonly reason?: string;
}

type RecordOneError = Forbidden | InvalidTransition | TooEarly | StoreMovedError;
export type RecordOutcomeError = RecordOneError | CommandError;

/**
 * The slot's recruiter says, from its start on, whether the interview took place or who did not come; the booking is
 * `completed` by it. One that was completed because its time was over takes an outcome later. An outcome is recorded once:
 * the same one again answers the same booking, another one is an `InvalidTransition`. Before the start: `TooEarly`.
 */
export const recordOutcome =
  (context: UseCaseContext) =>
  (command: RecordOutcome, options: UseCaseOptions = {}): ResultAsync<Booking, RecordOutcomeError> =>
    runCommand(context, options, { name: 'booking.recordOutcome', input: command }, (uow) =>
      recordOne(uow, command),
    );

/** The same inside a unit of work. */
export const recordOne = (uow: UnitOfWork, command: RecordOutcome): ResultAsync<Booking, RecordOneError> =>
  safeTry<Booking, RecordOneError>(async function* () {
    const actor = yield* parseActor(command.actor);
    const reason = yield* parseReason(command.reason, actor);
    const outcome = yield* parseOutcome(command.outcome);
    const before = yield* uow.bookings.lockWithSlot(command.bookingId);
    const { slot, booking } = before;
    if (!actsFor(actor, 'recruiter', slot.recruiterId)) return err(forbidden('recordOutcome', actor));
    if (booking.outcome === outcome) return ok(booking);
    if (booking.outcome !== undefined)
      return fail({
        type: 'InvalidTransition',
        command: 'recordOutcome',
        from: 'completed',
        to: 'completed',
      });

    const accepted = { at: yield* uow.now(), actor, reason };
    const row = booking.state === 'completed' ? 'recordOutcome' : 'complete';
    const after = yield* moveBooking(row, before, { ...accepted, outcome });
    if (slot.startsAt.isAfter(accepted.at)) return fail({ type: 'TooEarly', opensAt: slot.startsAt });
    return storeMoved(uow, { ...accepted, command: row, before, after }).map((stored) => stored.booking);
  });

const parseOutcome = (input: BookingOutcome): Result<BookingOutcome, ValidationError> =>
  bookingOutcomes.includes(input)
    ? ok(input)
    : invalid('outcome', `must be one of ${bookingOutcomes.join(', ')}`);
