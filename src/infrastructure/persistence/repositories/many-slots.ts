import { Result } from 'neverthrow';
import {
  parseBatchSize,
  parseOnConflict,
  type AddManyOptions,
  type OnConflict,
  type RefusedItem,
} from '../../../domain/shared/bulk.ts';
import type { SlotId } from '../../../domain/shared/id.ts';
import type { StaleVersion } from '../../../domain/shared/repository-error.ts';
import { invalid, type ValidationError } from '../../../domain/shared/validation-error.ts';
import type { SlotNotFound } from '../../../domain/slot/slot-errors.ts';
import type { NewSlot, Slot } from '../../../domain/slot/slot.ts';

// What every adapter checks of many slots before it looks at its rows.

export const parseAddMany = (
  slots: readonly NewSlot[],
  { onConflict, batchSize }: AddManyOptions,
): Result<{ readonly onConflict: OnConflict; readonly batchSize: number }, ValidationError> =>
  Array.isArray(slots)
    ? Result.combine([parseOnConflict(onConflict), parseBatchSize(batchSize)]).map(([choice, size]) => ({
        onConflict: choice,
        batchSize: size,
      }))
    : invalid('slots', 'must be a list');

/** Changed slots that are not there, or not as they were when they were read. */
export const unstorable = (
  slots: readonly Slot[],
  storedAs: (id: SlotId) => Slot | undefined,
): readonly RefusedItem<SlotNotFound | StaleVersion>[] =>
  slots.flatMap(({ id, version }, index): readonly RefusedItem<SlotNotFound | StaleVersion>[] => {
    const stored = storedAs(id);
    if (stored === undefined) return [{ index, error: { type: 'SlotNotFound', id } }];
    if (stored.version === version) return [];
    return [
      {
        index,
        error: { type: 'StaleVersion', entity: 'slot', id, expected: version, actual: stored.version },
      },
    ];
  });
