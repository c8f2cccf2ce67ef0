import { err, ok, type Result, type ResultAsync } from 'neverthrow';
import { fail } from '../../domain/shared/fail.ts';
import { parseSlotId, type IdInput, type SlotId } from '../../domain/shared/id.ts';
import { parseObject } from '../../domain/shared/input.ts';
import type { Instant, InstantInput } from '../../domain/shared/instant.ts';
import type { RepositoryError } from '../../domain/shared/repository-error.ts';
import type { TimeRange } from '../../domain/shared/time-range.ts';
import type { ValidationError } from '../../domain/shared/validation-error.ts';
import { asFree } from '../../domain/slot/free-slots.ts';
import type { SlotInPast, SlotNotFound, SlotTaken } from '../../domain/slot/slot-errors.ts';
import { parseSlotRange, type Slot } from '../../domain/slot/slot.ts';
import type { Clock } from '../ports/clock.ts';
import type { Readers } from '../readers.ts';

/** The times of a slot that is to be published. */
export interface SlotTimesInput {
  readonly startsAt: InstantInput;
  readonly endsAt: InstantInput;
}

export type FreeSlotError = SlotNotFound | SlotTaken | SlotInPast | RepositoryError;

/** Whether what a form says of slots still holds, by the SDK's clock. */
export interface ValidateSlots {
  /** The end is after the start by 10 to 240 minutes, and the start is ahead. */
  slotTimes(input: SlotTimesInput): Result<TimeRange, ValidationError | SlotInPast>;
  /**
   * The slot is there, free and ahead, as far as the cache knows: for showing, not for deciding. `SlotTaken` comes with
   * free slots of the same city and purpose, the nearest first.
   */
  freeSlot(id: IdInput<SlotId>): ResultAsync<Slot, FreeSlotError>;
}

const ALTERNATIVES = 3;

export const validateSlots = (read: Pick<Readers, 'slots'>, clock: Clock): ValidateSlots => ({
  slotTimes: (input) =>
    parseObject(input, 'slot')
      .andThen(parseSlotRange)
      .andThen((range) => ahead(range.start, clock.now()).map(() => range)),
  freeSlot: (input) =>
    parseSlotId(input)
      .asyncAndThen((id) => read.slots.get(id))
      .andThen((slot) => {
        const now = clock.now();
        const timely = ahead(slot.startsAt, now);
        if (timely.isErr()) return err<Slot, FreeSlotError>(timely.error);
        if (slot.isFreeAt(now)) return ok<Slot, FreeSlotError>(asFree(slot));
        return read.slots.getFreeForCity(slot.cityId).andThen((free) =>
          err<Slot, FreeSlotError>({
            type: 'SlotTaken',
            slotId: slot.id,
            alternatives: nearest(free, slot),
          }),
        );
      }),
});

const ahead = (startsAt: Instant, now: Instant): Result<void, SlotInPast> =>
  startsAt.isAfter(now) ? ok() : fail({ type: 'SlotInPast', startsAt });

function nearest(free: readonly Slot[], to: Slot): readonly Slot[] {
  const distance = ({ startsAt }: Slot): number =>
    Math.abs(startsAt.epochMilliseconds - to.startsAt.epochMilliseconds);
  return free
    .filter(({ id, purpose }) => id !== to.id && purpose === to.purpose)
    .toSorted((a, b) => distance(a) - distance(b) || a.id - b.id)
    .slice(0, ALTERNATIVES);
}
