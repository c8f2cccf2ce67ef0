import { expect, it } from 'vitest';
import type { Explanation } from '../../../src/index.ts';
import { commandLine, migratedScene, seededScene } from '../../support/command-line.ts';
import { PostgresProcess } from '../../support/postgres-process.ts';
import { ScratchDatabase } from '../../support/scratch-database.ts';
import { describeWithServers } from '../../support/services.ts';

const LIFETIME_SECONDS = 120;

describeWithServers('slotwise slow-queries', () => {
  it.each([[[]], [['--reset']]])('says what is missing where nothing is counted: %j', async (more) => {
    await using scene = await migratedScene();
    const { code, stdout } = await scene.run('slow-queries', ...more);
    expect(code).toBe(1);
    expect(stdout).toMatch(
      /^Which statements are slow is not known: .*restart PostgreSQL, then: create extension pg_stat_statements;\n$/,
    );
    const json = await scene.run('slow-queries', ...more, '--json');
    expect(json.code).toBe(1);
    expect(JSON.parse(json.stdout)).toMatchObject({ available: false, reason: 'not-created' });
  });

  it('lists what PostgreSQL has counted, the slowest first, and forgets it', async ({ skip }) => {
    const preload = { shared_preload_libraries: 'pg_stat_statements' };
    await using server = await PostgresProcess.start(LIFETIME_SECONDS, preload);
    if (server === undefined) {
      skip('the programs of PostgreSQL are not installed');
      return;
    }
    await using database = new ScratchDatabase(server.url);
    const env = { DATABASE_URL: server.url, SLOTWISE_SCHEMA: database.schema };
    expect((await commandLine(['migrate', 'up'], env)).code).toBe(0);
    await database.rows('create extension pg_stat_statements');
    await database.rows('create table public.of_the_host (id int)');
    await database.rows('select id from public.of_the_host');
    await database.rows('select name, pg_sleep($1) from "$schema".city limit 1', [0]);
    await database.rows(
      `insert into "$schema".city (name, time_zone, active) values ('Berlin', 'UTC', true)`,
    );
    await database.rows('select pg_sleep(0.2), name from "$schema".city');

    const listed = await commandLine(['slow-queries', '--limit', '1'], env);
    expect(listed.code).toBe(0);
    expect(listed.stdout).toMatch(
      /^total +mean +calls +rows +statement\n20\d.*pg_sleep\(\$1\), name from.*\n$/,
    );

    const reset = await commandLine(['slow-queries', '--reset'], env);
    expect(reset).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^\d+ statements forgotten\.\n$/) as string,
    });
    expect((await commandLine(['slow-queries'], env)).stdout).not.toContain('pg_sleep');
    const others = await database.rows(`select from pg_stat_statements where query like '%of_the_host%'`);
    expect(others).not.toEqual([]);
  }, 60_000);
});

describeWithServers('slotwise explain', () => {
  it('lists the queries it knows', async () => {
    await using scene = await migratedScene();
    const { stdout } = await scene.run('explain');
    expect(stdout).toMatch(/^slots\.getFreeForCity$/m);
    const { queries } = await scene.json<{ queries: readonly string[] }>('explain');
    expect(stdout).toBe(`${queries.join('\n')}\n`);
  });

  it('shows the plan of one, and with --analyze what it came to', async () => {
    await using scene = await seededScene();
    await scene.json('analyze');
    const planned = await scene.run('explain', 'slots.getFreeForCity');
    expect(planned.code).toBe(0);
    expect(planned.stdout).toMatch(/^select .* from "slotwise_test_\w+"\."slot".*\n\n/);
    expect(planned.stdout).toContain('Not run: rows are what PostgreSQL expects.');

    const run = await scene.run('explain', 'slots.getFreeForCity', '--analyze');
    expect(run.stdout).toMatch(/ rows in [\d.]+ ms, \d+ expected$/m);
    expect(run.stdout).toMatch(/^Took [\d.]+ m?s\.$/m);
    const { plan } = await scene.json<Explanation>('explain', 'slots.getFreeForCity', '--analyze');
    expect(plan.actualRows).toBeGreaterThan(0);
  });

  it('takes no name that it does not know', async () => {
    await using scene = await migratedScene();
    const { code, stderr } = await scene.run('explain', 'slots.getAll');
    expect(code).toBe(2);
    expect(stderr).toContain('must be one of cities.getActive, ');
  });

  it('says what to do where nothing was migrated', async () => {
    await using scene = await migratedScene();
    const env = { ...scene.env, SLOTWISE_SCHEMA: 'not_there' };
    const { code, stderr } = await commandLine(['explain', 'slots.find'], env);
    expect(code).toBe(1);
    expect(stderr).toContain('has `slotwise migrate up` been run?');
  });
});
