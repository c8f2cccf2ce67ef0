import type { Actor } from '../shared/actor.ts';
import type { BookingId, CandidateId } from '../shared/id.ts';
import type { Instant } from '../shared/instant.ts';

/** What an entry can be about. */
export const auditedEntities = [
  'slot',
  'candidate',
  'template',
  'blocked_period',
  'waitlist_entry',
  'reschedule_request',
  'recruiter',
  'city',
] as const;
export type AuditedEntity = (typeof auditedEntities)[number];

/** An accepted change, before it has been written down. */
export interface NewAuditEntry {
  readonly at: Instant;
  readonly entity: AuditedEntity;
  readonly entityId: number;
  /** The command, or the row of the state machine, that made the change: `approve`. */
  readonly action: string;
  /** State of the entity before and after; `from` is unset for what did not exist before. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  /** The booking that changed with its slot. */
  readonly bookingId?: BookingId | undefined;
  readonly bookingFrom?: string | undefined;
  readonly bookingTo?: string | undefined;
  readonly candidateId?: CandidateId | undefined;
  readonly actor: Actor;
  readonly reason?: string | undefined;
  /** Plain data, for what the fields above have no place for. */
  readonly data?: Readonly<Record<string, unknown>> | undefined;
}

/** One line of the audit trail. It is written in the transaction that made the change, and never changes itself. */
export interface AuditEntry extends NewAuditEntry {
  readonly id: number;
  /** Names what the host was doing when it asked for the change; see `UnitOfWorkOptions.correlationId`. */
  readonly correlationId: string | undefined;
  readonly data: Readonly<Record<string, unknown>>;
}
