import { ok, type Result } from 'neverthrow';
import { invalid, type ValidationError } from './validation-error.ts';

/** Keyset pagination: pass the `nextCursor` of one page to get the following one. */
export interface PageRequest {
  /** 1 to 100; 50 when left out. */
  readonly limit?: number;
  /** Opaque; only what a previous page answered is accepted. */
  readonly cursor?: string;
}

export interface Page<T> {
  readonly items: readonly T[];
  /** Absent on the last page. */
  readonly nextCursor?: string;
}

export const DEFAULT_PAGE_SIZE = 50;
export const MAX_PAGE_SIZE = 100;

/** The position of a page in a list that is ordered by id. */
export interface IdPosition {
  readonly limit: number;
  /** Items have a greater id than this one; 0 is the start. */
  readonly afterId: number;
}

export function parsePageById(page: PageRequest = {}): Result<IdPosition, ValidationError> {
  const limit = page.limit ?? DEFAULT_PAGE_SIZE;
  if (!Number.isInteger(limit) || limit < 1 || limit > MAX_PAGE_SIZE)
    return invalid('page.limit', `must be an integer from 1 to ${MAX_PAGE_SIZE}`);
  if (page.cursor === undefined) return ok({ limit, afterId: 0 });
  const afterId = /^id:([1-9]\d{0,15})$/.exec(page.cursor)?.[1];
  return afterId === undefined
    ? invalid('page.cursor', 'is not a cursor of this list')
    : ok({ limit, afterId: Number(afterId) });
}

/** Cuts a page out of `limit + 1` items that were read from the position on. */
export function pageById<T extends { readonly id: number }>(
  itemsAndOne: readonly T[],
  limit: number,
): Page<T> {
  const items = itemsAndOne.slice(0, limit);
  const last = items.at(-1);
  return itemsAndOne.length > limit && last !== undefined
    ? { items, nextCursor: `id:${last.id}` }
    : { items };
}
