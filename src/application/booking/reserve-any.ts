import { err, ok, safeTry, type ResultAsync } from 'neverthrow';
import type { BookingPolicy } from '../../domain/booking/booking-policy.ts';
import type { Booking } from '../../domain/booking/booking.ts';
import type { CandidateInactive, CandidateNotFound } from '../../domain/candidate/candidate-errors.ts';
import type { Candidate } from '../../domain/candidate/candidate.ts';
import { actsFor, forbidden, parseActor, type Actor, type Forbidden } from '../../domain/shared/actor.ts';
import { fail } from '../../domain/shared/fail.ts';
import type { SlotId } from '../../domain/shared/id.ts';
import type { NoSlotFree } from '../../domain/slot/slot-errors.ts';
import { parseClaim, type SlotClaim } from '../../domain/slot/slot-claim.ts';
import { isActive } from '../../domain/slot/slot-status.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import { runCommand, type CommandError } from '../run-command.ts';
import type { UseCaseContext, UseCaseOptions } from '../use-case.ts';
import { settleSlot, settleSlots, type SettleError } from './settle-slots.ts';
import {
  checkCandidate,
  lockTakingTerms,
  startTaking,
  type TakingError,
  type TermsError,
} from './start-taking.ts';
import type { WantedSlot } from './wanted-slot.ts';

/** A candidate wants a slot, whichever it is. */
export interface ReserveAny extends SlotClaim {
  /** The candidate itself when left out. */
  readonly actor?: Actor;
}

export type ReserveAnyError =
  | NoSlotFree
  | CandidateNotFound
  | CandidateInactive
  | Forbidden
  | SettleError
  | TermsError
  | TakingError
  | CommandError;

/** Rules can change between the claim and the lock on them; more often than this they do not. */
const ATTEMPTS = 3;

/**
 * Reserves, by the rules of `reserve`, one slot of the city that the candidate can have: not at the time of another booking
 * of theirs, not with a recruiter they meet already, not against the policy. Nobody waits for anybody: of any number of
 * candidates each takes another slot, as long as there are enough. `NoSlotFree` when there is none, or when others are
 * taking the last ones at this moment. One query over the free slots of the city, then what `reserve` does.
 *
 * Each call reserves another slot: give an idempotency key, or a policy with `maxActivePerCandidate`, where a call may be
 * repeated.
 */
export const reserveAny =
  (context: UseCaseContext) =>
  (command: ReserveAny, options: UseCaseOptions = {}): ResultAsync<Booking, ReserveAnyError> =>
    runCommand(context, options, { name: 'booking.reserveAny', input: command }, (uow) =>
      safeTry<Booking, ReserveAnyError>(async function* () {
        const { cityId, purpose } = yield* parseClaim(command);
        const actor = yield* parseActor(command.actor ?? { kind: 'candidate', id: command.candidateId });
        const candidate = yield* uow.candidates.getForUpdate(command.candidateId);
        if (!actsFor(actor, 'candidate', candidate.id)) return err(forbidden('reserveAny', actor));
        if (!candidate.active) return fail({ type: 'CandidateInactive', id: candidate.id });
        const now = yield* uow.now();
        const { slots: own } = yield* settleSlots(uow, yield* uow.slots.lockActive(candidate.id), now);
        const ahead = own.filter(({ status }) => isActive(status));

        const found = yield* claim(uow, context.policy, command, { candidate, ahead });
        if (found !== undefined)
          return startTaking(uow, 'reserve', found.wanted, found.policy, { actor }).map(
            ({ booking }) => booking,
          );
        yield* uow.cities.getForShare(cityId);
        return fail({ type: 'NoSlotFree', cityId, purpose });
      }),
    );

interface Claimed {
  readonly wanted: WantedSlot;
  readonly policy: BookingPolicy;
}

/** A slot that is locked, settled and by every rule the candidate's to take. */
const claim = (
  uow: UnitOfWork,
  policy: BookingPolicy,
  command: SlotClaim,
  { candidate, ahead }: { readonly candidate: Candidate; readonly ahead: WantedSlot['ahead'] },
): ResultAsync<Claimed | undefined, SettleError | TermsError> =>
  safeTry<Claimed | undefined, SettleError | TermsError>(async function* () {
    const except: SlotId[] = [];
    while (except.length < ATTEMPTS) {
      const claimed = yield* uow.slots.claimFree(command, { policy, except });
      if (claimed === undefined) return ok(undefined);
      const now = yield* uow.now();
      const slot = yield* settleSlot(uow, claimed, now);
      const wanted: WantedSlot = { now, candidate, slot, ahead, own: undefined };
      const terms = await lockTakingTerms(uow, policy, wanted);
      if (terms.isErr() && !isRefusal(terms.error)) return err(terms.error);
      if (terms.isOk() && checkCandidate(wanted, terms.value).isOk())
        return ok({ wanted, policy: terms.value });
      except.push(slot.id);
    }
    return ok(undefined);
  });

/** What is wrong with this slot, and not with the database. */
const isRefusal = ({ type }: TermsError): boolean =>
  ['RecruiterInactive', 'SlotInPast', 'TooLate', 'TooEarly'].includes(type);
