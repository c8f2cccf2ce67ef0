import { ok, type Result } from 'neverthrow';
import { parseObject } from './input.ts';
import { Instant } from './instant.ts';
import { invalid, type ValidationError } from './validation-error.ts';

/** Keyset pagination: pass the `nextCursor` of one page to get the following one. */
export interface CursorRequest {
  /** 1 to 100; 50 when left out. */
  readonly limit?: number;
  /** Opaque; only what a previous page of the same list answered is accepted. */
  readonly cursor?: string;
  readonly page?: never;
  readonly total?: never;
}

/**
 * A page by its number, for tables with a row of page numbers. The database passes over everything in front of it, and
 * what is added or removed meanwhile shifts the pages: whoever follows a list to its end uses cursors.
 */
export interface NumberedRequest {
  /** From 1 on. */
  readonly page: number;
  /** 1 to 100; 50 when left out. */
  readonly limit?: number;
  /** Whether to count all items of the list as well, which costs a statement. */
  readonly total?: boolean;
  readonly cursor?: never;
}

export type PageRequest = CursorRequest | NumberedRequest;

export interface Page<T> {
  readonly items: readonly T[];
  /** Absent on the last page. */
  readonly nextCursor?: string;
  /** What was asked for, when it was asked for by its number; `limit` likewise. */
  readonly page?: number;
  readonly limit?: number;
  /** How many items the list has, when that was asked for. */
  readonly total?: number;
}

export const DEFAULT_PAGE_SIZE = 50;
export const MAX_PAGE_SIZE = 100;
/** Further on, the database would pass over a hundred million rows. */
const MAX_PAGE_NUMBER = 1_000_000;

/** Where a page lies in its list. */
export interface Position {
  readonly limit: number;
  /** Items to leave out in front; 0 unless the page was asked for by its number. */
  readonly skip: number;
  readonly page?: number;
  readonly total?: true;
}

/** The position of a page in a list that is ordered by id. */
export interface IdPosition extends Position {
  /** Items have a greater id than this one; 0 is the start. */
  readonly afterId: number;
}

/** The position of a page in a list that is ordered by start, and by id where two start together. */
export interface StartPosition extends Position {
  /** Items come after this one; unset is the start. */
  readonly after?: { readonly startsAt: Instant; readonly id: number };
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

export const parsePageById = (page?: PageRequest): Result<IdPosition, ValidationError> =>
  parsePosition(page, /^id:([1-9]\d{0,15})$/, ([id]) => Number(id)).map(({ position, after }) => ({
    ...position,
    afterId: after ?? 0,
  }));

export const parsePageByStart = (page?: PageRequest): Result<StartPosition, ValidationError> =>
  parsePosition(page, /^at:(-?\d{1,15}):([1-9]\d{0,15})$/, ([milliseconds, id]) => ({
    startsAt: Instant.fromEpochMilliseconds(Number(milliseconds)),
    id: Number(id),
  })).map(({ position, after }) => (after === undefined ? position : { ...position, after }));

/** Cuts a page out of `limit + 1` items that were read from the position on. */
export const pageById = <T extends { readonly id: number }>(
  itemsAndOne: readonly T[],
  position: Position,
  total?: number,
): Page<T> => cut(itemsAndOne, position, ({ id }) => `id:${id}`, total);

/** The same for a list that is ordered by start. */
export const pageByStart = <T extends { readonly id: number; readonly startsAt: Instant }>(
  itemsAndOne: readonly T[],
  position: Position,
  total?: number,
): Page<T> =>
  cut(itemsAndOne, position, ({ id, startsAt }) => `at:${startsAt.epochMilliseconds}:${id}`, total);

/** A page that may be handed to many callers: nobody may change it. */
export const frozenPage = <T>({ items, ...about }: Page<T>): Page<T> =>
  Object.freeze({ items: Object.freeze(items), ...about });

function cut<T>(
  itemsAndOne: readonly T[],
  { limit, page }: Position,
  cursorOf: (item: T) => string,
  total: number | undefined,
): Page<T> {
  const items = itemsAndOne.slice(0, limit);
  const last = items.at(-1);
  return frozenPage({
    items,
    ...(itemsAndOne.length > limit && last !== undefined ? { nextCursor: cursorOf(last) } : {}),
    ...(page === undefined ? {} : { page, limit }),
    ...(total === undefined ? {} : { total }),
  });
}

const parsePosition = <After>(
  request: PageRequest = {},
  pattern: RegExp,
  read: (parts: readonly string[]) => After,
): Result<{ readonly position: Position; readonly after: After | undefined }, ValidationError> =>
  parseObject(request, 'page').andThen((given) =>
    parseLimit(given.limit ?? DEFAULT_PAGE_SIZE, 'page.limit').andThen((limit) =>
      given.page === undefined
        ? withoutTotal(given).andThen(() =>
            parseCursor(given.cursor, pattern).map((parts) => ({
              position: { limit, skip: 0 },
              after: parts && read(parts),
            })),
          )
        : numbered(given, limit).map((position) => ({ position, after: undefined })),
    ),
  );

const withoutTotal = ({ total }: PageRequest): Result<void, ValidationError> =>
  total === undefined ? ok() : invalid('page.total', 'is for pages that are asked for by their number');

function numbered(
  { page, cursor, total }: NumberedRequest,
  limit: number,
): Result<Position, ValidationError> {
  if (!Number.isInteger(page) || page < 1 || page > MAX_PAGE_NUMBER)
    return invalid('page.page', `must be an integer from 1 to ${MAX_PAGE_NUMBER}`);
  if (cursor !== undefined) return invalid('page.cursor', 'must be left out when there is a page');
  if (total !== undefined && typeof total !== 'boolean')
    return invalid('page.total', 'must be true or false');
  return ok({ limit, skip: (page - 1) * limit, page, ...(total === true ? { total } : {}) });
}

function parseCursor(
  cursor: string | undefined,
  pattern: RegExp,
): Result<readonly string[] | undefined, ValidationError> {
  if (cursor === undefined) return ok(undefined);
  const parts = typeof cursor === 'string' ? pattern.exec(cursor) : null;
  return parts === null ? invalid('page.cursor', 'is not a cursor of this list') : ok(parts.slice(1));
}
