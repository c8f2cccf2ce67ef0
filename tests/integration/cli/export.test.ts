import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { ExportedMetrics } from '../../../src/cli/export/collect-metrics.ts';
import { commandLine, migratedScene, seededScene } from '../../support/command-line.ts';
import { freePort } from '../../support/free-port.ts';
import { ScratchFolder } from '../../support/scratch-folder.ts';
import { describeWithServers } from '../../support/services.ts';

describeWithServers('slotwise export', () => {
  it('writes everything that is known, in one file', async () => {
    await using stack = new AsyncDisposableStack();
    const scene = stack.use(await seededScene());
    const { path } = stack.use(await ScratchFolder.make());
    await scene.json('cache', 'warm', '--families', 'cities');
    await scene.json('analyze');
    const file = join(path, 'metrics.json');
    expect(await scene.json('export', file)).toEqual({ file, version: 1 });
    const text = await readFile(file, 'utf8');
    const metrics = JSON.parse(text) as ExportedMetrics;
    expect(Object.keys(metrics).toSorted()).toEqual([
      'activity',
      'at',
      'bookings',
      'cache',
      'health',
      'pool',
      'statements',
      'tables',
      'version',
    ]);
    expect(metrics).toMatchObject({
      version: 1,
      health: { status: 'up', events: { oldestMs: expect.any(Number) as number } },
      pool: { pool: { max: expect.any(Number) as number }, server: { available: true } },
      bookings: { groupBy: 'day', total: { attempts: 0 } },
      cache: { contents: { families: [{ family: 'cities' }], complete: true } },
    });
    expect(metrics.health.events.backlog).toBeGreaterThan(0);
    expect(metrics.activity.commits).toBeGreaterThan(0);
    expect(metrics.tables.find(({ table }) => table === 'candidate')).toMatchObject({ rows: 5 });
    // Names are personal data, and a password would be worse.
    const [{ name } = { name: '' }] = await scene.database.rows<{ name: string }>(
      'select name from $schema.recruiter limit 1',
    );
    expect(text).not.toContain(name);
    expect(text).not.toContain('://');
  });

  it('writes to stdout as well', async () => {
    await using scene = await migratedScene();
    const { code, stdout, stderr } = await scene.run('export', '-');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(JSON.parse(stdout)).toMatchObject({ version: 1, health: { status: 'up' } });
  });

  it('replaces no file unless it is told to, and leaves nothing beside it', async () => {
    await using stack = new AsyncDisposableStack();
    const scene = stack.use(await migratedScene());
    const { path } = stack.use(await ScratchFolder.make());
    const file = join(path, 'metrics.json');
    await writeFile(file, 'mine');
    expect(await scene.run('export', file)).toMatchObject({
      code: 1,
      stdout: '',
      stderr: `slotwise: ${file} is there already: give --force to replace it\n`,
    });
    expect(await readFile(file, 'utf8')).toBe('mine');
    expect(await scene.run('export', file, '--force')).toMatchObject({ code: 0, stdout: `Wrote ${file}.\n` });
    expect(JSON.parse(await readFile(file, 'utf8'))).toMatchObject({ version: 1 });
    expect(await readdir(path)).toEqual(['metrics.json']);
  });

  it('keeps the file that is there while the database is away', async () => {
    await using folder = await ScratchFolder.make();
    const file = join(folder.path, 'metrics.json');
    await writeFile(file, 'of yesterday');
    const env = { DATABASE_URL: `postgresql://127.0.0.1:${await freePort()}/test` };
    const { code, stderr } = await commandLine(['export', file, '--force'], env);
    expect(code).toBe(3);
    expect(stderr).toMatch(/^slotwise: the database cannot be reached/);
    expect(await readFile(file, 'utf8')).toBe('of yesterday');
    expect(await readdir(folder.path)).toEqual(['metrics.json']);
  });

  it('says what is wrong with a place where nothing can be written', async () => {
    await using stack = new AsyncDisposableStack();
    const scene = stack.use(await migratedScene());
    const { path } = stack.use(await ScratchFolder.make());
    const { code, stderr } = await scene.run('export', join(path, 'not', 'there.json'));
    expect(code).toBe(1);
    expect(stderr).toMatch(/there\.json could not be written: ENOENT/);
  });

  it('leaves a Redis out that is away', async () => {
    await using scene = await migratedScene();
    const env = { ...scene.env, REDIS_URL: `redis://127.0.0.1:${await freePort()}` };
    const { code, stdout } = await commandLine(['export', '-'], env);
    expect(code).toBe(0);
    const metrics = JSON.parse(stdout) as ExportedMetrics;
    expect(metrics.health.status).toBe('degraded');
    expect(metrics).not.toHaveProperty('cache');
  });
});
