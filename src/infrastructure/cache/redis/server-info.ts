import type { Redis } from 'ioredis';

/** What a server says of itself at one moment. */
export interface ServerInfo {
  /** Another one after every restart and on every other server; the same for all connections to it. */
  readonly runId: string;
  /**
   * Another one also after the server was a replica for a while: it may have lost what it had answered before. It is made
   * of `run_id` and `master_replid`, half of each, which is as much as keeps them apart. A master may also give itself
   * another one without need, some time after its last replica left; that costs misses and nothing else.
   */
  readonly incarnation: string;
  readonly isMaster: boolean;
  /** It is one of several that share the keys. */
  readonly isClustered: boolean;
}

const HALF = 20;

/** Reads the answer to INFO; nothing when the server does not tell who it is. */
export function readServerInfo(info: string): ServerInfo | undefined {
  const runId = /^run_id:(\w+)/m.exec(info)?.[1];
  if (runId === undefined) return undefined;
  // A fake client, as hosts use in their tests, need not know how it replicates.
  const replId = /^master_replid:(\w+)/m.exec(info)?.[1] ?? '';
  return {
    runId,
    incarnation: runId.slice(0, HALF) + replId.slice(0, HALF),
    isMaster: !/^role:slave/m.test(info),
    isClustered: /^redis_mode:cluster/m.test(info),
  };
}

/** `run_id` alone. Rejects when the server does not tell. */
export async function askRunId(client: Pick<Redis, 'info'>): Promise<string> {
  const info = readServerInfo(await client.info('server'));
  if (info === undefined) throw new Error('the server does not tell its run_id');
  return info.runId;
}
