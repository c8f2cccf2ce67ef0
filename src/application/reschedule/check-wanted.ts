import { ok, safeTry, type ResultAsync } from 'neverthrow';
import type { RescheduleLimit } from '../../domain/booking/booking-errors.ts';
import type { BookingPolicy } from '../../domain/booking/booking-policy.ts';
import type { Standing } from '../../domain/booking/transition-booking.ts';
import type { Actor, Forbidden } from '../../domain/shared/actor.ts';
import type { SlotId } from '../../domain/shared/id.ts';
import { invalid } from '../../domain/shared/validation-error.ts';
import type { Slot } from '../../domain/slot/slot.ts';
import type { LockedMove } from '../booking/lock-move.ts';
import { checkLimit, checkTarget, type TargetError } from '../booking/move-rules.ts';
import { lockTerms, type PolicyOfError, type SlotTerms } from '../booking/policy-of.ts';
import { target } from '../booking/reschedule-booking.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import { mayGive } from './lock-request.ts';

export type WantedError = Forbidden | RescheduleLimit | PolicyOfError | TargetError;

/** The slot a booking can move to. */
export interface WantedTarget {
  readonly slot: Slot;
  readonly policy: BookingPolicy;
  readonly held: Standing | undefined;
}

/** Whether the booking could move to the slot at this moment, and the actor may say so. */
export const checkWanted = (
  uow: UnitOfWork,
  global: BookingPolicy,
  move: LockedMove,
  slotId: SlotId,
  { command, actor }: { readonly command: string; readonly actor: Actor },
): ResultAsync<WantedTarget, WantedError> =>
  safeTry<WantedTarget, WantedError>(async function* () {
    const { from } = move;
    const slot = yield* target(move, slotId);
    if (slot.id === from.slot.id) return invalid('slotId', 'is the slot of this booking');
    const [left, taken] = (yield* lockTerms(uow, global, [from.slot, slot])) as [SlotTerms, SlotTerms];
    yield* checkLimit(move, left.policy);
    yield* mayGive(command, slot, taken, actor);
    const held = yield* checkTarget(uow, move, slot, taken);
    return ok({ slot, policy: taken.policy, held });
  });
