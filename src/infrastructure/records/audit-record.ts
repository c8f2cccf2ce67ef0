import type { Result } from 'neverthrow';
import { auditedEntities, type AuditEntry, type NewAuditEntry } from '../../domain/audit/audit-entry.ts';
import type { BookingId, CandidateId } from '../../domain/shared/id.ts';
import type { CorruptRecord } from '../../domain/shared/repository-error.ts';
import { readActor, readRecord } from './record-reader.ts';

export const auditColumns = (entry: NewAuditEntry, correlationId: string | undefined) => ({
  at: entry.at.toJSON(),
  entity: entry.entity,
  entity_id: entry.entityId,
  action: entry.action,
  from_state: entry.from ?? null,
  to_state: entry.to ?? null,
  booking_id: entry.bookingId ?? null,
  booking_from: entry.bookingFrom ?? null,
  booking_to: entry.bookingTo ?? null,
  candidate_id: entry.candidateId ?? null,
  actor_kind: entry.actor.kind,
  actor_id: entry.actor.id ?? null,
  reason: entry.reason ?? null,
  correlation_id: correlationId ?? null,
  data: JSON.stringify(entry.data ?? {}),
});

export const auditEntryFromRecord = (record: unknown): Result<AuditEntry, CorruptRecord> =>
  readRecord('audit entry', record, (read) => ({
    id: read.integer('id'),
    at: read.instant('at'),
    entity: read.oneOf('entity', auditedEntities),
    entityId: read.integer('entity_id'),
    action: read.text('action'),
    from: read.optionalText('from_state'),
    to: read.optionalText('to_state'),
    bookingId: read.optionalInteger('booking_id') as BookingId | undefined,
    bookingFrom: read.optionalText('booking_from'),
    bookingTo: read.optionalText('booking_to'),
    candidateId: read.optionalInteger('candidate_id') as CandidateId | undefined,
    actor: readActor(read, 'actor') ?? read.refuse('actor_kind'),
    reason: read.optionalText('reason'),
    correlationId: read.optionalText('correlation_id'),
    data: read.json('data'),
  }));
