import type { ResultAsync } from 'neverthrow';
import type { DomainEvent, NewEvent } from '../../domain/event/domain-event.ts';
import type { RepositoryError } from '../../domain/shared/repository-error.ts';

/** Where a unit of work leaves the events of what it changes: they become known when it commits, or never. */
export interface EventOutbox {
  append(events: readonly NewEvent[]): ResultAsync<readonly DomainEvent[], RepositoryError>;
}
