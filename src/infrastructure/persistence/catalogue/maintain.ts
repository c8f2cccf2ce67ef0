import { err, ok, ResultAsync, type Result } from 'neverthrow';
import type { MaintainedTable, MaintenanceOptions } from '../../../application/ports/diagnostics.ts';
import { tellHost } from '../../../application/tell-host.ts';
import { rawRows } from '../raw-rows.ts';
import type { StatementError } from '../session.ts';
import type { Catalogue } from './catalogue.ts';
import { sdkTables } from './declared-objects.ts';
import { withoutLimits } from './without-limits.ts';

type Command = 'analyze' | 'vacuum';

/** One table after the other: a failure leaves those before it done. */
export const maintain = (
  catalogue: Catalogue,
  command: Command,
  options: MaintenanceOptions = {},
): ResultAsync<readonly MaintainedTable[], StatementError> =>
  new ResultAsync(maintainAll(catalogue, command, options));

async function maintainAll(
  { session, schema }: Catalogue,
  command: Command,
  { onProgress }: MaintenanceOptions,
): Promise<Result<readonly MaintainedTable[], StatementError>> {
  const maintained: MaintainedTable[] = [];
  for (const table of sdkTables) {
    tellHost(onProgress, { table, done: maintained.length, total: sdkTables.length });
    const startedAt = performance.now();
    const done = await session.run(`diagnostics.${command}`, 'write', (db) =>
      withoutLimits(db, () => rawRows(db, `${command} "${schema}"."${table}"`, [])),
    );
    if (done.isErr()) return err(done.error);
    maintained.push({ table, durationMs: performance.now() - startedAt });
  }
  return ok(maintained);
}
