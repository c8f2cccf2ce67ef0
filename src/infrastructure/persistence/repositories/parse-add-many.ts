import { Result } from 'neverthrow';
import {
  parseBatchSize,
  parseOnConflict,
  type AddManyOptions,
  type OnConflict,
} from '../../../domain/shared/bulk.ts';
import { invalid, type ValidationError } from '../../../domain/shared/validation-error.ts';

export interface AddManyChoices {
  readonly onConflict: OnConflict;
  readonly batchSize: number;
}

/** What every adapter checks of many new items, called `field`, before it looks at its rows. */
export const parseAddMany = (
  items: readonly unknown[],
  field: string,
  { onConflict, batchSize }: AddManyOptions,
): Result<AddManyChoices, ValidationError> =>
  Array.isArray(items)
    ? Result.combine([parseOnConflict(onConflict), parseBatchSize(batchSize)]).map(([choice, size]) => ({
        onConflict: choice,
        batchSize: size,
      }))
    : invalid(field, 'must be a list');
