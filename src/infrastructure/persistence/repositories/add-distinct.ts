import { err, errAsync, ok, okAsync, type Result, type ResultAsync } from 'neverthrow';
import { refusedOf, type ItemsRefused } from '../../../domain/shared/bulk.ts';
import { fail } from '../../../domain/shared/fail.ts';
import type { AnyId } from '../../../domain/shared/id.ts';
import type { ConstraintViolation, RepositoryError } from '../../../domain/shared/repository-error.ts';
import type { Db } from '../rows/tables.ts';
import type { Session } from '../session.ts';
import { onConstraint } from './answers.ts';
import { drawIds } from './draw-ids.ts';
import type { EntityRows } from './entity-rows.ts';
import { inBatches, ROWS_PER_STATEMENT } from './in-batches.ts';
import type { AddManyChoices } from './parse-add-many.ts';

/** A draft with the id that its row will have. */
export type Numbered<Draft> = Draft & { readonly id: number };

/** A table in which one unique key is all that keeps a new row out. */
export interface DistinctTable<Draft, Taken> {
  readonly schema: string;
  readonly table: string;
  readonly operation: string;
  /** The unique constraint, and what it is called in the domain. */
  readonly constraint: string;
  readonly taken: (draft: Draft) => Readonly<Record<string, Taken>>;
  /** Stores those whose key is free, in the order given, and answers their rows. */
  readonly insert: (db: Db, batch: readonly Numbered<Draft>[]) => Promise<readonly unknown[]>;
  readonly remove: (db: Db, ids: readonly number[]) => Promise<unknown>;
}

/**
 * Stores new rows, a statement for each batch, and answers for each draft in the order given. Of two with the same
 * key the first one is stored. Wants `lockBulkWrites` to be held.
 */
export function addDistinct<
  T extends { readonly id: Id; readonly version: number },
  Id extends AnyId,
  Missing extends { readonly type: string },
  Draft,
  Invalid extends { readonly type: string },
  Taken extends { readonly type: string },
>(
  session: Session,
  rows: EntityRows<T, Id, Missing>,
  drafts: readonly Result<Draft, Invalid>[],
  { onConflict, batchSize }: AddManyChoices,
  into: DistinctTable<Draft, Taken>,
): ResultAsync<
  readonly Result<T, Invalid | Taken | ConstraintViolation>[],
  ItemsRefused<Invalid | Taken | ConstraintViolation> | RepositoryError
> {
  const invalid = refusedOf(drafts);
  if (onConflict === 'fail' && invalid.length > 0)
    return errAsync({ type: 'ItemsRefused', refused: invalid });

  const outcomeOf = (
    { id, ...draft }: Numbered<Draft>,
    stored: ReadonlyMap<number, T>,
  ): Result<T, Taken | ConstraintViolation> => {
    const row = stored.get(id);
    if (row !== undefined) return ok(row);
    const { operation, constraint } = into;
    const violation: ConstraintViolation = {
      type: 'ConstraintViolation',
      operation,
      constraint,
      sqlState: '23505',
    };
    return err(onConstraint(into.taken(draft as Draft))(violation));
  };

  return drawIds(session, into.operation, { ...into, count: drafts.filter((draft) => draft.isOk()).length })
    .map((ids) => {
      const drawn = ids.values();
      return drafts.map((draft) =>
        draft.map((valid): Numbered<Draft> => ({ ...valid, id: drawn.next().value as number })),
      );
    })
    .andThen((numbered) =>
      inBatches(
        numbered.flatMap((draft) => (draft.isOk() ? [draft.value] : [])),
        batchSize,
        (batch) => rows.writeAll('addMany', (db) => into.insert(db, batch)),
      ).andThen((added) => {
        const stored = new Map<number, T>(added.map((row) => [row.id, row]));
        const outcomes = numbered.map((draft) => draft.andThen((valid) => outcomeOf(valid, stored)));
        const refused = refusedOf(outcomes);
        if (onConflict === 'skip' || refused.length === 0) return okAsync(outcomes);
        return takeBack(rows, added, into).andThen(() => fail({ type: 'ItemsRefused' as const, refused }));
      }),
    );
}

/** Nobody has seen these rows, so they can be taken back without undoing anything else of the transaction. */
const takeBack = <
  T extends { readonly id: Id; readonly version: number },
  Id extends AnyId,
  Missing extends { readonly type: string },
>(
  rows: EntityRows<T, Id, Missing>,
  added: readonly T[],
  { remove }: Pick<DistinctTable<never, never>, 'remove'>,
): ResultAsync<readonly never[], RepositoryError> =>
  inBatches(added, ROWS_PER_STATEMENT, (batch) =>
    rows
      .writeMany('addMany', (db, touch) => {
        touch(...batch);
        return remove(
          db,
          batch.map(({ id }) => id),
        );
      })
      .map(() => []),
  );
