import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import { Pool } from '../drivers/pool.ts';

const PATIENCE_MS = 10_000;

/** Looks at the database from beside, to know when something has happened there. */
export class Observer implements AsyncDisposable {
  readonly #pool: pg.Pool;
  readonly #schema: string;

  constructor(databaseUrl: string, schema: string) {
    this.#pool = new Pool({ connectionString: databaseUrl, max: 2 });
    this.#schema = `"${schema}"`;
  }

  async now(): Promise<string> {
    const { rows } = await this.#pool.query<{ now: string }>('select clock_timestamp()::text as now');
    return rows[0]?.now ?? '';
  }

  /** Waits until the server has answered a query for recruiters, whether or not the answer has arrived. */
  readBy(application: string, since: string): Promise<void> {
    return this.#until(
      `select from pg_stat_activity where application_name = $1 and query_start >= $2::timestamptz
        and state = 'idle' and query ilike 'select%recruiter%'`,
      [application, since],
    );
  }

  named(id: number, name: string): Promise<void> {
    return this.#until(`select from ${this.#schema}.recruiter where id = $1 and name = $2`, [id, name]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#pool.end();
  }

  async #until(query: string, values: readonly unknown[]): Promise<void> {
    for (const deadline = performance.now() + PATIENCE_MS; performance.now() < deadline; await sleep(5))
      if ((await this.#pool.query(query, [...values])).rowCount !== 0) return;
    throw new Error('what was waited for did not happen in the database');
  }
}
