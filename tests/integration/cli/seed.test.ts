import { expect, it } from 'vitest';
import { migratedScene, type CommandLineScene } from '../../support/command-line.ts';
import { describeWithServers } from '../../support/services.ts';

const WEEK = '2030-01-07';

/** Filled by the command itself. */
async function seededScene(seed: number): Promise<CommandLineScene> {
  const scene = await migratedScene();
  const size = ['--recruiters', '3', '--candidates', '5'];
  await scene.json('seed', '--seed', String(seed), '--from', WEEK, ...size);
  return scene;
}

/** Everything that was stored, in an order of its own. */
const stored = async ({ database }: CommandLineScene): Promise<readonly unknown[]> =>
  Promise.all(
    [
      'select name, time_zone from $schema.city order by name',
      'select name, time_zone from $schema.recruiter order by id',
      `select recruiter.name, starts_at, ends_at from $schema.slot join $schema.recruiter on recruiter.id = recruiter_id
       order by recruiter_id, starts_at`,
      'select full_name, time_zone from $schema.candidate order by id',
    ].map((statement) => database.rows(statement)),
  );

describeWithServers('slotwise seed', () => {
  it('stores the same for the same seed and week, and something else for another seed', async () => {
    await using stack = new AsyncDisposableStack();
    const scenes = await Promise.all([7, 7, 8].map(seededScene));
    for (const scene of scenes) stack.use(scene);
    const [first, again, other] = await Promise.all(scenes.map(stored));
    expect(again).toEqual(first);
    expect(other).not.toEqual(first);
  });

  it('publishes slots of that week, of recruiters who work in their city, and nobody that can be reached', async () => {
    await using scene = await seededScene(1);
    const slots = await scene.database.rows<{ inside: boolean; linked: boolean }>(
      `select starts_at >= '${WEEK}' and ends_at < '${WEEK}'::date + 7 as inside,
              exists (select from $schema.recruiter_city link
                where link.recruiter_id = slot.recruiter_id and link.city_id = slot.city_id) as linked
       from $schema.slot`,
    );
    expect(slots.length).toBeGreaterThan(10);
    expect(slots.filter(({ inside, linked }) => !inside || !linked)).toEqual([]);
    const reachable = await scene.database.rows(
      'select 1 from $schema.candidate where telegram_id is not null or phone is not null or username is not null',
    );
    expect(reachable).toEqual([]);
  });

  it('refuses a schema that holds data, and adds to it when it is forced to', async () => {
    await using scene = await seededScene(1);
    const before = await stored(scene);
    const refused = await scene.run('seed', '--from', WEEK);
    expect(refused).toMatchObject({ code: 1, stdout: '' });
    expect(refused.stderr).toMatch(/the schema holds data/);
    expect(await stored(scene)).toEqual(before);

    const added = await scene.json(
      'seed',
      '--force',
      '--recruiters',
      '2',
      '--candidates',
      '1',
      '--from',
      WEEK,
    );
    expect(added).toMatchObject({ cities: 0, recruiters: 2, candidates: 1 });
  });

  it.each([
    ['--from', '2030-13-01'],
    ['--recruiters', '0'],
    ['--seed', '-1'],
  ])('stores nothing for a wrong option: %s %s', async (option, value) => {
    await using scene = await migratedScene();
    expect(await scene.run('seed', `${option}=${value}`)).toMatchObject({ code: 2, stdout: '' });
    expect(await scene.database.rows('select 1 from $schema.city')).toEqual([]);
  });
});
