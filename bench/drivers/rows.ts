import { AsyncLocalStorage } from 'node:async_hooks';
import type pg from 'pg';
import type { Place } from './place.ts';
import { Pool } from './pool.ts';

/** A recruiter with the fields of the SDK's, as plain data. */
export interface RecruiterRow {
  readonly id: number;
  readonly name: string;
  readonly timeZone: string;
  readonly cityIds: readonly number[];
  readonly telegramChatId: string | null;
  readonly active: boolean;
  readonly policy: Readonly<Record<string, unknown>>;
  readonly version: number;
}

/** As the driver answers it: PostgreSQL's large numbers are text. */
interface StoredRow {
  readonly id: string;
  readonly name: string;
  readonly time_zone: string;
  readonly telegram_chat_id: string | null;
  readonly active: boolean;
  readonly policy: Readonly<Record<string, unknown>>;
  readonly version: number;
  readonly city_ids: readonly string[] | null;
}

const recruiterOf = ({ id, name, active, policy, version, ...row }: StoredRow): RecruiterRow => ({
  id: Number(id),
  name,
  timeZone: row.time_zone,
  cityIds: (row.city_ids ?? []).map(Number),
  telegramChatId: row.telegram_chat_id,
  active,
  policy,
  version,
});

/**
 * The rows as an application reads and writes them that has no SDK: through a pool of the size the SDK uses, and in the
 * transaction that is open, if there is one.
 */
export class Rows {
  readonly #pool: pg.Pool;
  readonly #transaction = new AsyncLocalStorage<pg.PoolClient>();
  readonly #schema: string;
  loads = 0;

  constructor({ databaseUrl, poolSize, schema }: Pick<Place, 'databaseUrl' | 'poolSize' | 'schema'>) {
    this.#pool = new Pool({ connectionString: databaseUrl, max: poolSize });
    this.#pool.on('error', () => undefined);
    this.#schema = `"${schema}"`;
  }

  async load(id: number): Promise<RecruiterRow | undefined> {
    this.loads += 1;
    const { rows } = await this.#client.query<StoredRow>(
      // The text that the SDK sends, so that both ask PostgreSQL for the same.
      `select "id", "name", "time_zone", "telegram_chat_id", "active", "policy", "version",
        (select array_agg("city_id") as "ids" from ${this.#schema}."recruiter_city"
          where "recruiter_id" = "recruiter"."id") as "city_ids"
       from ${this.#schema}."recruiter" where "id" = $1`,
      [id],
    );
    return rows[0] && recruiterOf(rows[0]);
  }

  async rename(id: number, name: string): Promise<void> {
    await this.#client.query(
      `update ${this.#schema}.recruiter set name = $2, version = version + 1 where id = $1`,
      [id, name],
    );
  }

  /** Runs `work` in a transaction that is rolled back. */
  async rolledBack(work: () => Promise<unknown>): Promise<void> {
    const client = await this.#pool.connect();
    try {
      await client.query('begin');
      await this.#transaction.run(client, work);
    } finally {
      await client.query('rollback');
      client.release();
    }
  }

  get #client(): pg.Pool | pg.PoolClient {
    return this.#transaction.getStore() ?? this.#pool;
  }
}
