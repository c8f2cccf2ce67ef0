import type { DoctorFinding } from '../../application/ports/diagnostics.ts';
import type { MigrationPlan } from '../../application/ports/migration-plan.ts';
import { migrationNames } from '../persistence/migrations/migrate.ts';
import { foundOr, well } from './check.ts';

/** Whether the schema is the one that this release is made for. */
export function checkSchema({ applied, pending }: MigrationPlan): readonly DoctorFinding[] {
  const unknown = applied.filter((name) => !migrationNames.includes(name));
  return foundOr(
    [
      ...(pending.length === 0 ? [] : [behind(pending.map(({ name }) => name))]),
      ...(unknown.length === 0 ? [] : [ahead(unknown)]),
    ],
    well('schema', `the schema is up to date: ${applied.length} migrations`),
  );
}

const behind = (names: readonly string[]): DoctorFinding => ({
  check: 'schema',
  level: 'critical',
  message: `migrations are missing, and tables were not looked at: ${names.join(', ')}`,
  remedy: 'call sdk.migrate(), or run `slotwise migrate up`',
});

const ahead = (names: readonly string[]): DoctorFinding => ({
  check: 'schema',
  level: 'warning',
  message: `a later release has migrated the schema: ${names.join(', ')}`,
  remedy: 'run that release here as well',
});
