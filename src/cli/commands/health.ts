import { errAsync, okAsync, ResultAsync } from 'neverthrow';
import type { ComponentHealth, HealthReport } from '../../index.ts';
import { explain, type CliError } from '../cli-error.ts';
import { defineCommand, type Report } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { described, painted } from '../health-text.ts';
import type { Output } from '../output.ts';
import { span, table } from '../text.ts';

interface HealthOptions {
  readonly strict?: true;
}

export const health = defineCommand<HealthOptions>({
  name: 'health',
  summary: 'ask PostgreSQL and Redis how they are',
  details: `Ends with 0 while the database answers: a cache that is away makes reads slower, and nothing else. Ends with 3 when the
database does not.`,
  configure: (command) => command.option('--strict', 'end with 3 also when something is degraded'),
  run: ({ open, output }, { options: { strict = false } }) =>
    open()
      .andThen((sdk) => ResultAsync.fromSafePromise(sdk.health()))
      .map((report) => reportOf(report, strict, output))
      .orElse((error) =>
        error.type === 'DatabaseUnreachable' ? okAsync(unreachable(error, output)) : errAsync(error),
      ),
});

function reportOf(report: HealthReport, strict: boolean, output: Output): Report {
  const { status, database, replicas = [], cache, events, invalidation } = report;
  const well = status === 'up' || (status === 'degraded' && !strict);
  return {
    data: report,
    text: table([
      ['status', painted(status, output)],
      ['database', described(database, output)],
      ...replicas.map((replica): [string, string] => [`replica ${replica.name}`, described(replica, output)]),
      ['cache', described(cache, output)],
      ['events', `${events.backlog} waiting, the oldest for ${span(events.oldestMs)}, ${events.dead} dead`],
      ['invalidation', `${invalidation.backlog} waiting, the oldest for ${span(invalidation.oldestMs)}`],
    ]),
    exitCode: well ? exitCodes.ok : exitCodes.away,
  };
}

/** Nothing beyond it could be asked. */
const unreachable = (error: CliError, output: Output): Report => {
  const database: ComponentHealth = { status: 'down', detail: explain(error) };
  return {
    data: { status: 'down', database },
    text: table([
      ['status', painted('down', output)],
      ['database', described(database, output)],
    ]),
    exitCode: exitCodes.away,
  };
};
