import type { HealthReport } from '../ports/health.ts';

/** What was found out, put together: how it is as a whole follows from its parts. */
export function healthReport({
  open,
  database,
  cache,
  replicas,
  ...backlogs
}: Omit<HealthReport, 'status' | 'live' | 'ready' | 'replicas'> & {
  readonly open: boolean;
  readonly replicas?: HealthReport['replicas'] | undefined;
}): HealthReport {
  const others = [cache, ...(replicas ?? [])];
  const impaired = database.status === 'up' && others.some(({ status: other }) => other !== 'up');
  return {
    status: impaired ? 'degraded' : database.status,
    live: open,
    ready: open && database.status !== 'down',
    database,
    ...(replicas === undefined ? {} : { replicas }),
    cache,
    ...backlogs,
  };
}

/** The answer of a readiness probe over HTTP: 503 while requests had better go to another process, else 200. */
export const healthHttpStatus = ({ ready }: Pick<HealthReport, 'ready'>): 200 | 503 => (ready ? 200 : 503);
