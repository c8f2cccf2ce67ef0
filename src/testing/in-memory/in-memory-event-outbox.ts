import { ok, type ResultAsync } from 'neverthrow';
import type { EventOutbox } from '../../application/ports/event-outbox.ts';
import type { EventPublisher } from '../../application/ports/event-publisher.ts';
import type { DomainEvent, NewEvent } from '../../domain/event/domain-event.ts';
import { parseCandidateId, type CandidateId, type IdInput } from '../../domain/shared/id.ts';
import { parseCorrelationId } from '../../domain/shared/correlation-id.ts';
import type { RepositoryError } from '../../domain/shared/repository-error.ts';
import { storedEvent } from '../../infrastructure/records/event-record.ts';
import type { InMemoryTransaction } from './in-memory-transaction.ts';

export class InMemoryEventOutbox implements EventOutbox {
  readonly #transaction: InMemoryTransaction;
  readonly #publisher: EventPublisher;

  constructor(transaction: InMemoryTransaction, publisher: EventPublisher) {
    this.#transaction = transaction;
    this.#publisher = publisher;
  }

  append(events: readonly NewEvent[]): ResultAsync<readonly DomainEvent[], RepositoryError> {
    const { correlationId } = this.#transaction;
    return parseCorrelationId(correlationId).asyncAndThen(() =>
      this.#transaction
        .statement<readonly DomainEvent[], never>('events.append', 'write', ({ nextId, putAll, now }) => {
          const written = events.map((event) => storedEvent(event, nextId('events'), correlationId));
          putAll(
            'events',
            written.map((event) => ({ id: event.id, event, ...untried, availableAt: now })),
          );
          return ok(written);
        })
        .andTee((written) => this.#transaction.afterCommit(() => this.#publisher.publish(written))),
    );
  }

  forgetReasons(candidateId: IdInput<CandidateId>): ResultAsync<void, RepositoryError> {
    return parseCandidateId(candidateId).asyncAndThen((id) =>
      this.#transaction.statement('events.forgetReasons', 'write', ({ tables, put }) => {
        for (const row of tables.events.values()) {
          const { data } = row.event;
          if ('candidateId' in data && data.candidateId === id)
            put('events', {
              ...row,
              event: { ...row.event, data: withoutTexts(data) } as DomainEvent,
            });
        }
        return ok();
      }),
    );
  }

  sweep(olderThanMs: number, limit: number): ResultAsync<number, RepositoryError> {
    return this.#transaction.statement('events.sweep', 'write', ({ tables, now, remove }) => {
      const end = now.plus(-olderThanMs).toJSON();
      const over = [...tables.events.values()].filter(({ event }) => event.occurredAt <= end);
      for (const { id } of over.slice(0, limit)) remove('events', id);
      return ok(Math.min(over.length, limit));
    });
  }
}

const untried = { attempts: 0, lastError: undefined, deadAt: undefined } as const;

/** What people wrote. */
const withoutTexts = (data: object): object => ({
  ...data,
  reason: undefined,
  ...('comment' in data ? { comment: undefined } : {}),
});
