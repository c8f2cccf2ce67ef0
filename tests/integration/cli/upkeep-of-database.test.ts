import { expect, it } from 'vitest';
import type {
  CacheContents,
  CacheServer,
  DoctorFinding,
  IndexReport,
  MaintainedTable,
  TableReport,
  TopStatements,
} from '../../../src/index.ts';
import { commandLine, migratedScene, seededScene } from '../../support/command-line.ts';
import { freePort } from '../../support/free-port.ts';
import { describeWithServers } from '../../support/services.ts';

interface Stats {
  readonly tables: readonly TableReport[];
  readonly statements: TopStatements;
  readonly cache?: CacheContents;
}

describeWithServers('slotwise doctor', () => {
  it('ends with 0 where all is well, and with 1 where a guard is gone', async () => {
    await using scene = await migratedScene();
    const well = await scene.json<{ findings: readonly DoctorFinding[] }>('doctor');
    expect(well.findings.map(({ level }) => level)).toEqual(well.findings.map(() => 'ok'));

    await scene.database.rows('alter table $schema.slot drop constraint slot_recruiter_no_overlap');
    const { code, stdout } = await scene.run('doctor');
    expect(code).toBe(1);
    expect(stdout).toMatch(/^critical +guards +the constraint slot_recruiter_no_overlap on /m);
    expect(stdout).toMatch(/^ +→ repair the rows/m);
  });

  it('takes a warning for a failure in production only', async () => {
    await using scene = await migratedScene();
    await scene.database.rows('drop index $schema.slot_by_city');
    const usual = await scene.run('doctor');
    expect(usual.stdout).toMatch(/^warning +indexes +the index slot_by_city on /m);
    expect(usual.stdout).not.toContain('durability');
    expect(usual.code).toBe(0);

    const production = await scene.run('doctor', '--production');
    expect(production.stdout).toMatch(/^\w+ +durability /m);
    expect(production.code).toBe(1);
  });

  it('names what is missing where nothing was migrated', async () => {
    await using scene = await migratedScene();
    const { code, stdout } = await commandLine(['doctor'], { ...scene.env, SLOTWISE_SCHEMA: 'not_there' });
    expect(code).toBe(1);
    expect(stdout).toMatch(/^critical +schema +migrations are missing/m);
  });
});

describeWithServers('slotwise stats', () => {
  it('shows tables, statements and the cache', async () => {
    await using scene = await seededScene();
    await scene.json('cache', 'warm', '--families', 'cities');
    await scene.json('analyze');
    const { tables, statements, cache } = await scene.json<Stats>('stats');
    expect(tables.find(({ table }) => table === 'candidate')).toMatchObject({ rows: 5 });
    expect(statements).toMatchObject({ available: expect.any(Boolean) as boolean });
    expect(cache?.families.map(({ family }) => family)).toEqual(['cities']);

    const { stdout } = await scene.run('stats');
    expect(stdout).toMatch(/^candidate +5 +\d+ /m);
    expect(stdout).toMatch(/^cities +\d+ +[\d.]+ (B|KiB)$/m);
  });

  it('shows the database also while Redis is away, or where none is named', async () => {
    await using scene = await seededScene();
    const { REDIS_URL: _named, ...none } = scene.env;
    for (const env of [{ ...scene.env, REDIS_URL: `redis://127.0.0.1:${await freePort()}` }, none]) {
      const { code, stdout } = await commandLine(['stats'], env);
      expect(code).toBe(0);
      expect(stdout).toMatch(/^slot +\d+ /m);
      expect(stdout).toContain('No Redis is named, or none answers.');
    }
  });
});

describeWithServers('slotwise stats of one part', () => {
  it('shows the database alone, with its connections', async () => {
    await using scene = await migratedScene();
    const stats = await scene.json<Record<string, unknown>>('stats', 'db');
    expect(Object.keys(stats)).toEqual(['tables', 'statements', 'connections']);
    expect(stats['connections']).toMatchObject({
      available: true,
      idleInTransaction: { count: expect.any(Number) as number },
    });
    const { stdout } = await scene.run('stats', 'db');
    expect(stdout).toMatch(/^\d+ of \d+ connections, \d+ of them of the SDK/m);
  });

  it('shows what the cache has, and what Redis says of itself', async () => {
    await using scene = await seededScene();
    await scene.json('cache', 'warm', '--families', 'cities');
    const { cache } = await scene.json<{ cache: CacheContents }>('stats', 'cache');
    expect(cache.families.map(({ family }) => family)).toEqual(['cities']);

    const { servers } = await scene.json<{ servers: readonly CacheServer[] }>('stats', 'redis');
    expect(servers).toHaveLength(1);
    const [server] = servers;
    expect(server).toMatchObject({
      address: expect.stringMatching(/:\d+$/) as string,
      version: expect.stringMatching(/^\d+\./) as string,
      memory: { evictionPolicy: expect.stringMatching(/^\w+/) as string },
    });
    for (const figure of [
      server?.memory.bytes,
      server?.memory.peakBytes,
      server?.clients,
      server?.maxClients,
    ])
      expect(figure).toBeGreaterThan(0);
    expect(server?.hitShare).toBeGreaterThanOrEqual(0);
    expect(server?.hitShare).toBeLessThanOrEqual(1);
    const { stdout } = await scene.run('stats', 'redis');
    expect(stdout).toMatch(/^server +version +memory /);
    expect(stdout).toMatch(/ (\d+(\.\d)?%|–) +\d+ of \d+ +\d+$/m);
  });

  it('knows no other part', async () => {
    const { code, stderr } = await commandLine(['stats', 'weather']);
    expect(code).toBe(2);
    expect(stderr).toContain('db, cache, redis');
  });
});

describeWithServers('slotwise indexes, analyze and vacuum', () => {
  it('lists indexes, also those that are missing', async () => {
    await using scene = await migratedScene();
    await scene.database.rows('drop index $schema.slot_by_city');
    const { indexes } = await scene.json<{ indexes: readonly IndexReport[] }>('indexes');
    expect(indexes.filter(({ state }) => state !== 'present').map(({ name }) => name)).toEqual([
      'slot_by_city',
    ]);
    const { stdout } = await scene.run('indexes');
    expect(stdout).toMatch(/^slot +slot_by_city +missing +yes /m);
    expect(stdout).toMatch(/^slot +slot_by_recruiter +present +yes /m);
  });

  it('creates indexes that are missing, and says so when none is', async () => {
    await using scene = await migratedScene();
    await scene.database.rows('drop index $schema.slot_by_city');
    const { code, stdout } = await scene.run('indexes', '--create');
    expect(stdout).toMatch(/^slot  slot_by_city  created  [\d.]+ m?s\n$/);
    expect(code).toBe(0);
    expect(await scene.json('indexes', '--create')).toEqual({ indexes: [] });
    const again = await scene.run('indexes', '--create');
    expect(again).toMatchObject({ code: 0, stdout: 'No index that makes reads fast is missing.\n' });
  });

  it('says why an index could not be created, and ends with 1', async () => {
    await using scene = await migratedScene();
    await scene.database.rows('alter table $schema.slot rename column city_id to town_id');
    await scene.database.rows('drop index $schema.slot_by_city, $schema.slot_by_start');
    const { code, stdout } = await scene.run('indexes', '--create', '--json');
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toEqual({
      indexes: [
        {
          table: 'slot',
          name: 'slot_by_city',
          outcome: 'failed',
          error: { type: 'Database', message: expect.stringContaining('"city_id"') as string },
        },
        expect.objectContaining({ name: 'slot_by_start', outcome: 'created' }) as unknown,
      ],
    });
  });

  it.each([
    ['analyze', 'Analyzed', 'last_analyze'],
    ['vacuum', 'Vacuumed', 'last_vacuum'],
  ])('%s every table', async (command, said, column) => {
    await using scene = await seededScene();
    const { tables } = await scene.json<{ tables: readonly MaintainedTable[] }>(command);
    const done = await scene.database.rows<{ relname: string }>(
      `select relname from pg_stat_all_tables where schemaname = '$schema' and ${column} is not null`,
    );
    expect(tables.map(({ table }) => table).toSorted()).toEqual(
      done.map(({ relname }) => relname).toSorted(),
    );
    const { stdout } = await scene.run(command);
    expect(stdout).toMatch(new RegExp(`^${said} ${tables.length} tables in [\\d.]+ m?s\\.\\n$`));
  });

  it('says what to do where nothing was migrated', async () => {
    await using scene = await migratedScene();
    const { code, stderr } = await commandLine(['vacuum'], { ...scene.env, SLOTWISE_SCHEMA: 'not_there' });
    expect(code).toBe(1);
    expect(stderr).toContain('has `slotwise migrate up` been run?');
  });
});
