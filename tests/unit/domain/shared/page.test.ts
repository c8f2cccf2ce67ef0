import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Instant } from '../../../../src/domain/shared/instant.ts';
import {
  pageById,
  pageByStart,
  parsePageById,
  parsePageByStart,
  type Page,
} from '../../../../src/domain/shared/page.ts';

const rows = (count: number) => Array.from({ length: count }, (_, index) => ({ id: (index + 1) * 3 }));

/** What a repository does with the two functions. */
function read(all: readonly { readonly id: number }[], limit: number, cursor?: string): Page<{ id: number }> {
  const position = parsePageById(cursor === undefined ? { limit } : { limit, cursor })._unsafeUnwrap();
  return pageById(all.filter(({ id }) => id > position.afterId).slice(0, position.limit + 1), position);
}

describe('a page', () => {
  it('has 50 rows from the start when nothing is said', () => {
    expect(parsePageById()._unsafeUnwrap()).toEqual({ limit: 50, skip: 0, afterId: 0 });
    expect(parsePageById({})._unsafeUnwrap()).toEqual({ limit: 50, skip: 0, afterId: 0 });
  });

  it.each([0, -1, 1.5, 101, Number.NaN, Infinity, '10'])('does not have %s rows', (limit) => {
    expect(parsePageById({ limit: limit as number })._unsafeUnwrapErr().field).toBe('page.limit');
  });

  it.each([
    '',
    'id:',
    'id:0',
    'id:01',
    'id:-1',
    'id:1.5',
    'id:12345678901234567',
    ' id:1',
    'id:1\n',
    'ID:1',
    'at:1',
  ])('does not start at %j', (cursor) => {
    expect(parsePageById({ cursor })._unsafeUnwrapErr().field).toBe('page.cursor');
  });

  it.each([null, 5, 'id:5', [], Symbol('page')])('is not %s', (page) => {
    expect(parsePageById(page as never)._unsafeUnwrapErr()).toMatchObject({
      type: 'Validation',
      field: 'page',
    });
  });

  it.each([null, 5, ['id:5'], {}, Symbol('id:5')])('does not start at %s, which is no text', (cursor) => {
    expect(parsePageById({ cursor: cursor as never })._unsafeUnwrapErr().field).toBe('page.cursor');
  });

  it('has no cursor when it is the last one', () => {
    const position = { limit: 2, skip: 0 };
    expect(pageById(rows(2), position)).toEqual({ items: rows(2) });
    expect(pageById([], position)).toEqual({ items: [] });
    expect(pageById(rows(3), position)).toEqual({ items: rows(2), nextCursor: 'id:6' });
  });

  it('leads through every row once', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 1, max: 10 }), (count, limit) => {
        const all = rows(count);
        let page = read(all, limit);
        const seen = [...page.items];
        while (page.nextCursor !== undefined) {
          page = read(all, limit, page.nextCursor);
          seen.push(...page.items);
        }
        expect(seen).toEqual(all);
      }),
    );
  });
});

describe('a page asked for by its number', () => {
  it('leaves out the pages in front of it, and says what it is', () => {
    const position = parsePageById({ page: 3, limit: 2, total: true })._unsafeUnwrap();
    expect(position).toEqual({ limit: 2, skip: 4, page: 3, total: true, afterId: 0 });
    expect(pageById(rows(1), position, 5)).toEqual({ items: rows(1), page: 3, limit: 2, total: 5 });
  });

  it('has 50 items when nothing is said, and no total', () => {
    const position = parsePageByStart({ page: 1 })._unsafeUnwrap();
    expect(position).toEqual({ limit: 50, skip: 0, page: 1 });
    expect(pageById([], position)).toEqual({ items: [], page: 1, limit: 50 });
  });

  it.each([
    [{ page: 0 }, 'page.page'],
    [{ page: -1 }, 'page.page'],
    [{ page: 1.5 }, 'page.page'],
    [{ page: '1' }, 'page.page'],
    [{ page: null }, 'page.page'],
    [{ page: 1_000_001 }, 'page.page'],
    [{ page: 1, limit: 101 }, 'page.limit'],
    [{ page: 1, cursor: 'id:4' }, 'page.cursor'],
    [{ page: 1, total: 'yes' }, 'page.total'],
    [{ total: true }, 'page.total'],
  ])('is not %j', (request, field) => {
    expect(parsePageById(request as never)._unsafeUnwrapErr().field).toBe(field);
    expect(parsePageByStart(request as never)._unsafeUnwrapErr().field).toBe(field);
  });
});

describe('a page by start', () => {
  const at = (milliseconds: number, id: number) => ({
    id,
    startsAt: Instant.fromEpochMilliseconds(milliseconds),
  });

  it('goes on after the item it ended with', () => {
    const position = parsePageByStart({ limit: 1 })._unsafeUnwrap();
    const { nextCursor } = pageByStart([at(-5, 7), at(9, 2)], position);
    expect(nextCursor).toBe('at:-5:7');
    expect(parsePageByStart({ cursor: nextCursor as string })._unsafeUnwrap()).toEqual({
      limit: 50,
      skip: 0,
      after: at(-5, 7),
    });
  });

  it.each(['id:7', 'at:7', 'at::7', 'at:1:0', 'at:1:2:3', `at:${'9'.repeat(16)}:1`])(
    'does not start at %s',
    (cursor) => {
      expect(parsePageByStart({ cursor })._unsafeUnwrapErr().field).toBe('page.cursor');
    },
  );
});
