import type { PoolStatus, PoolUse, ServerConnections } from '../../../application/ports/pool-status.ts';
import type { Catalogue } from './catalogue.ts';

interface ServerRow {
  readonly ofSdk: number;
  readonly all: number;
  readonly max: number;
  readonly idle: number;
  readonly longestMs: number;
}

/** Of sessions of other roles PostgreSQL tells that they are there, and no more unless one may read all statistics. */
const connections = `
  select count(*) filter (where ours)::float8 as "ofSdk",
    count(*)::float8 as all,
    (current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int
      - coalesce(current_setting('reserved_connections', true), '0')::int)::float8 as max,
    count(*) filter (where ours and state like 'idle in transaction%')::float8 as idle,
    coalesce(max(extract(epoch from clock_timestamp() - state_change) * 1000)
      filter (where ours and state like 'idle in transaction%'), 0)::float8 as "longestMs"
  from (select *, application_name = current_setting('application_name') as ours from pg_stat_activity) as sessions
  where datid is not null and coalesce(backend_type, 'client backend') = 'client backend'`;

/** What the pool says is taken first: asking the server may have to wait for a connection, which is when one wants to know. */
export async function readPoolStatus(catalogue: Catalogue, pool: PoolUse | undefined): Promise<PoolStatus> {
  const use = pool && { ...pool, use: (pool.open - pool.idle) / pool.max };
  const asked = await catalogue.rows<ServerRow>('poolStatus', connections);
  return {
    ...(use === undefined ? {} : { pool: use }),
    server: asked.match<NonNullable<PoolStatus['server']>>(
      ([row]) => serverConnections(row ?? nobody),
      (error) => ({ available: false, error }),
    ),
  };
}

const nobody: ServerRow = { ofSdk: 0, all: 0, max: 0, idle: 0, longestMs: 0 };

const serverConnections = ({ ofSdk, all, max, idle, longestMs }: ServerRow): ServerConnections => ({
  available: true,
  ofSdk,
  all,
  max,
  idleInTransaction: { count: idle, longestMs },
});
