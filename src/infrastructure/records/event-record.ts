import type { Result } from 'neverthrow';
import type { ClaimedEvent, DeadEvent } from '../../application/ports/event-queue.ts';
import type { DomainEvent, NewEvent } from '../../domain/event/domain-event.ts';
import type { CorruptRecord } from '../../domain/shared/repository-error.ts';
import { readRecord, type RecordReader } from './record-reader.ts';

export const eventColumns = (event: NewEvent, correlationId: string | undefined) => ({
  type: event.type,
  aggregate: event.aggregate,
  occurred_at: event.occurredAt,
  correlation_id: correlationId ?? null,
  payload: JSON.stringify({ actor: event.actor, data: event.data }),
});

/** An event with what its row has given it. */
export const storedEvent = (event: NewEvent, id: number, correlationId: string | undefined): DomainEvent => ({
  ...event,
  id,
  version: 1,
  ...(correlationId === undefined ? {} : { correlationId }),
});

/** Of a type that only a later release knows as well: it is the transport's to say what it can use. */
function readEvent(read: RecordReader): DomainEvent {
  const { actor, data } = read.json('payload');
  const event = {
    type: read.text('type'),
    aggregate: read.text('aggregate'),
    occurredAt: read.instant('occurred_at').toJSON(),
    actor: actor ?? read.refuse('payload'),
    data: data ?? read.refuse('payload'),
  } as NewEvent;
  return storedEvent(event, read.integer('id'), read.optionalText('correlation_id'));
}

export const claimedEventFromRecord = (record: unknown): Result<ClaimedEvent, CorruptRecord> =>
  readRecord('event', record, (read) => ({ event: readEvent(read), attempt: read.integer('attempts') }));

export const deadEventFromRecord = (record: unknown): Result<DeadEvent & { id: number }, CorruptRecord> =>
  readRecord('event', record, (read) => ({
    id: read.integer('id'),
    event: readEvent(read),
    attempts: read.integer('attempts'),
    lastError: read.optionalText('last_error') ?? 'unknown',
    deadAt: read.instant('dead_at'),
  }));
