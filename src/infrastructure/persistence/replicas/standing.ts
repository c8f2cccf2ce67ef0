import type { Result } from 'neverthrow';
import type { CorruptRecord } from '../../../domain/shared/repository-error.ts';
import { readRecord } from '../../records/record-reader.ts';

/** How far a server has come, in which history. */
export interface Standing {
  /** Of the cluster; a standby shares it with its primary, and no other server does. */
  readonly system: string;
  /** Counts promotions. Only a server that takes writes tells. */
  readonly timeline: string | undefined;
  /** Whether it is a standby. */
  readonly inRecovery: boolean;
  /** Byte of the write-ahead log up to which a standby has replayed it, or a primary has made it safe. */
  readonly position: bigint;
}

/** Functions that any role may call; see PostgreSQL's "System Administration Functions". */
export const standingStatement = `
  select (select system_identifier::text from pg_control_system()) as system,
         recovering as "inRecovery",
         case when not recovering then left(pg_walfile_name(pg_current_wal_flush_lsn()), 8) end as timeline,
         (case when recovering then pg_last_wal_replay_lsn() else pg_current_wal_flush_lsn() end
            - '0/0'::pg_lsn)::text as position
    from (select pg_is_in_recovery() as recovering) as server`;

/** Of what the driver answers. A standby that has not replayed anything yet has no position, and no standing. */
export const readStanding = (answer: unknown): Result<Standing, CorruptRecord> => {
  const { rows } = answer as { readonly rows: readonly unknown[] };
  return readRecord('server', rows[0], (read) => ({
    system: read.text('system'),
    inRecovery: read.flag('inRecovery'),
    timeline: read.optionalText('timeline'),
    position: BigInt(read.text('position')),
  }));
};
