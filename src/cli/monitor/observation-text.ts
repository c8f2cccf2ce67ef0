import { memoryText } from '../cache-usage.ts';
import { described } from '../health-text.ts';
import type { Output } from '../output.ts';
import { percent, span, table } from '../text.ts';
import type { Observation } from './observation.ts';

/** One interval for a terminal. */
export function observationText(observation: Observation, output: Output): string {
  const { at, database, cache, events, invalidation, bookingsInLastMinute } = observation;
  return table([
    ['slotwise', `${at.slice(0, 19).replace('T', ' ')} UTC`],
    ['PostgreSQL', described(database, output)],
    [
      '',
      facts([
        database.connections === undefined
          ? undefined
          : `${database.connections} of ${database.maxConnections} connections`,
        rate(database.statementsPerSecond, 'statements'),
        rate(database.commitsPerSecond, 'commits'),
        rate(database.rollbacksPerSecond, 'rollbacks'),
      ]),
    ],
    ['cache', cache === undefined ? 'not asked before the database answers' : described(cache, output)],
    ['', cache === undefined ? UNKNOWN : cacheFacts(cache)],
    [
      'events',
      events === undefined
        ? UNKNOWN
        : `${events.waiting} waiting, the oldest for ${span(events.oldestMs)}, ${events.dead} dead`,
    ],
    [
      'invalidation',
      invalidation === undefined
        ? UNKNOWN
        : `${invalidation.waiting} waiting, the oldest for ${span(invalidation.oldestMs)}`,
    ],
    ['bookings', bookingsInLastMinute === undefined ? UNKNOWN : `${bookingsInLastMinute} in the last minute`],
  ]);
}

const UNKNOWN = '–';

const cacheFacts = ({
  hitRate,
  usedBytes,
  maxBytes = 0,
  commandsPerSecond,
  evictionsPerSecond,
}: NonNullable<Observation['cache']>): string =>
  facts([
    hitRate === undefined ? undefined : `${percent(hitRate)} hits`,
    rate(commandsPerSecond, 'commands'),
    evictionsPerSecond === 0 ? undefined : rate(evictionsPerSecond, 'evictions'),
    usedBytes === undefined ? undefined : memoryText({ usedBytes, maxBytes }),
  ]);

const rate = (perSecond: number | undefined, what: string): string | undefined =>
  perSecond === undefined ? undefined : `${perSecond.toFixed(perSecond < 10 ? 1 : 0)} ${what}/s`;

const facts = (known: readonly (string | undefined)[]): string =>
  known.filter((fact) => fact !== undefined).join('   ') || UNKNOWN;
