import type { Kysely, MikroORM } from '@mikro-orm/postgresql';
import { connectionBroke, ConnectionTimeout } from './error-mapping.ts';
import {
  openTransaction,
  type OpenTransaction,
  type Transaction,
  type TransactionSettings,
} from './open-transaction.ts';
import type { Db, Tables } from './rows/tables.ts';

/**
 * One PostgreSQL, whichever way it is reached. Waiting for a connection always has a limit: a pool may be full, and
 * PGlite has a single connection, where waiting without one would be waiting for ever.
 */
export class Database {
  readonly schema: string;
  readonly #orm: MikroORM;
  readonly #acquireTimeoutMs: number;
  readonly #distrust: () => void;
  readonly #running = new Set<Promise<unknown>>();
  #closed = false;

  /** @param distrust told when a connection turns out to be broken, as others may be */
  constructor(
    orm: MikroORM,
    schema: string,
    acquireTimeoutMs: number,
    distrust: () => void = () => undefined,
  ) {
    this.#orm = orm;
    this.schema = schema;
    this.#acquireTimeoutMs = acquireTimeoutMs;
    this.#distrust = distrust;
  }

  /**
   * From here on nobody may start anything. Answers when statements outside of transactions have ended, and waits for
   * connections are over: the query builder loses a connection that is still being made when its pool ends, and then
   * the pool waits for it.
   */
  async close(): Promise<void> {
    this.#closed = true;
    await Promise.allSettled(this.#running);
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

  /** The same for statements that only read: they are sent once more if their connection breaks. */
  read<T>(statements: (db: Db) => Promise<T>): Promise<T> {
    return this.#onceMore(() => this.query(statements));
  }

  /** A connection that breaks before anything was sent on it but BEGIN is replaced by another one. */
  begin(settings: TransactionSettings = {}): Promise<OpenTransaction> {
    return this.#onceMore(() => this.#begin(settings));
  }

  #begin(settings: TransactionSettings): Promise<OpenTransaction> {
    return this.#inTime(this.#acquireTimeoutMs, async (wait) => {
      // MikroORM does this before its first statement, on a second connection if the first is taken already.
      await this.#orm.em.getConnection().ensureConnection();
      const transaction = await openTransaction(this.#client(), settings);
      if (wait.granted()) return transaction;
      await transaction.rollback();
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
    const { statements } = transaction;
    try {
      await statements
        .selectNoFrom((eb) => eb.fn('pg_advisory_xact_lock', [eb.val(String(key))]).as('lock'))
        .execute();
      const outcome = await work(statements);
      await transaction.commit();
      return outcome;
    } catch (cause) {
      // Why the work failed matters; why its connection could not even roll back does not.
      await transaction.rollback().catch(() => undefined);
      throw cause;
    }
  }

  async #onceMore<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (cause) {
      if (this.#closed || !connectionBroke(cause)) throw cause;
      this.#distrust();
      return work();
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
      const running = work({ granted });
      this.#running.add(running);
      running.then(resolve, reject).finally(() => {
        clearTimeout(timer);
        this.#running.delete(running);
      });
    });
  }
}
