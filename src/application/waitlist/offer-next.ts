import { err, ok, okAsync, safeTry, type Result, type ResultAsync } from 'neverthrow';
import type { Booking } from '../../domain/booking/booking.ts';
import { actsFor, forbidden, parseActor, type Actor, type Forbidden } from '../../domain/shared/actor.ts';
import { fail } from '../../domain/shared/fail.ts';
import { parseSlotId, type IdInput, type SlotId } from '../../domain/shared/id.ts';
import type { RepositoryError } from '../../domain/shared/repository-error.ts';
import type { SlotNotFound } from '../../domain/slot/slot-errors.ts';
import { changeEntry, type WaitlistEntry } from '../../domain/waitlist/waitlist-entry.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import { offerSlot, type OfferSlotError } from '../booking/offer-slot.ts';
import { runCommand, type CommandError } from '../run-command.ts';
import type { UseCaseContext, UseCaseOptions } from '../use-case.ts';
import { storeEntry, type StoreEntryError } from './store-entry.ts';

export interface OfferNext {
  readonly slotId: IdInput<SlotId>;
  /** The slot's recruiter, an admin or the system, which it is when left out. */
  readonly actor?: Actor;
}

/** Who was offered the slot, and the booking that keeps it for them until it expires. */
export interface WaitlistOffer {
  readonly entry: WaitlistEntry;
  readonly booking: Booking;
}

export type OfferNextError = Forbidden | OfferSlotError | StoreEntryError | CommandError;

/** Somebody else has made this entry an offer meanwhile, or it has left. */
interface NoLongerWaiting {
  readonly type: 'NoLongerWaiting';
}

type Attempt = Result<WaitlistOffer, OfferNextError | NoLongerWaiting>;

/** Why one candidate cannot have the slot while the next one may. */
const theirOwn: ReadonlySet<string> = new Set([
  'NoLongerWaiting',
  'CandidateInactive',
  'CandidateBusy',
  'DuplicateBooking',
  'TooManyBookings',
] satisfies readonly (OfferSlotError | NoLongerWaiting)['type'][]);

/** Why nobody can have the slot now; it may be withdrawn, or the candidate has just taken it another way. */
const theSlots: ReadonlySet<string> = new Set([
  'SlotTaken',
  'InvalidTransition',
  'SlotInPast',
  'TooLate',
  'TooEarly',
  'RecruiterInactive',
  'CityInactive',
] satisfies readonly OfferSlotError['type'][]);

/**
 * Offers a free slot to whoever has waited longest for one like it and can have it by every rule of booking. The offer
 * keeps the slot for the policy's offer time; whoever had a slot before, or did not want it, is not offered it again.
 * `undefined` when the slot cannot be had now or nobody waits for it. An offer on it that has expired is cleared first, so
 * that the next in line gets theirs. Of calls at the same time exactly one makes the offer. Safe to repeat.
 */
export const offerNext =
  (context: UseCaseContext) =>
  (
    command: OfferNext,
    options: UseCaseOptions = {},
  ): ResultAsync<WaitlistOffer | undefined, OfferNextError> =>
    runCommand(context, options, { name: 'waitlist.offerNext', input: command }, (uow) =>
      safeTry<WaitlistOffer | undefined, OfferNextError>(async function* () {
        const actor = yield* parseActor(command.actor ?? { kind: 'system' });
        const slotId = yield* parseSlotId(command.slotId);
        let entry: WaitlistEntry | undefined = yield* uow.waitlist.findNextFor(slotId, 0);
        if (entry === undefined) return mayOffer(uow, slotId, actor).map(() => undefined);
        while (entry !== undefined) {
          const attempt: Attempt = await attemptOffer(context, uow, slotId, entry, actor);
          if (attempt.isOk()) return ok(attempt.value);
          const { error } = attempt;
          if (theSlots.has(error.type)) return ok(undefined);
          if (!theirOwn.has(error.type)) return err(error as OfferNextError);
          entry = yield* uow.waitlist.findNextFor(slotId, entry.id);
        }
        return ok(undefined);
      }),
    );

/** In a savepoint, so that one who cannot have the slot leaves neither locks nor traces before the next one is asked. */
const attemptOffer = (
  context: UseCaseContext,
  uow: UnitOfWork,
  slotId: SlotId,
  { id, candidateId }: WaitlistEntry,
  actor: Actor,
): ResultAsync<WaitlistOffer, OfferNextError | NoLongerWaiting> =>
  uow.savepoint((inner) =>
    safeTry<WaitlistOffer, OfferNextError | NoLongerWaiting>(async function* () {
      const booking = yield* offerSlot(context)({ slotId, candidateId, actor }, { uow: inner });
      const before = yield* inner.waitlist.getForUpdate(id);
      if (before.status !== 'waiting') return fail({ type: 'NoLongerWaiting' });
      const after = changeEntry(before, { to: 'offered', bookingId: booking.id });
      const step = { action: 'offer', before, after, booking, at: booking.createdAt, actor } as const;
      return storeEntry(inner, step).map((entry) => ({ entry, booking }));
    }),
  );

/** Where nobody waits there is no offer to be refused. */
const mayOffer = (
  uow: UnitOfWork,
  slotId: SlotId,
  actor: Actor,
): ResultAsync<void, SlotNotFound | Forbidden | RepositoryError> =>
  uow.slots
    .getForUpdate(slotId)
    .andThen(({ recruiterId }) =>
      actsFor(actor, 'recruiter', recruiterId) ? okAsync(undefined) : err(forbidden('offer', actor)),
    );
