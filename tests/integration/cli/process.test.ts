import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import {
  commandLine,
  migratedScene,
  CommandLineScene,
  outcomeOf,
  seededScene,
  startCommandLine,
} from '../../support/command-line.ts';
import { describeWithServers } from '../../support/services.ts';
import { until } from '../../support/until.ts';

const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { readonly version: string };

describeWithServers('the process of slotwise', () => {
  it.each(['SIGINT', 'SIGTERM'] as const)(
    'ends with 130 on %s, and leaves no connection behind',
    async (signal) => {
      await using scene = await seededScene();
      const url = new URL(scene.database.url);
      url.searchParams.set('application_name', `${scene.database.schema}_cli`);
      const connections = () =>
        scene.database.rows(`select 1 from pg_stat_activity where application_name = '$schema_cli'`);
      const child = startCommandLine(['benchmark', '--reads', '1000000', '--seconds', '60', '--json'], {
        ...scene.env,
        DATABASE_URL: url.href,
      });
      const ended = outcomeOf(child);
      await until('the benchmark is connected', 15_000, async () => (await connections()).length > 0);
      child.kill(signal);
      const { code, stdout, stderr } = await ended;
      expect({ code, stdout, stderr }).toEqual({
        code: 130,
        stdout: '',
        stderr: `slotwise: interrupted by ${signal}\n`,
      });
      expect(await connections()).toEqual([]);
    },
  );

  it('prints its version', async () => {
    expect(await commandLine(['--version'])).toMatchObject({ code: 0, stdout: `${version}\n`, stderr: '' });
  });

  it('needs a database, and says how to name it', async () => {
    const { code, stdout, stderr } = await commandLine(['migrate', 'status', '--json']);
    expect(code).toBe(2);
    expect(stderr).toBe('slotwise: no database is named: give --database-url, or set DATABASE_URL\n');
    expect(JSON.parse(stdout)).toMatchObject({ error: { type: 'Usage' } });
  });

  it('takes options for the environment', async () => {
    await using scene = new CommandLineScene();
    const { DATABASE_URL = '', SLOTWISE_SCHEMA = '', REDIS_URL = '', SLOTWISE_CACHE_PREFIX = '' } = scene.env;
    const place = ['--database-url', DATABASE_URL, '--schema', SLOTWISE_SCHEMA, '--redis-url', REDIS_URL];
    const named = [...place, '--prefix', SLOTWISE_CACHE_PREFIX];
    const elsewhere = { DATABASE_URL: 'postgresql://127.0.0.1:1/x', REDIS_CLUSTER_NODES: '127.0.0.1:1' };
    expect(await commandLine(['migrate', 'up', ...named], elsewhere)).toMatchObject({ code: 0, stderr: '' });
    expect(await commandLine(['cache', 'warm', ...named], elsewhere)).toMatchObject({ code: 0, stderr: '' });
    expect(await scene.json('migrate', 'status')).toMatchObject({ pending: [] });
  });

  it.each([
    [[], /^Usage: slotwise/],
    [['cache'], /^Usage: slotwise cache/],
    [['nothing'], /unknown command 'nothing'/],
    [['health', '--loud'], /unknown option '--loud'/],
    [['health', 'postgresql://me:hunter2@127.0.0.1/x'], /too many arguments/],
    [
      ['health', '--database-url', 'mysql://me:hunter2@127.0.0.1/x'],
      /DATABASE_URL must start with postgresql/,
    ],
    [
      ['health', '--database-url', 'postgresql://x/y', '--redis-url', 'http://me:hunter2@x'],
      /REDIS_URL must be/,
    ],
    [['health', '--database-url', 'postgresql://x/y', '--schema', 'No Schema'], /the option database.schema/],
  ])('ends with 2 for what it does not understand: %j', async (args, said) => {
    const { code, stdout, stderr } = await commandLine(args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(said);
    expect(stderr).not.toContain('hunter2');
  });

  it('names the remedy where the schema is not there yet', async () => {
    await using scene = new CommandLineScene();
    const { code, stderr } = await scene.run('outbox', 'status');
    expect(code).toBe(1);
    expect(stderr).toMatch(/has `slotwise migrate up` been run\?\n$/);
  });

  it('has no colour where nobody looks on', async () => {
    await using scene = await migratedScene();
    const { stdout } = await scene.run('health');
    expect(stdout).toMatch(/^status +up\ndatabase +up in /);
  });
});
