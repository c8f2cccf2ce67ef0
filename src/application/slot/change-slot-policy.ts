import { err, safeTry, type ResultAsync } from 'neverthrow';
import type { PolicyOverrides } from '../../domain/booking/booking-policy.ts';
import { actsFor, forbidden, parseActor, type Actor, type Forbidden } from '../../domain/shared/actor.ts';
import type { IdInput, SlotId } from '../../domain/shared/id.ts';
import type { StaleVersion } from '../../domain/shared/repository-error.ts';
import type { SlotNotFound } from '../../domain/slot/slot-errors.ts';
import type { SlotConflict } from '../../domain/slot/slot-repository.ts';
import type { Slot } from '../../domain/slot/slot.ts';
import { parseReason } from '../booking/reason.ts';
import { runCommand, type CommandError } from '../run-command.ts';
import type { UseCaseContext, UseCaseOptions } from '../use-case.ts';

export interface ChangeSlotPolicy {
  readonly slotId: IdInput<SlotId>;
  /** Replaces all rules the slot has of its own; `{}` leaves it to those of its recruiter and city. */
  readonly policy: PolicyOverrides;
  readonly actor: Actor;
  readonly reason?: string;
}

export type ChangeSlotPolicyError = SlotNotFound | Forbidden | SlotConflict | StaleVersion | CommandError;

/**
 * Gives a slot rules of its own, which hold for what happens from now on; an entry in the audit trail keeps them. Buffers
 * are refused: they are part of the slot's times, which were decided when it was published.
 */
export const changeSlotPolicy =
  (context: UseCaseContext) =>
  (command: ChangeSlotPolicy, options: UseCaseOptions = {}): ResultAsync<Slot, ChangeSlotPolicyError> =>
    runCommand(context, options, { name: 'slots.changePolicy', input: command }, (uow) =>
      safeTry<Slot, ChangeSlotPolicyError>(async function* () {
        const actor = yield* parseActor(command.actor);
        const reason = yield* parseReason(command.reason, actor);
        const slot = yield* uow.slots.getForUpdate(command.slotId);
        if (!actsFor(actor, 'recruiter', slot.recruiterId)) return err(forbidden('changePolicy', actor));
        const changed = yield* slot.changePolicy(command.policy);
        const stored = yield* uow.slots.update(changed);
        const at = yield* uow.now();
        const { status, policy } = stored;
        return uow.audit
          .append({
            at,
            entity: 'slot',
            entityId: slot.id,
            action: 'changePolicy',
            from: status,
            to: status,
            actor,
            reason,
            data: { policy },
          })
          .map(() => stored);
      }),
    );
