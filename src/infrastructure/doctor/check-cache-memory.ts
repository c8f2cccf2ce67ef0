import { ResultAsync } from 'neverthrow';
import type { DoctorFinding } from '../../application/ports/diagnostics.ts';
import type { ServerFacts } from '../cache/redis/server-facts.ts';
import { foundOr, well, type Check } from './check.ts';

/** Whether Redis makes room for what is new when its memory is full. */
export const checkCacheMemory: Check = ({ cacheServers }) => {
  const servers = cacheServers?.();
  return ResultAsync.fromSafePromise(
    servers === undefined ? Promise.resolve([noRedis]) : findingsOf(servers),
  );
};

const noRedis = well('cache-memory', 'no Redis is named');

async function findingsOf(servers: readonly ServerFacts[]): Promise<readonly DoctorFinding[]> {
  const findings = await Promise.all(servers.map(findingOf));
  return foundOr(
    servers.length === 0 ? [silent] : findings.filter((finding) => finding !== undefined),
    well('cache-memory', 'Redis makes room for new entries when its memory is full, or has no limit'),
  );
}

async function findingOf(server: ServerFacts): Promise<DoctorFinding | undefined> {
  const memory = await server.memory();
  if (memory === undefined) return silent;
  return memory.maxBytes > 0 && memory.evictionPolicy === 'noeviction' ? refusing : undefined;
}

const silent: DoctorFinding = {
  check: 'cache-memory',
  level: 'warning',
  message: 'Redis does not answer, or does not tell of its memory; reads may be going to the database',
  remedy: 'see `slotwise health`, and allow INFO and TIME to the user of the cache',
};

const refusing: DoctorFinding = {
  check: 'cache-memory',
  level: 'warning',
  message:
    'Redis has a memory limit and evicts nothing: once it is full, it refuses what the cache would store',
  remedy: 'set maxmemory-policy to allkeys-lru, on a Redis that queues of jobs do not share',
};
