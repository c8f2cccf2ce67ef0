import { ok, Result } from 'neverthrow';
import { parseBookingId, parseSlotId, type BookingId, type IdInput, type SlotId } from '../shared/id.ts';
import { parseObject } from '../shared/input.ts';
import { parseOptionalInstant, type Instant, type InstantInput } from '../shared/instant.ts';
import { parseOptionalText, textLimits } from '../shared/text.ts';
import { timeRange } from '../shared/time-range.ts';
import { invalid, type ValidationError } from '../shared/validation-error.ts';

/** What somebody asks for: one slot, or any slot that starts in `[from, until)`, or, with neither, any slot. */
export interface RescheduleWish {
  readonly bookingId: IdInput<BookingId>;
  readonly slotId?: IdInput<SlotId>;
  readonly from?: InstantInput;
  readonly until?: InstantInput;
  /** For the one who decides. */
  readonly comment?: string;
}

/** A validated {@link RescheduleWish}. */
export interface RescheduleDraft {
  readonly bookingId: BookingId;
  readonly slotId: SlotId | undefined;
  readonly from: Instant | undefined;
  readonly until: Instant | undefined;
  readonly comment: string | undefined;
}

export const draftReschedule = (wish: RescheduleWish): Result<RescheduleDraft, ValidationError> =>
  parseObject(wish, 'reschedule')
    .andThen((given) =>
      Result.combine([
        parseBookingId(given.bookingId),
        given.slotId === undefined ? ok(undefined) : parseSlotId(given.slotId),
        parseOptionalInstant(given.from, 'from'),
        parseOptionalInstant(given.until, 'until'),
        parseOptionalText(given.comment, 'comment', textLimits.comment),
      ]),
    )
    .map(([bookingId, slotId, from, until, comment]) => ({ bookingId, slotId, from, until, comment }))
    .andThen(withOneWish);

function withOneWish(draft: RescheduleDraft): Result<RescheduleDraft, ValidationError> {
  const { slotId, from, until } = draft;
  if (slotId !== undefined && (from ?? until) !== undefined)
    return invalid(from === undefined ? 'until' : 'from', 'cannot be given together with a slot');
  return from === undefined || until === undefined
    ? ok(draft)
    : timeRange(from, until, 'until').map(() => draft);
}
