import type { MikroORM } from '@mikro-orm/postgresql';
import { Migrator } from '@mikro-orm/migrations';
import type { MigrationPlan } from '../../../application/ports/migration-plan.ts';
import type { Database } from '../database.ts';
import { rawRows } from '../raw-rows.ts';
import { erasureMigration } from './erasure.ts';
import { actionTokensMigration } from './action-tokens.ts';
import { idempotencyMigration } from './idempotency.ts';
import { inboxMigration } from './inbox.ts';
import { blockedPeriodsMigration } from './blocked-periods.ts';
import { bulkSlotsMigration } from './bulk-slots.ts';
import type { MigrationClass } from './ddl.ts';
import { initialMigration } from './initial.ts';
import { messageTemplatesMigration } from './message-templates.ts';
import { policiesMigration } from './policies.ts';
import { reschedulesMigration } from './reschedules.ts';
import { queryIndexesMigration } from './query-indexes.ts';
import { transitionsMigration } from './transitions.ts';
import { waitlistMigration } from './waitlist.ts';

/** Any number that no other program is likely to lock; one for all schemas, because they share the extension. */
const MIGRATION_LOCK = 7_150_611_905n;

/** The part of MikroORM's configuration that concerns migrations: an explicit list, never a diff or a glob. */
export const migrationOptions = (schema: string) => ({
  migrationsList: [
    { name: '0001_initial', class: initialMigration(schema) },
    { name: '0002_transitions', class: transitionsMigration(schema) },
    { name: '0003_policies', class: policiesMigration(schema) },
    { name: '0004_blocked_periods', class: blockedPeriodsMigration(schema) },
    { name: '0004_bulk_slots', class: bulkSlotsMigration(schema) },
    { name: '0005_reschedules', class: reschedulesMigration(schema) },
    { name: '0006_erasure', class: erasureMigration(schema) },
    { name: '0006_message_templates', class: messageTemplatesMigration(schema) },
    { name: '0007_idempotency', class: idempotencyMigration(schema) },
    { name: '0008_inbox', class: inboxMigration(schema) },
    { name: '0009_action_tokens', class: actionTokensMigration(schema) },
    { name: '0010_query_indexes', class: queryIndexesMigration(schema) },
    { name: '0011_waitlist', class: waitlistMigration(schema) },
  ],
  tableName: 'migration',
  snapshot: false,
  disableForeignKeys: false,
  silent: true,
});

/** Every migration that this release knows, in their order; they are called the same in every schema. */
export const migrationNames: readonly string[] = migrationOptions('any').migrationsList.map(
  ({ name }) => name,
);

/**
 * Applies what is missing, all of it or nothing, and answers the names. Processes that migrate at the same time wait
 * for each other. The schema and the migrator's own table are made first, under the same lock: the migrator looks for
 * them on a connection of its own, where it could neither see nor wait for a transaction of ours.
 */
export async function migrate(orm: MikroORM, database: Database): Promise<readonly string[]> {
  const { schema } = database;
  await database.locked(MIGRATION_LOCK, async (transaction) => {
    for (const statement of trackingTable(schema))
      await orm.em.getConnection().execute(statement, [], 'run', transaction);
  });
  const migrator = new Migrator(orm.em);
  await migrator.getExecuted();
  return database.locked(MIGRATION_LOCK, async (transaction) => {
    const applied = await migrator.up({ transaction });
    return applied.map(({ name }) => name);
  });
}

/** What `migrate` would do at this moment; nothing is written, not even the migrator's own table. */
export async function planMigration(orm: MikroORM, database: Database): Promise<MigrationPlan> {
  const { schema } = database;
  const applied = await appliedMigrations(database);
  const pending = migrationOptions(schema).migrationsList.filter(({ name }) => !applied.includes(name));
  return {
    applied,
    preparation: pending.length === 0 ? [] : trackingTable(schema),
    pending: pending.map(({ name, class: Migration }) => ({
      name,
      statements: statementsOf(orm, Migration),
    })),
  };
}

const appliedMigrations = (database: Database): Promise<readonly string[]> =>
  database.query(async (db) => {
    const table = `"${database.schema}".migration`;
    const [found] = await rawRows(db, 'select to_regclass($1) is not null as tracked', [table]);
    if (!(found as { readonly tracked: boolean }).tracked) return [];
    const rows = await rawRows(db, `select name from ${table} order by id`, []);
    return rows.map((row) => (row as { readonly name: string }).name);
  });

function statementsOf(orm: MikroORM, Migration: MigrationClass): readonly string[] {
  const migration = new Migration(orm.em.getDriver(), orm.config);
  // Ours only collect statements: they neither wait for anything nor ask the database.
  void migration.up();
  return migration.getQueries().map(String);
}

const trackingTable = (schema: string): readonly string[] => [
  `create schema if not exists "${schema}"`,
  `create table if not exists "${schema}".migration (
    id serial primary key,
    name varchar(255) not null,
    executed_at timestamptz not null default current_timestamp
  )`,
];
