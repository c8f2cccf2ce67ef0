import { ok, type Result } from 'neverthrow';
import { parseObject } from './input.ts';
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

/** How many items a caller wants at most. */
export const parseLimit = (
  limit: number,
  field = 'limit',
  most = MAX_PAGE_SIZE,
): Result<number, ValidationError> =>
  Number.isInteger(limit) && limit >= 1 && limit <= most
    ? ok(limit)
    : invalid(field, `must be an integer from 1 to ${most}`);

export const parsePageById = (page: PageRequest = {}): Result<IdPosition, ValidationError> =>
  parseObject(page, 'page').andThen(({ limit: size = DEFAULT_PAGE_SIZE, cursor }) =>
    parseLimit(size, 'page.limit').andThen((limit) =>
      parseCursor(cursor).map((afterId) => ({ limit, afterId })),
    ),
  );

function parseCursor(cursor: string | undefined): Result<number, ValidationError> {
  if (cursor === undefined) return ok(0);
  const id = typeof cursor === 'string' ? /^id:([1-9]\d{0,15})$/.exec(cursor)?.[1] : undefined;
  return id === undefined ? invalid('page.cursor', 'is not a cursor of this list') : ok(Number(id));
}

/** A page that may be handed to many callers: nobody may change it. */
export const frozenPage = <T>(items: readonly T[], nextCursor?: string): Page<T> =>
  Object.freeze({ items: Object.freeze(items), ...(nextCursor === undefined ? {} : { nextCursor }) });

/** Cuts a page out of `limit + 1` items that were read from the position on. */
export function pageById<T extends { readonly id: number }>(
  itemsAndOne: readonly T[],
  limit: number,
): Page<T> {
  const items = itemsAndOne.slice(0, limit);
  const last = items.at(-1);
  return frozenPage(items, itemsAndOne.length > limit && last !== undefined ? `id:${last.id}` : undefined);
}
