import { within } from './within.ts';

/** How long a check may take: a connection that a firewall has forgotten answers nothing at all. */
const CHECK_LIMIT_MS = 1000;

/** The little that checking needs of a connection in the driver's pool. */
export interface PoolConnection {
  query(sql: string): Promise<unknown>;
  release(destroy?: boolean): void;
  on(event: 'error', listener: () => void): unknown;
}

export interface ConnectionPool<Connection extends PoolConnection> {
  connect(): Promise<Connection>;
  on(event: 'connect', listener: (connection: Connection) => void): unknown;
  on(event: 'release', listener: (failure: unknown, connection: Connection) => void): unknown;
}

export interface ConnectionChecks {
  /** A connection broke: whatever ended it may have ended all that were there, so each of them is checked once. */
  distrust(): void;
}

/**
 * Has a pool ask a connection whether it is alive before it is lent, when it was idle for so long. One that does not
 * answer is closed, and the next one is tried; a new connection needs no check, so this ends.
 *
 * @param afterIdleMs 0 for each time
 */
export function checkConnections<Connection extends PoolConnection>(
  pool: ConnectionPool<Connection>,
  afterIdleMs: number,
): ConnectionChecks {
  const idleSince = new WeakMap<Connection, number>();
  /** When each was last known to live because it was made or checked. */
  const provenAt = new WeakMap<Connection, number>();
  let distrustedAt = -Infinity;
  /** One that was idle since then did not answer, so others that were will not, either. */
  let silentSince = -Infinity;
  const distrust = (): void => {
    distrustedAt = performance.now();
  };

  pool.on('connect', (connection) => {
    provenAt.set(connection, performance.now());
    connection.on('error', distrust);
  });
  pool.on('release', (_failure, connection) => idleSince.set(connection, performance.now()));

  const isDue = (connection: Connection): boolean => {
    const since = idleSince.get(connection);
    if (since === undefined) return false;
    return performance.now() - since >= afterIdleMs || (provenAt.get(connection) ?? 0) <= distrustedAt;
  };

  const take = pool.connect.bind(pool);
  pool.connect = async () => {
    for (;;) {
      const connection = await take();
      if (!isDue(connection)) return connection;
      const idle = idleSince.get(connection) ?? 0;
      const found = idle < silentSince ? 'broken' : await check(connection);
      if (found === 'alive') {
        provenAt.set(connection, performance.now());
        return connection;
      }
      if (found === 'silent') silentSince = performance.now() - CHECK_LIMIT_MS;
      connection.release(true);
    }
  };
  return { distrust };
}

const check = (connection: PoolConnection): Promise<'alive' | 'broken' | 'silent'> =>
  within<'alive' | 'broken' | 'silent'>(
    CHECK_LIMIT_MS,
    connection.query('select 1').then(
      () => 'alive',
      () => 'broken',
    ),
    () => 'silent',
  );
