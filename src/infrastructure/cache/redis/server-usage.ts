import type { CacheUsage } from '../../../application/ports/cache-inspection.ts';

/** Fields of the answer to INFO, which is the same for every version. */
const fields = {
  hits: 'keyspace_hits',
  misses: 'keyspace_misses',
  evictions: 'evicted_keys',
  commands: 'total_commands_processed',
  usedBytes: 'used_memory',
  maxBytes: 'maxmemory',
} as const satisfies Readonly<Record<keyof CacheUsage, string>>;

/** What one server says of its use; a field that it does not tell is 0. */
const readUsage = (info: string): CacheUsage =>
  Object.fromEntries(
    Object.entries(fields).map(([name, field]) => [
      name,
      Number(new RegExp(`^${field}:(\\d+)`, 'm').exec(info)?.[1] ?? 0),
    ]),
  ) as Record<keyof CacheUsage, number>;

/** All servers together. One without a limit makes the whole have none. */
export function usageOf(infos: readonly string[]): CacheUsage {
  const usages = infos.map(readUsage);
  const sum = (name: keyof CacheUsage): number => usages.reduce((total, usage) => total + usage[name], 0);
  return {
    hits: sum('hits'),
    misses: sum('misses'),
    evictions: sum('evictions'),
    commands: sum('commands'),
    usedBytes: sum('usedBytes'),
    maxBytes: usages.some(({ maxBytes }) => maxBytes === 0) ? 0 : sum('maxBytes'),
  };
}
