import type { ComponentHealth } from '../../index.ts';
import { hitRateOf } from '../cache-usage.ts';
import type { Sample } from './sample.ts';

interface Backlog {
  readonly waiting: number;
  readonly oldestMs: number;
}

/**
 * What is shown of an interval, and a line of JSON. What is not known is absent: rates before there are two answers to compare,
 * and everything a server would have to tell that is away.
 */
export interface Observation {
  /** ISO 8601 in UTC. */
  readonly at: string;
  readonly database: ComponentHealth & {
    readonly connections?: number;
    readonly maxConnections?: number;
    readonly commitsPerSecond?: number;
    readonly rollbacksPerSecond?: number;
    readonly statementsPerSecond?: number;
  };
  /** Absent while the database has not answered yet: nothing else has been asked. */
  readonly cache?: ComponentHealth & {
    /** Of what was looked up in the interval. */
    readonly hitRate?: number;
    readonly commandsPerSecond?: number;
    readonly evictionsPerSecond?: number;
    readonly usedBytes?: number;
    /** 0 for no limit. */
    readonly maxBytes?: number;
  };
  readonly events?: Backlog & { readonly dead: number };
  readonly invalidation?: Backlog;
  readonly bookingsInLastMinute?: number;
}

/** What happened between two samples. */
export function observe(before: Sample | undefined, now: Sample): Observation {
  const { health, activity } = now;
  const at = new Date(now.at).toISOString();
  if (health === undefined) return { at, database: { status: 'down', ...given({ detail: now.unopened }) } };
  // A database that is away says nothing of what waits, which is not the same as nothing.
  const told = health.database.status === 'down' ? undefined : health;
  return {
    at,
    database: { ...health.database, ...databaseOf(before, now) },
    cache: { ...health.cache, ...cacheOf(before, now) },
    ...given({
      events: told && {
        waiting: told.events.backlog,
        oldestMs: told.events.oldestMs,
        dead: told.events.dead,
      },
      invalidation: told && { waiting: told.invalidation.backlog, oldestMs: told.invalidation.oldestMs },
      bookingsInLastMinute: activity?.bookingsInLastMinute,
    }),
  };
}

function databaseOf(before: Sample | undefined, { at, activity, connections }: Sample) {
  const rate = (of: 'commits' | 'rollbacks' | 'statements'): number | undefined =>
    ratePerSecond(at - (before?.at ?? at), before?.activity?.[of], activity?.[of]);
  return given({
    connections: connections?.all,
    maxConnections: connections?.max,
    commitsPerSecond: rate('commits'),
    rollbacksPerSecond: rate('rollbacks'),
    statementsPerSecond: rate('statements'),
  });
}

function cacheOf(before: Sample | undefined, { at, usage }: Sample) {
  const rate = (of: 'commands' | 'evictions'): number | undefined =>
    ratePerSecond(at - (before?.at ?? at), before?.usage?.[of], usage?.[of]);
  const hits = growth(before?.usage?.hits, usage?.hits);
  const misses = growth(before?.usage?.misses, usage?.misses);
  return given({
    hitRate: hits === undefined || misses === undefined ? undefined : hitRateOf({ hits, misses }),
    commandsPerSecond: rate('commands'),
    evictionsPerSecond: rate('evictions'),
    usedBytes: usage?.usedBytes,
    maxBytes: usage?.maxBytes,
  });
}

/** A count that became smaller has begun anew, so that nothing is known of what was between. */
const growth = (before: number | undefined, now: number | undefined): number | undefined =>
  before === undefined || now === undefined || now < before ? undefined : now - before;

/** From a count before to the same count now. */
function ratePerSecond(
  elapsedMs: number,
  before: number | undefined,
  now: number | undefined,
): number | undefined {
  const grown = growth(before, now);
  return grown === undefined || elapsedMs <= 0 ? undefined : grown / (elapsedMs / 1000);
}

type Given<T> = { readonly [Name in keyof T]?: Exclude<T[Name], undefined> };

/** Without what is not known. */
const given = <T extends object>(fields: T): Given<T> =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Given<T>;
