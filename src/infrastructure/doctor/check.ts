import type { ResultAsync } from 'neverthrow';
import type { Clock } from '../../application/ports/clock.ts';
import type { DoctorCheck, DoctorFinding } from '../../application/ports/diagnostics.ts';
import type { EventQueue } from '../../application/ports/event-queue.ts';
import type { ReplicaHealth } from '../../application/ports/health.ts';
import type { InvalidationOutbox } from '../../application/ports/invalidation.ts';
import type { PoolUse } from '../../application/ports/pool-status.ts';
import type { MigrationPlan } from '../../application/ports/migration-plan.ts';
import type { RepositoryError } from '../../domain/shared/repository-error.ts';
import type { ServerFacts } from '../cache/redis/server-facts.ts';
import type { Catalogue } from '../persistence/catalogue/catalogue.ts';

/** What the checks look at. */
export interface Examined {
  readonly catalogue: Catalogue;
  readonly migrationPlan: () => ResultAsync<MigrationPlan, RepositoryError>;
  readonly eventQueue: Pick<EventQueue, 'backlog'>;
  readonly invalidations: Pick<InvalidationOutbox, 'backlog'>;
  /** Those of the cache that are known; absent where none is named. */
  readonly cacheServers?: (() => readonly ServerFacts[]) | undefined;
  readonly replicas: () => readonly ReplicaHealth[];
  readonly clock: Clock;
  /** Absent where the pool is not ours. */
  readonly poolUse: () => PoolUse | undefined;
}

/** Looks at one thing. Finds at least that it is well. */
export type Check = (examined: Examined) => ResultAsync<readonly DoctorFinding[], RepositoryError>;

export const well = (check: DoctorCheck, message: string): DoctorFinding => ({ check, level: 'ok', message });

/** What is wrong, or that nothing is. */
export const foundOr = (
  findings: readonly DoctorFinding[],
  otherwise: DoctorFinding,
): readonly DoctorFinding[] => (findings.length === 0 ? [otherwise] : findings);
