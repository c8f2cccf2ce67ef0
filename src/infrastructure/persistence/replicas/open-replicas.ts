import { Database } from '../database.ts';
import type { DirectClient } from '../direct-client.ts';
import { openServer, type OrmOptions, type ServerConnection } from '../open-orm.ts';
import { Replica } from './replica.ts';
import { Replicas } from './replicas.ts';
import { ServerProbe } from './server-probe.ts';

export interface ReplicaOptions extends ServerConnection {
  readonly replicaUrls: readonly string[];
  readonly maxReplicaLagMs: number | false;
  readonly acquireTimeoutMs: number;
  readonly schema: string;
}

/** Replicas are opened like their primary, each with a pool of its own; none of them has to be there. */
export async function openReplicas(
  options: ReplicaOptions,
  ormOptions: OrmOptions,
  primary: { readonly database: Database; readonly direct: () => DirectClient },
): Promise<Replicas> {
  const { replicaUrls, acquireTimeoutMs, schema, maxReplicaLagMs: maxLagMs } = options;
  const names = replicaUrls.map(nameOf);
  const replicas = await Promise.all(
    replicaUrls.map(async (url, index) => {
      const connections = await openServer({ ...options, url }, ormOptions);
      return new Replica({
        name: distinct(names, index),
        database: new Database(connections.orm, schema, acquireTimeoutMs, connections.distrust),
        connections,
        probe: new ServerProbe(connections.direct),
        maxLagMs,
        logger: ormOptions.logger,
      });
    }),
  );
  return new Replicas({
    primary: primary.database,
    primaryProbe: new ServerProbe(primary.direct),
    replicas,
  });
}

/** A server behind a socket is named in a parameter. */
function nameOf(url: string): string {
  const { host, searchParams } = new URL(url);
  return host === ''
    ? `${searchParams.get('host') ?? 'localhost'}:${searchParams.get('port') ?? 5432}`
    : host;
}

/** Names are labels of metrics: two databases of one server must not have the same. */
function distinct(names: readonly string[], index: number): string {
  const name = names[index] ?? '';
  return names.indexOf(name) === index ? name : `${name} (${index + 1})`;
}
