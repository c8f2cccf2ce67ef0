import { err, ok, safeTry, type ResultAsync } from 'neverthrow';
import type { BookingPolicy } from '../../domain/booking/booking-policy.ts';
import type { Booking } from '../../domain/booking/booking.ts';
import { lapsesAt } from '../../domain/booking/taking-rules.ts';
import { moveBooking, type Standing } from '../../domain/booking/transition-booking.ts';
import { actsFor, forbidden, parseActor, type Actor, type Forbidden } from '../../domain/shared/actor.ts';
import type { CandidateId, IdInput, SlotId } from '../../domain/shared/id.ts';
import type { Instant } from '../../domain/shared/instant.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import { runCommand, type CommandError } from '../run-command.ts';
import type { UseCaseContext, UseCaseOptions } from '../use-case.ts';
import { lockTakingTerms, startOf, startTaking, type TakingError, type TermsError } from './start-taking.ts';
import { storeMoved } from './store-transition.ts';
import { lockWantedSlot, type WantedSlotError } from './wanted-slot.ts';
import { withAlternatives } from './with-alternatives.ts';

/** A candidate wants a slot. */
export interface TakeSlot {
  readonly slotId: IdInput<SlotId>;
  readonly candidateId: IdInput<CandidateId>;
  /** The candidate itself when left out. */
  readonly actor?: Actor;
}

export type TakeSlotError = WantedSlotError | TermsError | TakingError | Forbidden | CommandError;

/**
 * Gives a free slot to a candidate, as a hold or as a reservation. Shared by both because only the transition differs.
 * Locks, always in this order: the candidate, the slots concerned by ascending id, the recruiter, the city.
 */
export const takeSlot = (
  context: UseCaseContext,
  kind: 'hold' | 'reserve',
  command: TakeSlot,
  options: UseCaseOptions,
): ResultAsync<Booking, TakeSlotError> =>
  runCommand(context, options, { name: `booking.${kind}`, input: command }, (uow) =>
    take(uow, context.policy, kind, command),
  ).orElse(withAlternatives(context, options));

const take = (
  uow: UnitOfWork,
  global: BookingPolicy,
  kind: 'hold' | 'reserve',
  command: TakeSlot,
): ResultAsync<Booking, TakeSlotError> =>
  safeTry<Booking, TakeSlotError>(async function* () {
    const actor = yield* parseActor(command.actor ?? { kind: 'candidate', id: command.candidateId });
    const candidate = yield* uow.candidates.getForUpdate(command.candidateId);
    if (!actsFor(actor, 'candidate', candidate.id)) return err(forbidden(kind, actor));
    const wanted = yield* lockWantedSlot(uow, command.slotId, candidate);
    const { own, now } = wanted;
    // What one has already is the same answer again; only a hold that becomes a reservation is a new decision.
    if (own !== undefined && (kind === 'hold' || own.booking.state !== 'held')) return ok(own.booking);

    const policy = yield* lockTakingTerms(uow, global, wanted);
    const taken =
      own === undefined
        ? startTaking(uow, kind, wanted, policy, { actor })
        : reserveHeld(uow, policy, own, { now, actor });
    return taken.map(({ booking }) => booking);
  });

const reserveHeld = (
  uow: UnitOfWork,
  policy: BookingPolicy,
  held: Standing,
  { now, actor }: { now: Instant; actor: Actor },
): ResultAsync<Standing, TakeSlotError> =>
  safeTry<Standing, TakeSlotError>(async function* () {
    const { minutes } = startOf('reserve', policy);
    const command = minutes === undefined ? 'bookHeld' : 'requestHeld';
    const expiresAt = minutes === undefined ? undefined : lapsesAt(minutes, held.slot, now);
    const after = yield* moveBooking(command, held, { at: now, actor, expiresAt });
    return storeMoved(uow, { command, before: held, after, at: now, actor });
  });
