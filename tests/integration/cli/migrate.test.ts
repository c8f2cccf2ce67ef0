import { expect, it } from 'vitest';
import type { MigrationPlan } from '../../../src/index.ts';
import { CommandLineScene } from '../../support/command-line.ts';
import { migrationNames } from '../../support/migration-names.ts';
import { describeWithServers } from '../../support/services.ts';

/** Everything that makes a schema what it is, but for the schema's name and the times at which it was made. */
const shape = async ({ database }: CommandLineScene): Promise<readonly unknown[]> => {
  const found = await database.rows<{ what: string }>(
    `select relkind::text || ' ' || relname as what from pg_class where relnamespace = '$schema'::regnamespace
     union all select conname || ' ' || pg_get_constraintdef(oid) from pg_constraint
       where connamespace = '$schema'::regnamespace
     union all select tgname || ' ' || tgenabled::text from pg_trigger join pg_class on pg_class.oid = tgrelid
       where relnamespace = '$schema'::regnamespace and not tgisinternal
     order by 1`,
  );
  return found.map(({ what }) => what.replaceAll(database.schema, 'schema'));
};

describeWithServers('slotwise migrate', () => {
  it('says what is pending, applies it once, and says so', async () => {
    await using scene = new CommandLineScene();
    expect(await scene.json('migrate', 'status')).toEqual({ applied: [], pending: migrationNames });
    expect(await scene.json('migrate', 'up')).toEqual({ applied: migrationNames });
    expect(await scene.json('migrate', 'status')).toEqual({ applied: migrationNames, pending: [] });
    expect(await scene.json('migrate', 'up')).toEqual({ applied: [] });
    const { stdout } = await scene.run('migrate', 'plan');
    expect(stdout).toBe('-- nothing is pending\n');
  });

  it('changes nothing by asking', async () => {
    await using scene = new CommandLineScene();
    await scene.run('migrate', 'status');
    await scene.run('migrate', 'plan');
    const schemas = await scene.database.rows(`select 1 from pg_namespace where nspname = '$schema'`);
    expect(schemas).toEqual([]);
  });

  it('plans the very SQL that makes the schema', async () => {
    await using stack = new AsyncDisposableStack();
    const [planned, applied] = [stack.use(new CommandLineScene()), stack.use(new CommandLineScene())];
    const plan = await planned.json<Omit<MigrationPlan, 'applied'>>('migrate', 'plan');
    for (const statement of [...plan.preparation, ...plan.pending.flatMap(({ statements }) => statements)])
      await planned.database.rows(statement);
    await applied.json('migrate', 'up');

    expect(plan.pending.map(({ name }) => name)).toEqual(migrationNames);
    expect(await shape(planned)).toEqual(await shape(applied));
  });

  it('plans what is missing only', async () => {
    await using scene = new CommandLineScene();
    await scene.json('migrate', 'up');
    const last = migrationNames.at(-1);
    await scene.database.rows(`delete from $schema.migration where name = '${last}'`);
    const { pending } = await scene.json<MigrationPlan>('migrate', 'plan');
    expect(pending.map(({ name }) => name)).toEqual([last]);
  });
});
