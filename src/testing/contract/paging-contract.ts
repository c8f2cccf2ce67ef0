import assert from 'node:assert/strict';
import type { ResultAsync } from 'neverthrow';
import type { Page, PageRequest } from '../../domain/shared/page.ts';
import type { Slotwise } from '../../infrastructure/slotwise.ts';
import type { Test } from './contract-subject.ts';
import { assertSame, expectErr, expectOk } from './outcome.ts';

interface Identified {
  readonly id: number;
}

type List<T> = (page?: PageRequest) => ResultAsync<Page<T>, { readonly type: string }>;

/** Follows the cursors to the end and answers everything that was on the way. */
export async function everyItem<T>(list: List<T>, limit = 100): Promise<readonly T[]> {
  const items: T[] = [];
  let page = await expectOk(list({ limit }));
  items.push(...page.items);
  while (page.nextCursor !== undefined) {
    assert.equal(page.items.length, limit);
    page = await expectOk(list({ limit, cursor: page.nextCursor }));
    items.push(...page.items);
  }
  return items;
}

/** What holds for every list that is read in pages; rows of others may be among them. */
export function pagingContract<T extends Identified>(
  test: Test,
  list: (sdk: Slotwise) => List<T>,
  seed: (sdk: Slotwise) => ResultAsync<T, { readonly type: string }>,
): void {
  test('is listed page by page, in ascending id, each row once', async (sdk) => {
    // The last page, which new rows will be on, may be in a cache now.
    await everyItem(list(sdk), 3);
    const seeded: T[] = [];
    while (seeded.length < 5) seeded.push(await expectOk(seed(sdk)));
    const ids = (await everyItem(list(sdk), 3)).map(({ id }) => id);
    assert.deepEqual(
      ids,
      [...new Set(ids)].toSorted((a, b) => a - b),
    );
    const mine = seeded.map(({ id }) => id);
    assert.deepEqual(
      ids.filter((id) => mine.includes(id)),
      mine,
    );
  });

  test('is listed by page number, with the total as it is by then', async (sdk) => {
    await expectOk(seed(sdk));
    const before = await expectOk(list(sdk)({ page: 1, limit: 2, total: true }));
    assert.deepEqual([before.page, before.limit], [1, 2]);
    await expectOk(seed(sdk));
    await pagesAgree(list(sdk));
    const { total } = await expectOk(list(sdk)({ page: 1, limit: 2, total: true }));
    assert.equal(total, (before.total ?? 0) + 1);
  });

  test('is listed from 1 to 100 rows at a time, and only from cursors it gave out', (sdk) =>
    refusesWrongPages(list(sdk)));
}

/** Page numbers show the same list as cursors do. */
export async function pagesAgree(list: List<Identified>): Promise<void> {
  const all = (await everyItem(list)).map(({ id }) => id);
  const limit = 3;
  const seen: number[] = [];
  for (let page = 1; page <= Math.ceil(all.length / limit); page += 1) {
    const answer = await expectOk(list({ page, limit, total: true }));
    assert.deepEqual([answer.page, answer.limit, answer.total], [page, limit, all.length]);
    seen.push(...answer.items.map(({ id }) => id));
  }
  assert.deepEqual(seen, all);
  const beyond = await expectOk(list({ page: 1_000_000, limit, total: true }));
  assertSame(beyond, { items: [], page: 1_000_000, limit, total: all.length });
  const uncounted = await expectOk(list({ page: 1 }));
  assert.deepEqual([uncounted.limit, uncounted.total], [50, undefined]);
}

export async function refusesWrongPages(list: List<unknown>): Promise<void> {
  for (const limit of [0, -1, 1.5, 101, Number.NaN]) await expectErr(list({ limit }), 'Validation');
  for (const cursor of ['', 'id:', 'id:0', 'id:-1', 'id:1; drop table city', 'name:x', '1', '\uD800'])
    await expectErr(list({ cursor }), 'Validation');
  for (const page of [0, -1, 1.5, Number.NaN, 1_000_001]) await expectErr(list({ page }), 'Validation');
}
