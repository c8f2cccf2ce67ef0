import { err, ok, safeTry, type ResultAsync } from 'neverthrow';
import type { InvalidTransition } from '../../domain/booking/booking-transitions.ts';
import { moveBooking } from '../../domain/booking/transition-booking.ts';
import type { CandidateNotFound } from '../../domain/candidate/candidate-errors.ts';
import { actsFor, forbidden, parseActor, type Actor, type Forbidden } from '../../domain/shared/actor.ts';
import { fail } from '../../domain/shared/fail.ts';
import type { IdInput, WaitlistEntryId } from '../../domain/shared/id.ts';
import { changeEntry, type WaitlistEntry } from '../../domain/waitlist/waitlist-entry.ts';
import type { WaitlistEntryEnded, WaitlistEntryNotFound } from '../../domain/waitlist/waitlist-errors.ts';
import type { Accepted } from '../booking/applied-transition.ts';
import { parseReason } from '../booking/reason.ts';
import { storeMoved, type StoreMovedError } from '../booking/store-transition.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import { runCommand, type CommandError } from '../run-command.ts';
import type { UseCaseContext, UseCaseOptions } from '../use-case.ts';
import { storeEntry } from './store-entry.ts';

export interface LeaveWaitlist {
  readonly entryId: IdInput<WaitlistEntryId>;
  readonly actor: Actor;
  readonly reason?: string;
}

export type LeaveWaitlistError =
  | WaitlistEntryNotFound
  | WaitlistEntryEnded
  | CandidateNotFound
  | InvalidTransition
  | Forbidden
  | StoreMovedError
  | CommandError;

/** Ends a candidate's waiting; an offer that is still open is declined, and its slot is free again. Safe to repeat. */
export const leaveWaitlist =
  (context: UseCaseContext) =>
  (command: LeaveWaitlist, options: UseCaseOptions = {}): ResultAsync<WaitlistEntry, LeaveWaitlistError> =>
    runCommand(context, options, { name: 'waitlist.leave', input: command }, (uow) =>
      safeTry<WaitlistEntry, LeaveWaitlistError>(async function* () {
        const actor = yield* parseActor(command.actor);
        const reason = yield* parseReason(command.reason, actor);
        const { candidateId } = yield* uow.waitlist.get(command.entryId);
        if (!actsFor(actor, 'candidate', candidateId)) return err(forbidden('leave', actor));
        // Whoever makes this candidate an offer waits here, or has made it by now.
        yield* uow.candidates.getForUpdate(candidateId);
        const seen = yield* uow.waitlist.get(command.entryId);
        if (seen.status === 'left') return ok(seen);
        const accepted = { at: yield* uow.now(), actor, reason };
        yield* declineOffer(uow, seen, accepted);
        const before = yield* uow.waitlist.getForUpdate(command.entryId);
        if (!before.live) return fail({ type: 'WaitlistEntryEnded', id: before.id, status: before.status });
        const after = changeEntry(before, { to: 'left', at: accepted.at });
        return storeEntry(uow, { ...accepted, action: 'leave', before, after });
      }),
    );

const declineOffer = (
  uow: UnitOfWork,
  { bookingId, status }: WaitlistEntry,
  accepted: Accepted,
): ResultAsync<void, LeaveWaitlistError> =>
  safeTry<void, LeaveWaitlistError>(async function* () {
    if (status !== 'offered' || bookingId === undefined) return ok();
    const before = yield* uow.bookings.lockWithSlot(bookingId);
    if (before.booking.state !== 'offered') return ok();
    const command = before.slot.hasLapsedAt(accepted.at) ? 'expire' : 'declineOffer';
    const after = yield* moveBooking(command, before, accepted);
    return storeMoved(uow, { ...accepted, command, before, after }).map(() => undefined);
  });
