import { ok, type ResultAsync } from 'neverthrow';
import type { EventOutbox } from '../../application/ports/event-outbox.ts';
import type { EventPublisher } from '../../application/ports/event-publisher.ts';
import type { DomainEvent, NewEvent } from '../../domain/event/domain-event.ts';
import { parseCandidateId, type CandidateId, type IdInput } from '../../domain/shared/id.ts';
import { parseCorrelationId } from '../../domain/shared/correlation-id.ts';
import type { RepositoryError } from '../../domain/shared/repository-error.ts';
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
        .statement<readonly DomainEvent[], never>('events.append', 'write', ({ nextId, put }) =>
          ok(
            events.map((event) =>
              put('events', {
                ...event,
                id: nextId('events'),
                version: 1,
                ...(correlationId === undefined ? {} : { correlationId }),
              }),
            ),
          ),
        )
        .andTee((written) => this.#transaction.afterCommit(() => this.#publisher.publish(written))),
    );
  }

  forgetReasons(candidateId: IdInput<CandidateId>): ResultAsync<void, RepositoryError> {
    return parseCandidateId(candidateId).asyncAndThen((id) =>
      this.#transaction.statement('events.forgetReasons', 'write', ({ tables, put }) => {
        for (const event of tables.events.values())
          if ('candidateId' in event.data && event.data.candidateId === id)
            put('events', { ...event, data: { ...event.data, reason: undefined } } as DomainEvent);
        return ok();
      }),
    );
  }
}
