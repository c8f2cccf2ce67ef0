import type { Kysely } from '@mikro-orm/postgresql';
import type { Isolation } from '../../application/ports/unit-of-work.ts';
import type { Tables } from './rows/tables.ts';

type Begun = Awaited<ReturnType<ReturnType<Kysely<Tables>['startTransaction']>['execute']>>;

/** A transaction of the query builder; its type allows savepoints of any name. */
export type Transaction = Awaited<ReturnType<ReturnType<Begun['savepoint']>['execute']>>;

export interface TransactionSettings {
  readonly isolation?: Isolation | undefined;
  readonly readOnly?: boolean | undefined;
}

/** A transaction and the connection it has to itself, which goes back to the pool when it ends, however it ends. */
export interface OpenTransaction {
  readonly statements: Transaction;
  /** Rolls back when it fails, as a deferred constraint can make it. */
  commit(): Promise<void>;
  rollback(): Promise<void>;
}

/**
 * The query builder's own transactions keep their connection for ever when BEGIN, COMMIT or ROLLBACK fail because it
 * broke, and every such break would cost the pool a connection. Here the connection is taken and given back around them.
 */
export const openTransaction = (
  client: Kysely<Tables>,
  { isolation, readOnly }: TransactionSettings,
): Promise<OpenTransaction> =>
  new Promise((resolve, reject) => {
    client
      .connection()
      .execute(async (connection) => {
        let begin = connection.startTransaction();
        if (isolation !== undefined) begin = begin.setIsolationLevel(isolation);
        if (readOnly === true) begin = begin.setAccessMode('read only');
        const statements: Transaction = await begin.execute();
        await new Promise<void>((release) => {
          resolve(ending(statements, release));
        });
      })
      .catch(reject);
  });

const ending = (statements: Transaction, release: () => void): OpenTransaction => ({
  statements,
  async commit() {
    try {
      await statements.commit().execute();
    } catch (cause) {
      await statements
        .rollback()
        .execute()
        .catch(() => undefined);
      throw cause;
    } finally {
      release();
    }
  },
  async rollback() {
    try {
      await statements.rollback().execute();
    } finally {
      release();
    }
  },
});
