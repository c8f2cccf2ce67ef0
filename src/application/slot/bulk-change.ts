import { ok, Result, safeTry, type ResultAsync } from 'neverthrow';
import type { Booking } from '../../domain/booking/booking.ts';
import type { ItemsRefused, OnConflict, RefusedItem } from '../../domain/shared/bulk.ts';
import { parseItems, parseOnConflict } from '../../domain/shared/bulk.ts';
import { actsFor, forbidden, parseActor, type Actor, type Forbidden } from '../../domain/shared/actor.ts';
import { fail } from '../../domain/shared/fail.ts';
import { parseIds, parseSlotId, type IdInput, type SlotId } from '../../domain/shared/id.ts';
import type { Instant } from '../../domain/shared/instant.ts';
import type { RepositoryError } from '../../domain/shared/repository-error.ts';
import type { ValidationError } from '../../domain/shared/validation-error.ts';
import type { SlotNotFound } from '../../domain/slot/slot-errors.ts';
import { isActive } from '../../domain/slot/slot-status.ts';
import type { Slot } from '../../domain/slot/slot.ts';
import { parseReason } from '../booking/reason.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';

/** A command on many slots at once. */
export interface ChangeSlots {
  /** 1 to 1,000; one that is named twice counts once. */
  readonly slotIds: readonly IdInput<SlotId>[];
  readonly actor: Actor;
  /** Required from a recruiter or an admin. */
  readonly reason?: string;
  /** `fail` when left out: one slot that cannot be changed keeps all of them from being changed. */
  readonly onConflict?: OnConflict;
}

/** What became of many slots. */
export interface ChangedSlots<E> {
  /** The slots that were changed, as they are stored now, in the order given. */
  readonly slots: readonly Slot[];
  /** The bookings of these slots, as they are now: their candidates are to be told. */
  readonly affected: readonly Booking[];
  /** The slots that were left as they are, by their place in `slotIds`; only with `onConflict: 'skip'`. */
  readonly conflicts: readonly RefusedItem<E>[];
}

const MAX_SLOTS = 1_000;

export interface ParsedChange {
  readonly ids: readonly SlotId[];
  readonly actor: Actor;
  readonly reason: string | undefined;
  readonly onConflict: OnConflict;
}

export const parseChangeSlots = (command: ChangeSlots): Result<ParsedChange, ValidationError> =>
  parseActor(command.actor).andThen((actor) =>
    Result.combine([
      parseItems(command.slotIds, 'slotIds', MAX_SLOTS).andThen((ids) =>
        parseIds(parseSlotId, ids, 'slotIds'),
      ),
      parseReason(command.reason, actor, true),
      parseOnConflict(command.onConflict),
    ]).map(([ids, reason, onConflict]) => ({ ids, actor, reason, onConflict })),
  );

/** A slot that was named, locked, and where it was named first. */
export interface NamedSlot {
  readonly index: number;
  readonly slot: Slot;
}

export interface LockedSlots {
  readonly named: readonly NamedSlot[];
  readonly missing: readonly RefusedItem<SlotNotFound>[];
  readonly now: Instant;
}

/** Locks the slots by ascending id and checks that the actor may change them all. */
export const lockSlots = (
  uow: UnitOfWork,
  { ids, actor }: ParsedChange,
  command: string,
): ResultAsync<LockedSlots, Forbidden | RepositoryError> =>
  safeTry<LockedSlots, Forbidden | RepositoryError>(async function* () {
    const stored = new Map((yield* uow.slots.lockMany(ids)).map((slot) => [slot.id, slot]));
    const now = yield* uow.now();
    const named: NamedSlot[] = [];
    const missing: RefusedItem<SlotNotFound>[] = [];
    for (const [id, index] of places(ids)) {
      const slot = stored.get(id);
      if (slot === undefined) missing.push({ index, error: { type: 'SlotNotFound', id } });
      else if (!actsFor(actor, 'recruiter', slot.recruiterId)) return fail(forbidden(command, actor));
      else named.push({ index, slot });
    }
    return ok({ named, missing, now });
  });

/** Where each id stands first, in the order given. */
function places(ids: readonly SlotId[]): ReadonlyMap<SlotId, number> {
  const first = new Map<SlotId, number>();
  for (const [index, id] of ids.entries()) if (!first.has(id)) first.set(id, index);
  return first;
}

/** Splits what was tried with each slot into what can be done and what cannot. */
export function partition<T, E>(
  items: readonly { readonly index: number; readonly outcome: Result<T, E> }[],
): { readonly done: readonly T[]; readonly refused: readonly RefusedItem<E>[] } {
  const done: T[] = [];
  const refused: RefusedItem<E>[] = [];
  for (const { index, outcome } of items)
    if (outcome.isOk()) done.push(outcome.value);
    else refused.push({ index, error: outcome.error });
  return { done, refused };
}

/** With `fail`, one that was refused is the end of it. */
export function unlessRefused<E extends { readonly type: string }>(
  refused: readonly RefusedItem<E>[],
  onConflict: OnConflict,
): Result<readonly RefusedItem<E>[], ItemsRefused<E>> {
  const inOrder = refused.toSorted((a, b) => a.index - b.index);
  return onConflict === 'skip' || inOrder.length === 0
    ? ok(inOrder)
    : fail({ type: 'ItemsRefused', refused: inOrder });
}

/** The live bookings of slots, by the slots' order. */
export const liveBookingsOf = (
  uow: UnitOfWork,
  slots: readonly Slot[],
): ResultAsync<readonly Booking[], RepositoryError> => {
  const ids = slots.flatMap(({ status, currentBookingId }) =>
    isActive(status) && currentBookingId !== undefined ? [currentBookingId] : [],
  );
  return uow.bookings.getMany(ids).map((found) => ids.flatMap((id) => found.get(id) ?? []));
};
