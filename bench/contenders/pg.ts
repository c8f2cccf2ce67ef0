import { createRequire } from 'node:module';
import type pg from 'pg';
import type { Contender } from './contender.ts';

/** The driver that `@mikro-orm/postgresql` brings along, so that everybody uses the same one. */
const { Pool } = createRequire(import.meta.resolve('@mikro-orm/postgresql'))('pg') as typeof pg;

const columns =
  'id, recruiter_id, city_id, purpose, time_zone, starts_at, ends_at, occupied_from, occupied_until, ' +
  'status, candidate_id, current_booking_id, hold_expires_at, version';

/** One statement through a pool of the size the SDK uses, and the row as the driver answers it. */
export function pgContender(url: string, schema: string, cleanUp: AsyncDisposableStack): Contender {
  const pool = new Pool({ connectionString: url, max: 20 });
  cleanUp.defer(() => pool.end());
  const text = `select ${columns} from "${schema}".slot where id = $1`;
  return {
    name: 'pg select',
    read: async (id) => (await pool.query<{ id: string }>(text, [id])).rows[0],
    idOf: (answer) => Number((answer as { id: string }).id),
  };
}

/** The server's own words, or why it does not answer. */
export async function askPostgres(url: string): Promise<{ version: string } | { trouble: string }> {
  const pool = new Pool({ connectionString: url, max: 1, connectionTimeoutMillis: 3_000 });
  try {
    const { rows } = await pool.query<{ server_version: string }>('show server_version');
    return { version: rows[0]?.server_version.split(' ')[0] ?? '' };
  } catch (cause) {
    return { trouble: cause instanceof Error ? cause.message : String(cause) };
  } finally {
    await pool.end();
  }
}
