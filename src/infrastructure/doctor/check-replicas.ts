import { okAsync } from 'neverthrow';
import type { DoctorFinding } from '../../application/ports/diagnostics.ts';
import type { ReplicaHealth } from '../../application/ports/health.ts';
import { foundOr, well, type Check } from './check.ts';

/** Whether those that are named take reads off the primary. */
export const checkReplicas: Check = ({ replicas }) => {
  const named = replicas();
  const otherwise = named.length === 0 ? 'no read replica is named' : 'all read replicas are in use';
  return okAsync(
    foundOr(named.filter(({ status }) => status !== 'up').map(notInUse), well('replicas', otherwise)),
  );
};

const notInUse = ({ name, detail = 'is not up', lagMs }: ReplicaHealth): DoctorFinding => ({
  check: 'replicas',
  level: 'warning',
  message: `the read replica ${name} is not in use: it ${detail}${lagMs === undefined ? '' : ` (${(lagMs / 1000).toFixed(1)} s)`}`,
  remedy: 'see pg_stat_replication on the primary; until then the primary answers its reads',
});
