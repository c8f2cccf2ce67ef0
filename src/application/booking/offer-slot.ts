import { err, ok, safeTry, type ResultAsync } from 'neverthrow';
import type { BookingPolicy } from '../../domain/booking/booking-policy.ts';
import type { Booking } from '../../domain/booking/booking.ts';
import { actsFor, forbidden, parseActor, type Actor, type Forbidden } from '../../domain/shared/actor.ts';
import { fail } from '../../domain/shared/fail.ts';
import type { CandidateId, IdInput, SlotId } from '../../domain/shared/id.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import { runCommand, type CommandError } from '../run-command.ts';
import type { UseCaseContext, UseCaseOptions } from '../use-case.ts';
import { parseReason } from './reason.ts';
import { lockTakingTerms, startTaking, type TakingError, type TermsError } from './start-taking.ts';
import { lockWantedSlot, type WantedSlotError } from './wanted-slot.ts';
import { withAlternatives } from './with-alternatives.ts';

/** A recruiter proposes a slot of theirs to a candidate. */
export interface OfferSlot {
  readonly slotId: IdInput<SlotId>;
  readonly candidateId: IdInput<CandidateId>;
  readonly actor: Actor;
  readonly reason?: string;
}

export type OfferSlotError = WantedSlotError | TermsError | TakingError | Forbidden | CommandError;

/**
 * Keeps a free slot for a candidate until they answer, at most for the policy's offer time and until it starts: they
 * accept with `confirm` and decline with `reject`, the recruiter takes it back with `release`. An offer that lapsed blocks
 * nobody. The rules of `reserve` hold, so that only what can be had is offered; offering the same again answers the same
 * booking. A slot that the candidate has by another way is an `InvalidTransition`.
 */
export const offerSlot =
  (context: UseCaseContext) =>
  (command: OfferSlot, options: UseCaseOptions = {}): ResultAsync<Booking, OfferSlotError> =>
    runCommand(context, options, { name: 'booking.offer', input: command }, (uow) =>
      offer(uow, context.policy, command),
    ).orElse(withAlternatives(context, options));

const offer = (
  uow: UnitOfWork,
  global: BookingPolicy,
  command: OfferSlot,
): ResultAsync<Booking, OfferSlotError> =>
  safeTry<Booking, OfferSlotError>(async function* () {
    const actor = yield* parseActor(command.actor);
    const reason = yield* parseReason(command.reason, actor);
    if (actor.kind === 'candidate') return err(forbidden('offer', actor));
    const candidate = yield* uow.candidates.getForUpdate(command.candidateId);
    const wanted = yield* lockWantedSlot(uow, command.slotId, candidate);
    const { slot, own } = wanted;
    if (!actsFor(actor, 'recruiter', slot.recruiterId)) return err(forbidden('offer', actor));
    if (own?.booking.state === 'offered') return ok(own.booking);
    if (own !== undefined)
      return fail({ type: 'InvalidTransition', command: 'offer', from: own.booking.state, to: 'offered' });

    const policy = yield* lockTakingTerms(uow, global, wanted);
    return startTaking(uow, 'offer', wanted, policy, { actor, reason }).map(({ booking }) => booking);
  });
