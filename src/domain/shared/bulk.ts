import { ok, type Result } from 'neverthrow';
import { invalid, type ValidationError } from './validation-error.ts';

/** What becomes of the others when some of many items cannot be done. */
export type OnConflict = 'skip' | 'fail';

/** An item of a bulk operation that was not done, and why. */
export interface RefusedItem<E> {
  /** Its place among those that were handed in, from 0. */
  readonly index: number;
  readonly error: E;
}

/** Some of many items could not be done, so nothing was. */
export interface ItemsRefused<E extends { readonly type: string } = { readonly type: string }> {
  readonly type: 'ItemsRefused';
  /** At least one; by index. */
  readonly refused: readonly RefusedItem<E>[];
}

export interface BatchOptions {
  /** Items per statement, 1 to 1,000; 500 when left out. */
  readonly batchSize?: number;
}

export interface AddManyOptions extends BatchOptions {
  /** `fail` when left out: one item that cannot be stored keeps all of them from being stored. */
  readonly onConflict?: OnConflict;
}

const DEFAULT_BATCH = 500;
const MAX_BATCH = 1_000;

export const parseBatchSize = (size: number = DEFAULT_BATCH): Result<number, ValidationError> =>
  Number.isInteger(size) && size >= 1 && size <= MAX_BATCH
    ? ok(size)
    : invalid('batchSize', `must be an integer from 1 to ${MAX_BATCH}`);

export const parseOnConflict = (
  choice: OnConflict | undefined,
  byDefault: OnConflict = 'fail',
): Result<OnConflict, ValidationError> => {
  const chosen = choice ?? byDefault;
  return chosen === 'skip' || chosen === 'fail' ? ok(chosen) : invalid('onConflict', 'must be skip or fail');
};

/** A list of 1 to `max` items. */
export const parseItems = <T>(
  items: readonly T[],
  field: string,
  max: number,
): Result<readonly T[], ValidationError> =>
  Array.isArray(items) && items.length >= 1 && items.length <= max
    ? ok(items)
    : invalid(field, `must be a list of 1 to ${max} items`);

/** The `Err`s of a list, with their places. */
export const refusedOf = <T, E>(items: readonly Result<T, E>[]): readonly RefusedItem<E>[] =>
  items.flatMap((item, index) => (item.isErr() ? [{ index, error: item.error }] : []));
