import { err, ok, ResultAsync, type Result } from 'neverthrow';
import type { DoctorFinding, DoctorOptions } from '../../application/ports/diagnostics.ts';
import type { MigrationPlan } from '../../application/ports/migration-plan.ts';
import type { RepositoryError } from '../../domain/shared/repository-error.ts';
import { checkCacheMemory } from './check-cache-memory.ts';
import { checkClocks } from './check-clocks.ts';
import { checkDrift } from './check-drift.ts';
import { checkDurability } from './check-durability.ts';
import { checkExtension } from './check-extension.ts';
import { checkGuards } from './check-guards.ts';
import { checkIndexes } from './check-indexes.ts';
import { checkOutbox } from './check-outbox.ts';
import { checkReplicas } from './check-replicas.ts';
import { checkSchema } from './check-schema.ts';
import { checkTimeZones } from './check-time-zones.ts';
import type { Check, Examined } from './check.ts';

/** What there is whether the schema is up to date or not. */
const ofServers: readonly Check[] = [checkExtension, checkClocks, checkReplicas, checkCacheMemory];

/** What looks at tables that a migration may be about to make. */
const ofTables: readonly Check[] = [checkGuards, checkIndexes, checkTimeZones, checkOutbox, checkDrift];

const ofProduction: readonly Check[] = [checkDurability];

export const examine = (
  examined: Examined,
  options: DoctorOptions = {},
): ResultAsync<readonly DoctorFinding[], RepositoryError> =>
  examined
    .migrationPlan()
    .andThen((plan) => new ResultAsync(runAll(checksFor(plan, options), examined, checkSchema(plan))));

const checksFor = ({ pending }: MigrationPlan, { production = false }: DoctorOptions): readonly Check[] => [
  ...ofServers,
  ...(production ? ofProduction : []),
  ...(pending.length === 0 ? ofTables : []),
];

/** One after the other: the doctor is no reason to be short of connections. */
async function runAll(
  checks: readonly Check[],
  examined: Examined,
  first: readonly DoctorFinding[],
): Promise<Result<readonly DoctorFinding[], RepositoryError>> {
  const findings = [...first];
  for (const check of checks) {
    const found = await check(examined);
    if (found.isErr()) return err(found.error);
    findings.push(...found.value);
  }
  return ok(findings);
}
