import type { IsolationLevel, Kysely, MikroORM } from '@mikro-orm/postgresql';
import type { Isolation } from '../../application/ports/unit-of-work.ts';
import { ConnectionTimeout } from './error-mapping.ts';
import type { Db, Tables } from './rows/tables.ts';

type Begun = Awaited<ReturnType<ReturnType<Kysely<Tables>['startTransaction']>['execute']>>;

/** An open transaction of the query builder; its type allows savepoints of any name. */
export type Transaction = Awaited<ReturnType<ReturnType<Begun['savepoint']>['execute']>>;

export interface TransactionSettings {
  readonly isolation?: Isolation | undefined;
  readonly readOnly?: boolean | undefined;
}

/**
 * One PostgreSQL, whichever way it is reached. Waiting for a connection always has a limit: a pool may be full, and
 * PGlite has a single connection, where waiting without one would be waiting for ever.
 */
export class Database {
  readonly schema: string;
  readonly #orm: MikroORM;
  readonly #acquireTimeoutMs: number;
  #closed = false;

  constructor(orm: MikroORM, schema: string, acquireTimeoutMs: number) {
    this.#orm = orm;
    this.schema = schema;
    this.#acquireTimeoutMs = acquireTimeoutMs;
  }

  /** From here on nobody may start anything; what is running may end. */
  close(): void {
    this.#closed = true;
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** @param waitMs how long the connection may take; at first it has to be made, and PGlite has to start. */
  async ping(waitMs = this.#acquireTimeoutMs): Promise<void> {
    await this.query((db) => db.selectNoFrom((eb) => eb.lit(1).as('alive')).execute(), waitMs);
  }

  /** Runs statements outside any transaction, on one connection. */
  query<T>(statements: (db: Db) => Promise<T>, waitMs = this.#acquireTimeoutMs): Promise<T> {
    return this.#inTime(waitMs, (wait) =>
      this.#client()
        .connection()
        .execute((connection) => {
          // Too late: nobody waits for the answer any more, so the connection goes back unused.
          if (!wait.granted()) throw new ConnectionTimeout();
          return statements(connection.withSchema(this.schema));
        }),
    );
  }

  begin({ isolation, readOnly }: TransactionSettings = {}): Promise<Transaction> {
    return this.#inTime(this.#acquireTimeoutMs, async (wait) => {
      const transaction: Transaction = await this.#orm.em.getConnection().begin({
        ...(isolation === undefined ? {} : { isolationLevel: isolation as IsolationLevel }),
        ...(readOnly === undefined ? {} : { readOnly }),
      });
      if (wait.granted()) return transaction;
      await transaction.rollback().execute();
      throw new ConnectionTimeout();
    });
  }

  /** The query builder inside a transaction, on the SDK's schema. */
  inside(transaction: Transaction): Db {
    return transaction.withSchema(this.schema);
  }

  /** Runs work in a transaction that holds an advisory lock to its end. */
  async locked<T>(key: bigint, work: (transaction: Transaction) => Promise<T>): Promise<T> {
    const transaction = await this.begin();
    try {
      await transaction
        .selectNoFrom((eb) => eb.fn('pg_advisory_xact_lock', [eb.val(String(key))]).as('lock'))
        .execute();
      const outcome = await work(transaction);
      await transaction.commit().execute();
      return outcome;
    } catch (cause) {
      // Why the work failed matters; why its connection could not even roll back does not.
      await transaction
        .rollback()
        .execute()
        .catch(() => undefined);
      throw cause;
    }
  }

  #client(): Kysely<Tables> {
    return this.#orm.em.getConnection().getClient<Tables>();
  }

  /** The limit covers the wait for a connection, not what is then done with it. */
  #inTime<T>(waitMs: number, work: (wait: { granted(): boolean }) => Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      let late = false;
      const timer = setTimeout(() => {
        late = true;
        reject(new ConnectionTimeout());
      }, waitMs);
      const granted = (): boolean => {
        clearTimeout(timer);
        return !late;
      };
      work({ granted })
        .then(resolve, reject)
        .finally(() => clearTimeout(timer));
    });
  }
}
