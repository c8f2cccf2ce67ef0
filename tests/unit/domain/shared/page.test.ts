import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pageById, parsePageById, type Page } from '../../../../src/domain/shared/page.ts';

const rows = (count: number) => Array.from({ length: count }, (_, index) => ({ id: (index + 1) * 3 }));

/** What a repository does with the two functions. */
function read(all: readonly { readonly id: number }[], limit: number, cursor?: string): Page<{ id: number }> {
  const position = parsePageById(cursor === undefined ? { limit } : { limit, cursor })._unsafeUnwrap();
  return pageById(all.filter(({ id }) => id > position.afterId).slice(0, position.limit + 1), position.limit);
}

describe('a page', () => {
  it('has 50 rows from the start when nothing is said', () => {
    expect(parsePageById()._unsafeUnwrap()).toEqual({ limit: 50, afterId: 0 });
    expect(parsePageById({})._unsafeUnwrap()).toEqual({ limit: 50, afterId: 0 });
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
    expect(pageById(rows(2), 2)).toEqual({ items: rows(2) });
    expect(pageById([], 2)).toEqual({ items: [] });
    expect(pageById(rows(3), 2)).toEqual({ items: rows(2), nextCursor: 'id:6' });
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
