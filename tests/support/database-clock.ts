import type { SettableClock } from '../../src/testing/index.ts';
import { settableClock } from '../../src/testing/index.ts';
import type { ScratchDatabase } from './scratch-database.ts';

/** A clock that a test moves, for an SDK and for the database it is on. */
export interface DatabaseClock {
  readonly clock: SettableClock;
  /** URL of connections on which `clock_timestamp()` answers what this clock shows. */
  readonly url: string;
  advance(milliseconds: number): Promise<void>;
  set(epochMilliseconds: number): Promise<void>;
}

/**
 * Puts a function of the schema's own in front of the one that the SDK asks for the time; what PostgreSQL itself calls by
 * its full name stays as it is.
 */
export async function databaseClock(database: ScratchDatabase): Promise<DatabaseClock> {
  const clock = settableClock();
  await database.rows('create schema $schema');
  await database.rows('create table $schema.shown_time (at timestamptz not null)');
  await database.rows('insert into $schema.shown_time values ($1)', [clock.now().toJSON()]);
  await database.rows(`create function $schema.clock_timestamp() returns timestamptz
    language sql volatile as 'select at from ${database.schema}.shown_time'`);
  const url = new URL(database.url);
  url.searchParams.set('options', `-c search_path=${database.schema},pg_catalog,public`);
  const show = () => database.rows('update $schema.shown_time set at = $1', [clock.now().toJSON()]);
  return {
    clock,
    url: url.href.replaceAll('+', '%20'),
    async advance(milliseconds) {
      clock.advance(milliseconds);
      await show();
    },
    async set(epochMilliseconds) {
      clock.set({ epochMilliseconds });
      await show();
    },
  };
}
