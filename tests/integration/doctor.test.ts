import { describe, expect, it } from 'vitest';
import { createSlotwise, type DoctorFinding, type Slotwise, type SlotwiseOptions } from '../../src/index.ts';
import { createInMemorySlotwise, settableClock } from '../../src/testing/index.ts';
import { PostgresProcess } from '../support/postgres-process.ts';
import { RedisProcess } from '../support/redis-process.ts';
import { ScratchDatabase } from '../support/scratch-database.ts';
import { describeWithPostgres, describeWithRedisServer } from '../support/services.ts';
import { until } from '../support/until.ts';

interface Scene extends AsyncDisposable {
  readonly database: ScratchDatabase;
  readonly sdk: Slotwise;
}

async function open(options: SlotwiseOptions = {}, database = new ScratchDatabase()): Promise<Scene> {
  const sdk = (
    await createSlotwise({ database: database.options, cache: false, ...options })
  )._unsafeUnwrap();
  return {
    database,
    sdk,
    async [Symbol.asyncDispose]() {
      (await sdk.close())._unsafeUnwrap();
      await database[Symbol.asyncDispose]();
    },
  };
}

async function migrated(options?: SlotwiseOptions, database?: ScratchDatabase): Promise<Scene> {
  const scene = await open(options, database);
  (await scene.sdk.migrate())._unsafeUnwrap();
  return scene;
}

const findings = async (sdk: Slotwise, production = false): Promise<readonly DoctorFinding[]> =>
  (await sdk.diagnostics.doctor({ production }))._unsafeUnwrap();

/** What is not well, as `level check: message`. */
const complaints = async (sdk: Slotwise, production?: boolean): Promise<readonly string[]> =>
  (await findings(sdk, production))
    .filter(({ level }) => level !== 'ok')
    .map(({ level, check, message }) => `${level} ${check}: ${message}`);

const containing = (...parts: readonly string[]): unknown[] =>
  parts.map((part) => expect.stringContaining(part) as unknown);

/** One free slot, and one that is booked. */
const twoSlots = `
  with city as (insert into $schema.city (name, time_zone, active) values ('Berlin', 'Europe/Berlin', true) returning id),
    recruiter as (insert into $schema.recruiter (name, time_zone, active) values ('Ann', 'Europe/Berlin', true) returning id),
    candidate as (insert into $schema.candidate (full_name, active) values ('Ben', true) returning id)
  insert into $schema.slot (recruiter_id, city_id, purpose, time_zone, starts_at, ends_at, occupied_from, occupied_until)
  select recruiter.id, city.id, 'interview', 'Europe/Berlin', at, at + interval '30 min', at, at + interval '30 min'
  from city, recruiter, candidate,
    unnest(array[timestamptz '2031-01-06 10:00Z', timestamptz '2031-01-06 12:00Z']) as at`;

describeWithPostgres('the doctor', () => {
  it('finds nothing wrong with a schema that was just migrated', async () => {
    await using scene = await migrated();
    expect(await findings(scene.sdk)).toEqual(
      [
        'schema',
        'extension',
        'clocks',
        'replicas',
        'cache-memory',
        'guards',
        'indexes',
        'time-zones',
        'outbox',
        'drift',
      ].map((check) => ({ check, level: 'ok', message: expect.any(String) as string })),
    );
  });

  it('names the migrations that are missing, and leaves the tables alone', async () => {
    await using scene = await open();
    expect(await complaints(scene.sdk)).toEqual(containing('critical schema: migrations are missing'));
    expect((await findings(scene.sdk)).map(({ check }) => check)).not.toContain('drift');
  });

  it('notices that a later release was here', async () => {
    await using scene = await migrated();
    await scene.database.rows(`insert into $schema.migration (name) values ('9999_tomorrow')`);
    expect(await complaints(scene.sdk)).toEqual(containing('warning schema: a later release has migrated'));
  });

  it.each([
    [
      'constraint slot_recruiter_no_overlap',
      'alter table $schema.slot drop constraint slot_recruiter_no_overlap',
    ],
    ['constraint slot_duration', 'alter table $schema.slot drop constraint slot_duration'],
    ['constraint slot_candidate_fk', 'alter table $schema.slot drop constraint slot_candidate_fk'],
    ['constraint city_pkey', 'alter table $schema.city drop constraint city_pkey cascade'],
    ['trigger slot_booking_agree', 'drop trigger slot_booking_agree on $schema.booking'],
    ['index booking_one_live_per_slot', 'drop index $schema.booking_one_live_per_slot'],
  ])('misses the %s when it is gone', async (guard, statement) => {
    await using scene = await migrated();
    await scene.database.rows(statement);
    const found = await complaints(scene.sdk);
    expect(found.length).toBeGreaterThan(0);
    expect(found).toEqual(expect.arrayContaining(containing(`critical guards: the ${guard} on `)));
  });

  it('tells guards that are there and not enforced, and its remedies help', async () => {
    await using scene = await migrated();
    const { database, sdk } = scene;
    await database.rows('alter table $schema.booking disable trigger booking_history_is_final');
    await database.rows('alter table $schema.city drop constraint city_name_check');
    await database.rows(
      `alter table $schema.city add constraint city_name_check check (btrim(name) <> '') not valid`,
    );
    expect(await complaints(sdk)).toEqual(
      containing(
        `the trigger booking_history_is_final on "${database.schema}".booking is disabled`,
        `the constraint city_name_check on "${database.schema}".city is not validated`,
      ),
    );
    for (const { remedy = '' } of await findings(sdk))
      for (const [statement] of remedy.matchAll(/alter table .+;/g)) await database.rows(statement);
    expect(await complaints(sdk)).toEqual([]);
  });

  it('misses an index that makes reads fast', async () => {
    await using scene = await migrated();
    await scene.database.rows('drop index $schema.slot_by_city');
    expect(await complaints(scene.sdk)).toEqual(containing('warning indexes: the index slot_by_city on '));
  });

  it('tells an index that was left half built', async () => {
    await using scene = await migrated();
    const { database, sdk } = scene;
    await database.rows(
      `insert into $schema.city (name, time_zone, active) values ('A', 'UTC', true), ('B', 'UTC', true)`,
    );
    await expect(
      database.rows('create unique index concurrently city_by_zone on $schema.city (time_zone)'),
    ).rejects.toThrow(/could not create unique index/);
    expect(await complaints(sdk)).toEqual(containing('warning indexes: the index city_by_zone on '));
    expect((await sdk.diagnostics.indexes())._unsafeUnwrap()).toContainEqual(
      expect.objectContaining({ name: 'city_by_zone', state: 'invalid', declared: false }),
    );
  });

  it('tells a time zone that nobody has the rules of', async () => {
    await using scene = await migrated();
    await scene.database.rows(
      `insert into $schema.recruiter (name, time_zone, active) values ('Ann', 'Mars/Olympus_Mons', true)`,
    );
    expect(await complaints(scene.sdk)).toEqual(
      containing(
        'critical time-zones: this process does not know the time zone Mars/Olympus_Mons',
        'warning time-zones: PostgreSQL does not know the time zone Mars/Olympus_Mons',
      ),
    );
  });

  it.each([
    [-3_600_000, /^critical clocks: the clock of PostgreSQL is \d+\.\d s ahead of the one of this process$/],
    [5_000, /^warning clocks: the clock of PostgreSQL is [45]\.\d s behind the one of this process$/],
  ])('tells a clock that is %d ms apart', async (offsetMs, said) => {
    const clock = { now: () => settableClock(new Date(Date.now() + offsetMs)).now() };
    await using scene = await migrated({ clock });
    expect(await complaints(scene.sdk)).toEqual([expect.stringMatching(said)]);
  });

  it('tells events that nobody delivers, dead ones, and invalidations that nobody heard of', async () => {
    await using scene = await migrated();
    const { database, sdk } = scene;
    await database.rows(`insert into $schema.event_message (type, aggregate, occurred_at, payload, dead_at)
      values ('SlotReserved', 'slot:1', now() - interval '10 min', '{}', null),
        ('SlotReserved', 'slot:2', now(), '{}', now())`);
    await database.rows(
      `insert into $schema.invalidation (anchors, created_at) values ('{slot:1}', now() - interval '2 min')`,
    );
    expect(await complaints(sdk)).toEqual(
      containing(
        'warning outbox: events wait to be delivered: 1, the oldest for 10 min',
        'warning outbox: events could not be delivered and were put aside: 1',
        'warning outbox: commits have not been told to Redis: 1, the oldest for 2 min',
      ),
    );
  });

  it.each([
    [
      'a slot that is booked without a booking',
      `update $schema.slot set status = 'booked', candidate_id = (select id from $schema.candidate) where id = 1`,
    ],
    [
      'a live booking that its slot does not point at',
      `insert into $schema.booking (slot_id, candidate_id, purpose, state, created_at)
       select 1, id, 'interview', 'booked', now() from $schema.candidate`,
    ],
    [
      'a slot and a booking of another state',
      `with booking as (insert into $schema.booking (slot_id, candidate_id, purpose, state, created_at)
         select 1, id, 'interview', 'confirmed', now() from $schema.candidate returning id, candidate_id)
       update $schema.slot set status = 'booked', candidate_id = booking.candidate_id, current_booking_id = booking.id
       from booking where slot.id = 1`,
    ],
  ])('finds %s', async (_what, statement) => {
    await using scene = await migrated();
    const { database, sdk } = scene;
    await database.rows(twoSlots);
    expect(await complaints(sdk)).toEqual([]);
    await database.rows('alter table $schema.slot drop constraint slot_booking_matches');
    for (const table of ['slot', 'booking'])
      await database.rows(`alter table $schema.${table} disable trigger user`);
    await database.rows(statement);
    expect(await complaints(sdk)).toContainEqual(
      'critical drift: slots that do not agree with their bookings: 1 (ids 1)',
    );
  });
});

describeWithPostgres('the doctor on a server of its own', () => {
  it('tells a missing extension, and a server that a power cut can damage', async ({ skip }) => {
    await using server = await PostgresProcess.start(120);
    if (server === undefined) {
      skip('the programs of PostgreSQL are not installed');
      return;
    }
    await using scene = await migrated({}, new ScratchDatabase(server.url));
    expect(await complaints(scene.sdk)).toEqual([]);
    expect(await complaints(scene.sdk, true)).toEqual(
      containing(
        'critical durability: fsync is off',
        'critical durability: full_page_writes is off',
        'warning durability: synchronous_commit is off',
      ),
    );
    await scene.database.rows('drop extension btree_gist cascade');
    expect(await complaints(scene.sdk)).toEqual(
      containing(
        'critical extension: the extension btree_gist is not in this database',
        'critical guards: the constraint slot_candidate_no_overlap',
        'critical guards: the constraint slot_recruiter_no_overlap',
      ),
    );
  });

  it('answers a typed error when the server has ended', async ({ skip }) => {
    await using server = await PostgresProcess.start(120);
    if (server === undefined) {
      skip('the programs of PostgreSQL are not installed');
      return;
    }
    await using sdk = (await createSlotwise({ database: { url: server.url }, cache: false }))._unsafeUnwrap();
    (await sdk.migrate())._unsafeUnwrap();
    expect(await complaints(sdk)).toEqual([]);
    await server[Symbol.asyncDispose]();
    expect((await sdk.diagnostics.doctor())._unsafeUnwrapErr()).toMatchObject({
      type: 'Database',
      retryable: true,
    });
  });
});

describeWithRedisServer('the doctor of Redis', () => {
  const examined = async (redis: RedisProcess, options: SlotwiseOptions = {}): Promise<Scene> => {
    const scene = await migrated({ cache: { url: redis.url }, ...options });
    await until('the cache is in use', 5_000, async () => (await scene.sdk.cache.ping()).isOk());
    return scene;
  };

  it('warns of a limit with nothing to evict, until entries may be', async () => {
    await using redis = await RedisProcess.start(['--maxmemory', '50mb', '--maxmemory-policy', 'noeviction']);
    await using scene = await examined(redis);
    expect(await complaints(scene.sdk)).toEqual(containing('warning cache-memory: Redis has a memory limit'));
    await redis.ask((client) => client.config('SET', 'maxmemory-policy', 'allkeys-lru'));
    expect(await complaints(scene.sdk)).toEqual([]);
    await redis.ask((client) => client.config('SET', 'maxmemory-policy', 'noeviction'));
    await redis.ask((client) => client.config('SET', 'maxmemory', '0'));
    expect(await complaints(scene.sdk)).toEqual([]);
  });

  it('warns of a clock that differs, and of a server that does not answer', async () => {
    await using redis = await RedisProcess.start();
    const clock = { now: () => settableClock(new Date(Date.now() - 60_000)).now() };
    await using scene = await examined(redis, { clock });
    expect(await complaints(scene.sdk)).toEqual(
      containing('critical clocks: the clock of PostgreSQL is', 'warning clocks: the clock of Redis is'),
    );
    redis.pause();
    const silent = await complaints(scene.sdk);
    redis.resume();
    expect(silent).toEqual(containing('critical clocks', 'warning cache-memory: Redis does not answer'));
  });
});

describe('the doctor without servers', () => {
  it('examines the embedded database', async () => {
    await using sdk = (await createSlotwise())._unsafeUnwrap();
    (await sdk.migrate())._unsafeUnwrap();
    expect(await complaints(sdk)).toEqual([]);
    expect((await sdk.diagnostics.vacuum())._unsafeUnwrap().length).toBeGreaterThan(10);
    expect((await sdk.diagnostics.topStatements())._unsafeUnwrap()).toMatchObject({ available: false });
  });

  it('says that there is nothing to examine in memory', async () => {
    await using sdk = createInMemorySlotwise();
    expect(await findings(sdk)).toMatchObject([{ check: 'schema', level: 'ok' }]);
    expect((await sdk.diagnostics.tableStatistics())._unsafeUnwrap()).toEqual([]);
  });
});
