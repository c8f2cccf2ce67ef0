import type { HealthReport } from '../ports/health.ts';

/** What was found out, put together: how it is as a whole follows from its parts. */
export function healthReport({
  open,
  database,
  cache,
  ...backlogs
}: Omit<HealthReport, 'status' | 'live' | 'ready'> & { readonly open: boolean }): HealthReport {
  const status = database.status === 'up' && cache.status !== 'up' ? 'degraded' : database.status;
  return { status, live: open, ready: open && database.status !== 'down', database, cache, ...backlogs };
}

/** The answer of a readiness probe over HTTP: 503 while requests had better go to another process, else 200. */
export const healthHttpStatus = ({ ready }: Pick<HealthReport, 'ready'>): 200 | 503 => (ready ? 200 : 503);
