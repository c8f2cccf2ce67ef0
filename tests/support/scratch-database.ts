import { randomBytes } from 'node:crypto';
import { Pool, type QueryResultRow } from 'pg';
import { postgresUrl } from './services.ts';

/** A PostgreSQL schema of a suite's own on the server, and a connection beside the SDK's to look behind its back. */
export class ScratchDatabase implements AsyncDisposable {
  readonly url: string;
  readonly schema = `slotwise_test_${randomBytes(6).toString('hex')}`;
  readonly #pool: Pool;

  constructor(url = postgresUrl()) {
    this.url = url;
    this.#pool = new Pool({
      connectionString: url,
      max: 4,
      application_name: this.schema,
      allowExitOnIdle: true,
    });
    // A test may terminate backends, also idle ones.
    this.#pool.on('error', () => undefined);
  }

  /** Options that open an SDK on this schema. */
  get options(): { readonly url: string; readonly schema: string } {
    return { url: this.url, schema: this.schema };
  }

  /** Runs a statement; `$schema` in it stands for the schema's name. */
  async rows<Row extends QueryResultRow>(
    statement: string,
    values: readonly unknown[] = [],
  ): Promise<readonly Row[]> {
    const { rows } = await this.#pool.query<Row>(statement.replaceAll('$schema', this.schema), [...values]);
    return rows;
  }

  /** Runs statements in a transaction of their own, which is undone in the end. */
  async during<T>(work: (run: (statement: string) => Promise<unknown>) => Promise<T>): Promise<T> {
    const client = await this.#pool.connect();
    try {
      await client.query('begin');
      return await work((statement) => client.query(statement.replaceAll('$schema', this.schema)));
    } finally {
      await client.query('rollback');
      client.release();
    }
  }

  /** Ends the SDK's connections that last ran a statement on this schema; answers how many there were. */
  async terminateConnections(): Promise<number> {
    const ended = await this.rows(
      `select pg_terminate_backend(pid) from pg_stat_activity
       where query like '%$schema%' and pid <> pg_backend_pid() and application_name = 'slotwise'`,
    );
    return ended.length;
  }

  /** Drops the schema, never the extension: it lives in `public` and may belong to others. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#pool.query(`drop schema if exists ${this.schema} cascade`);
    await this.#pool.end();
  }
}
