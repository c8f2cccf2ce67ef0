import { okAsync, Result, type ResultAsync } from 'neverthrow';
import type { EventOutbox } from '../../../application/ports/event-outbox.ts';
import type { DomainEvent, NewEvent } from '../../../domain/event/domain-event.ts';
import { parseCandidateId, type CandidateId, type IdInput } from '../../../domain/shared/id.ts';
import { parseCorrelationId } from '../../../domain/shared/correlation-id.ts';
import type { RepositoryError } from '../../../domain/shared/repository-error.ts';
import { eventColumns, storedEvent } from '../../records/event-record.ts';
import { readRecord } from '../../records/record-reader.ts';
import type { RepositoryContext } from './entity-rows.ts';
import { inBatches, ROWS_PER_STATEMENT } from './in-batches.ts';
import { sweepRows } from './sweep-rows.ts';

export class MikroOrmEventOutbox implements EventOutbox {
  readonly #context: RepositoryContext;

  constructor(context: RepositoryContext) {
    this.#context = context;
  }

  append(events: readonly NewEvent[]): ResultAsync<readonly DomainEvent[], RepositoryError> {
    if (events.length === 0) return okAsync([]);
    const { session, correlationId, onEvents } = this.#context;
    return parseCorrelationId(correlationId).asyncAndThen(() =>
      inBatches(events, ROWS_PER_STATEMENT, (batch) =>
        session.run('events.append', 'write', (db) =>
          db
            .insertInto('event_message')
            .values(batch.map((event) => eventColumns(event, correlationId)))
            .returning('id')
            .execute(),
        ),
      )
        .andThen((rows) =>
          Result.combine(rows.map((row) => readRecord('event', row, (read) => read.integer('id')))),
        )
        .map((ids) => {
          const written = events.map((event, index) =>
            storedEvent(event, ids[index] as number, correlationId),
          );
          onEvents?.(written);
          return written;
        }),
    );
  }

  forgetReasons(candidateId: IdInput<CandidateId>): ResultAsync<void, RepositoryError> {
    return parseCandidateId(candidateId).asyncAndThen((valid) =>
      this.#context.session
        .run('events.forgetReasons', 'write', (db) =>
          db
            .updateTable('event_message')
            .set((eb) => ({
              payload: eb.fn<string>('jsonb_delete_path', [
                eb.fn<string>('jsonb_delete_path', ['payload', eb.val('{data,reason}')]),
                eb.val('{data,comment}'),
              ]),
            }))
            .where((eb) => {
              const id = eb.fn<string>('jsonb_extract_path_text', [
                'payload',
                eb.val('data'),
                eb.val('candidateId'),
              ]);
              return eb(id, '=', String(valid));
            })
            .execute(),
        )
        .map(() => undefined),
    );
  }

  sweep(olderThanMs: number, limit: number): ResultAsync<number, RepositoryError> {
    return this.#context.session.run('events.sweep', 'write', (db) =>
      sweepRows(db, { table: 'event_message', since: 'occurred_at' }, olderThanMs, limit),
    );
  }
}
