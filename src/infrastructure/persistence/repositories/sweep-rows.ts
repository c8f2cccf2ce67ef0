import type { Db } from '../rows/tables.ts';
import { laterThanNow } from './later-than-now.ts';

/** Where a row says when it has become useless. */
type Ageing =
  | { readonly table: 'idempotency_record'; readonly since: 'expires_at' }
  | { readonly table: 'inbox_update'; readonly since: 'received_at' }
  | { readonly table: 'action_token'; readonly since: 'expires_at' }
  | { readonly table: 'event_message'; readonly since: 'occurred_at' };

/** Removes some old rows that nobody is at; answers how many. */
export async function sweepRows(
  db: Db,
  { table, since }: Ageing,
  olderThanMs: number,
  limit: number,
): Promise<number> {
  // The query builder's types cannot follow a table that is chosen here; all of them have an id and a time.
  const [rows, time] = [table as 'inbox_update', since as 'received_at'];
  const removed = await db
    .deleteFrom(rows)
    .where('id', 'in', (inner) =>
      inner
        .selectFrom(rows)
        .select('id')
        .where(time, '<=', laterThanNow(db, -olderThanMs))
        .limit(limit)
        .forUpdate()
        .skipLocked(),
    )
    .returning('id')
    .execute();
  return removed.length;
}
