import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { mondayAfter } from '../../../src/cli/seed/demo-data.ts';
import type { CacheUsage } from '../../../src/cli/cache-usage.ts';
import { createSlotwise, type BookingReportGroup } from '../../../src/index.ts';
import {
  commandLine,
  migratedScene,
  seededScene,
  type CommandLineScene,
} from '../../support/command-line.ts';
import { freePort } from '../../support/free-port.ts';
import { ScratchFolder } from '../../support/scratch-folder.ts';
import { describeWithServers } from '../../support/services.ts';

interface Report {
  readonly firstDay: string;
  readonly total: BookingReportGroup;
  readonly groups: readonly (BookingReportGroup & { readonly name: string })[];
  readonly bottlenecks: { readonly cache?: CacheUsage; readonly findings: readonly unknown[] };
}

const monday = mondayAfter(new Date());
const week = [
  '--from',
  monday,
  '--to',
  new Date(Date.parse(monday) + 6 * 86_400_000).toISOString().slice(0, 10),
];

/** One of the slots is asked for and given. */
async function bookOne(scene: CommandLineScene): Promise<void> {
  await using sdk = (
    await createSlotwise({ database: scene.database.options, cache: false })
  )._unsafeUnwrap();
  const { id } = (await sdk.booking.reserve({ slotId: 1, candidateId: 1 }))._unsafeUnwrap();
  (await sdk.booking.approve({ bookingId: id, actor: { kind: 'admin' } }))._unsafeUnwrap();
}

describeWithServers('slotwise report', () => {
  it('counts what became of slots, by whatever is asked for', async () => {
    await using scene = await seededScene();
    await bookOne(scene);
    const daily = await scene.json<Report>('report', ...week);
    expect(daily).toMatchObject({
      firstDay: monday,
      by: 'day',
      total: { requested: 1, approved: 1, booked: 1 },
    });
    expect(daily.groups.reduce((sum, { published }) => sum + published, 0)).toBe(daily.total.published);
    expect(daily.total.shares).not.toHaveProperty('noShowRate');
    expect(daily.bottlenecks).toMatchObject({
      findings: [],
      cache: { maxBytes: expect.any(Number) as number },
    });

    const { groups } = await scene.json<Report>('report', ...week, '--by', 'recruiter');
    const names = await scene.database.rows<{ name: string }>(
      'select name from $schema.recruiter order by id',
    );
    expect(groups.map(({ name }) => name)).toEqual(names.map(({ name }) => name));
    const [{ city } = { city: 0 }] = await scene.database.rows<{ city: number }>(
      'select city_id::int as city from $schema.slot where id = 1',
    );
    const own = await scene.json<Report>('report', ...week, '--by', 'city', '--city', String(city));
    expect(own.groups.map(({ key, approved }) => [key, approved])).toEqual([[city, 1]]);
  });

  it('is a table for people', async () => {
    await using scene = await seededScene();
    const { stdout } = await scene.run('report', ...week, '--time-zone', 'Europe/Berlin');
    expect(stdout).toMatch(/^Interviews from \d{4}-\d\d-\d\d to \d{4}-\d\d-\d\d \(Europe\/Berlin\)\n/);
    expect(stdout).toMatch(/^minutes booked +0 of \d+ \(0%\)$/m);
    expect(stdout).toMatch(/^no-show +0 \(–\)$/m);
    expect(stdout).toMatch(new RegExp(`^${monday} +\\d+ +0%`, 'm'));
    expect(stdout).toMatch(/^The doctor finds nothing wrong\.$/m);
  });

  it('is a page that loads nothing and takes no name for markup', async () => {
    await using stack = new AsyncDisposableStack();
    const scene = stack.use(await seededScene());
    const { path } = stack.use(await ScratchFolder.make());
    await bookOne(scene);
    await scene.database.rows(`update $schema.recruiter set name = '<script>alert(1)</script>' where id = 1`);
    const file = join(path, 'report.html');
    const ran = await scene.run('report', ...week, '--by', 'recruiter', '--html', file);
    expect(ran).toMatchObject({ code: 0, stdout: `Wrote ${file}.\n` });
    const page = await readFile(file, 'utf8');
    expect(page).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
    expect(page).not.toMatch(/<script|<link|<img|<iframe|@import|url\(|\bsrc=|\bhref=|NaN|undefined/);
    expect(page.match(/<svg [^>]*role="img" aria-labelledby="[\w-]+ [\w-]+">/g)).toHaveLength(3);
    expect(page).toContain("default-src 'none'");
    expect(await readdir(path)).toEqual(['report.html']);
  });

  it('replaces no file unless it is told to', async () => {
    await using stack = new AsyncDisposableStack();
    const scene = stack.use(await migratedScene());
    const { path } = stack.use(await ScratchFolder.make());
    const file = join(path, 'report.html');
    await writeFile(file, 'mine');
    const { code, stderr } = await scene.run('report', '--html', file);
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: `slotwise: ${file} is there already: give --force to replace it\n`,
    });
    expect(await readFile(file, 'utf8')).toBe('mine');
    expect(await scene.run('report', '--html', file, '--force')).toMatchObject({ code: 0 });
    expect(await readFile(file, 'utf8')).toMatch(/^<!doctype html>/);
    expect(await readdir(path)).toEqual(['report.html']);
  });

  it.each([
    [['--from', '2030-02-30'], /must be a day such as 2030-01-07/],
    [['--from', '2030-02-02', '--to', '2030-02-01'], /--to must not be before --from/],
    [['--from', '2030-01-01', '--to', '2031-12-31'], /may be 365 days/],
    [['--time-zone', 'Mars/Olympus'], /Mars\/Olympus/],
    [['--by', 'month'], /Allowed choices/],
  ])('refuses %j', async (options, said) => {
    await using scene = await migratedScene();
    const { code, stdout, stderr } = await scene.run('report', ...options);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(said);
  });

  it('says which city there is not', async () => {
    await using scene = await migratedScene();
    expect(await scene.run('report', '--city', '77')).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/city/i) as string,
    });
  });

  it('does without Redis', async () => {
    await using scene = await seededScene();
    const env = { ...scene.env, REDIS_URL: `redis://127.0.0.1:${await freePort()}` };
    const { code, stdout } = await commandLine(['report', ...week, '--json'], env);
    expect(code).toBe(0);
    const { total, bottlenecks } = JSON.parse(stdout) as Report;
    expect(total.published).toBeGreaterThan(0);
    expect(bottlenecks).not.toHaveProperty('cache');
  });
});
