import { Result } from 'neverthrow';
import {
  parseBatchSize,
  parseOnConflict,
  type AddManyOptions,
  type OnConflict,
} from '../../../domain/shared/bulk.ts';
import { invalid, type ValidationError } from '../../../domain/shared/validation-error.ts';
import type { NewSlot } from '../../../domain/slot/slot.ts';

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
