import { err, errAsync, okAsync, type ResultAsync } from 'neverthrow';
import type { SlotTaken } from '../../domain/slot/slot-errors.ts';
import type { Slot } from '../../domain/slot/slot.ts';
import type { UseCaseContext, UseCaseOptions } from '../use-case.ts';

const ALTERNATIVES = 3;

const isTaken = (error: { readonly type: string }): error is SlotTaken => error.type === 'SlotTaken';

/**
 * Adds to `SlotTaken` what else is free; other errors stay as they are. Alternatives are read outside the failed attempt,
 * whose transaction or savepoint is rolled back by then.
 */
export const withAlternatives =
  (context: UseCaseContext, { uow }: UseCaseOptions) =>
  <E extends { readonly type: string }>(error: E | SlotTaken): ResultAsync<never, E | SlotTaken> => {
    if (!isTaken(error)) return errAsync(error);
    const alternatives =
      uow === undefined
        ? context.transaction((own) => own.slots.findAlternatives(error.slotId, ALTERNATIVES))
        : uow.slots.findAlternatives(error.slotId, ALTERNATIVES);
    return alternatives
      .orElse(() => okAsync<readonly Slot[], never>([]))
      .andThen((found) => err<never, SlotTaken>({ ...error, alternatives: found }));
  };
