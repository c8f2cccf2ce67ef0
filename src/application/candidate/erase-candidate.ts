import { err, ok, safeTry, type ResultAsync } from 'neverthrow';
import type {
  CandidateHasBookings,
  CandidateNotFound,
  TelegramIdTaken,
} from '../../domain/candidate/candidate-errors.ts';
import type { Candidate } from '../../domain/candidate/candidate.ts';
import { actsFor, forbidden, parseActor, type Actor, type Forbidden } from '../../domain/shared/actor.ts';
import { fail } from '../../domain/shared/fail.ts';
import type { BookingId, CandidateId, IdInput } from '../../domain/shared/id.ts';
import type { Instant } from '../../domain/shared/instant.ts';
import type { RepositoryError, StaleVersion } from '../../domain/shared/repository-error.ts';
import type { InvalidTimeZone } from '../../domain/shared/time-zone.ts';
import type { SlotNotFound } from '../../domain/slot/slot-errors.ts';
import type { Slot } from '../../domain/slot/slot.ts';
import type { WaitlistEntryNotFound } from '../../domain/waitlist/waitlist-errors.ts';
import { parseReason } from '../booking/reason.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import { runCommand, type CommandError } from '../run-command.ts';
import type { UseCaseContext, UseCaseOptions } from '../use-case.ts';
import { endWaiting } from '../waitlist/end-waiting.ts';

/** Somebody wants to be forgotten. */
export interface EraseCandidate {
  readonly candidateId: IdInput<CandidateId>;
  /** The candidate, an admin or the system. */
  readonly actor: Actor;
  /** Kept in the audit trail, so it must not say who it was. */
  readonly reason?: string;
}

export type EraseCandidateError =
  | CandidateNotFound
  | CandidateHasBookings
  | Forbidden
  | SlotNotFound
  | WaitlistEntryNotFound
  | TelegramIdTaken
  | InvalidTimeZone
  | StaleVersion
  | CommandError;

/**
 * Forgets who a candidate was, and keeps what happened: name, Telegram id, user name, phone and time zone are removed
 * from the candidate, and what people wrote about their bookings from bookings, the audit trail and events that wait to
 * be delivered. What commands with an idempotency key have answered about them, and tokens of their bookings, are gone.
 * Ids, states and times stay, so that counts and histories still agree. The candidate is archived and waits for nothing.
 *
 * Answers `CandidateHasBookings` while there are bookings ahead; those that lapsed or are over do not count. Locks the
 * candidate, then the slots of those bookings. Erasing again is allowed, and forgets what was written meanwhile.
 */
export const eraseCandidate =
  (context: UseCaseContext) =>
  (command: EraseCandidate, options: UseCaseOptions = {}): ResultAsync<Candidate, EraseCandidateError> =>
    runCommand(context, options, { name: 'candidates.erase', input: command }, (uow) =>
      safeTry<Candidate, EraseCandidateError>(async function* () {
        const actor = yield* parseActor(command.actor);
        const reason = yield* parseReason(command.reason, actor);
        const candidate = yield* uow.candidates.getForUpdate(command.candidateId);
        if (!actsFor(actor, 'candidate', candidate.id)) return err(forbidden('erase', actor));
        const now = yield* uow.now();
        const bookingIds = yield* bookingsAhead(uow, candidate.id, now);
        if (bookingIds.length > 0)
          return fail({ type: 'CandidateHasBookings', candidateId: candidate.id, bookingIds });

        yield* endWaiting(uow, candidate.id, { at: now, actor, reason });
        const erased = yield* uow.candidates.update(candidate.erase());
        yield* uow.bookings.forgetReasons(candidate.id);
        yield* uow.reschedules.forgetTexts(candidate.id);
        yield* uow.audit.forgetReasons(candidate.id);
        yield* uow.events.forgetReasons(candidate.id);
        yield* uow.idempotency.forget(candidate.id);
        yield* uow.tokens.forget(candidate.id);
        return uow.audit
          .append({
            at: now,
            entity: 'candidate',
            entityId: candidate.id,
            action: 'erase',
            candidateId: candidate.id,
            actor,
            reason,
          })
          .map(() => erased);
      }),
    );

/** While the candidate is locked there will be no others. */
const bookingsAhead = (
  uow: UnitOfWork,
  candidateId: CandidateId,
  now: Instant,
): ResultAsync<readonly BookingId[], SlotNotFound | RepositoryError> =>
  safeTry<readonly BookingId[], SlotNotFound | RepositoryError>(async function* () {
    const ahead: BookingId[] = [];
    for (const { id, slotId } of yield* uow.bookings.listLive(candidateId)) {
      const slot = yield* uow.slots.getForUpdate(slotId);
      if (!isOver(slot, now)) ahead.push(id);
    }
    return ok(ahead);
  });

const isOver = (slot: Slot, now: Instant): boolean => slot.hasLapsedAt(now) || !slot.endsAt.isAfter(now);
