import type { Result } from 'neverthrow';
import { RescheduleRequest, type NewRescheduleRequest } from '../../domain/reschedule/reschedule-request.ts';
import { bookingSides, rescheduleStates } from '../../domain/reschedule/reschedule-state.ts';
import type { BookingId, CandidateId, RescheduleRequestId, SlotId } from '../../domain/shared/id.ts';
import type { CorruptRecord } from '../../domain/shared/repository-error.ts';
import { readActor, readRecord } from './record-reader.ts';

/** The columns of a new request. */
export const newRescheduleColumns = (request: NewRescheduleRequest) => ({
  booking_id: request.bookingId,
  candidate_id: request.candidateId,
  awaiting: request.awaiting,
  slot_id: request.slotId ?? null,
  wanted_from: request.from?.toJSON() ?? null,
  wanted_until: request.until?.toJSON() ?? null,
  comment: request.comment ?? null,
  requested_by_kind: request.requestedBy.kind,
  requested_by_id: request.requestedBy.id ?? null,
  created_at: request.createdAt.toJSON(),
});

export const rescheduleColumns = (request: RescheduleRequest) => ({
  ...newRescheduleColumns(request),
  state: request.state,
  decided_at: request.decidedAt?.toJSON() ?? null,
  decided_by_kind: request.decidedBy?.kind ?? null,
  decided_by_id: request.decidedBy?.id ?? null,
  decision_reason: request.decisionReason ?? null,
});

/** A whole record of one is part of what a command has answered. */
export const rescheduleToRecord = (request: RescheduleRequest) => ({
  id: request.id,
  version: request.version,
  ...rescheduleColumns(request),
});

export const rescheduleFromRecord = (record: unknown): Result<RescheduleRequest, CorruptRecord> =>
  readRecord(
    'reschedule request',
    record,
    (read) =>
      new RescheduleRequest({
        id: read.integer('id') as RescheduleRequestId,
        bookingId: read.integer('booking_id') as BookingId,
        candidateId: read.integer('candidate_id') as CandidateId,
        state: read.oneOf('state', rescheduleStates),
        awaiting: read.oneOf('awaiting', bookingSides),
        slotId: read.optionalInteger('slot_id') as SlotId | undefined,
        from: read.optionalInstant('wanted_from'),
        until: read.optionalInstant('wanted_until'),
        comment: read.optionalText('comment'),
        requestedBy: readActor(read, 'requested_by') ?? read.refuse('requested_by_kind'),
        createdAt: read.instant('created_at'),
        decidedAt: read.optionalInstant('decided_at'),
        decidedBy: readActor(read, 'decided_by'),
        decisionReason: read.optionalText('decision_reason'),
        version: read.integer('version'),
      }),
  );
