import type { RefusedItem } from '../shared/bulk.ts';
import type { SlotConflict } from './slot-repository.ts';
import { slotCollision } from './slot-collision.ts';
import type { Slot } from './slot.ts';

/** A slot as it is stored, and as it shall be. */
export interface SlotChange {
  readonly before: Slot;
  readonly after: Slot;
}

/** An item of a list that was handed in, and its place there. */
export interface PlacedChange extends SlotChange {
  readonly index: number;
}

export interface SettledChanges {
  readonly changes: readonly PlacedChange[];
  readonly refused: readonly RefusedItem<SlotConflict>[];
}

/**
 * Which of several changes can be made together. One that cannot be made stays where it is, where it may stand in the
 * way of the next, so this goes on until nothing collides; of two that collide with each other the earlier in the list
 * is kept.
 *
 * @param staying slots among those handed in that do not change in any case
 */
export function settleChanges(changes: readonly PlacedChange[], staying: readonly Slot[]): SettledChanges {
  let stays = staying;
  let candidates = changes;
  const refused: RefusedItem<SlotConflict>[] = [];
  for (;;) {
    const kept: PlacedChange[] = [];
    const left: PlacedChange[] = [];
    for (const change of candidates) {
      const error =
        firstCollision(change.after, stays) ??
        firstCollision(
          change.after,
          kept.map(({ after }) => after),
        );
      if (error === undefined) kept.push(change);
      else {
        left.push(change);
        refused.push({ index: change.index, error });
      }
    }
    if (left.length === 0) return { changes: kept, refused: refused.sort((a, b) => a.index - b.index) };
    stays = left.map(({ before }) => before);
    candidates = kept;
  }
}

function firstCollision(slot: Slot, others: readonly Slot[]): SlotConflict | undefined {
  for (const other of others) {
    const error = slotCollision(slot, other);
    if (error !== undefined) return error;
  }
  return undefined;
}
