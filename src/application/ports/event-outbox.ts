import type { ResultAsync } from 'neverthrow';
import type { DomainEvent, NewEvent } from '../../domain/event/domain-event.ts';
import type { CandidateId, IdInput } from '../../domain/shared/id.ts';
import type { RepositoryError } from '../../domain/shared/repository-error.ts';

/** Where a unit of work leaves the events of what it changes: they become known when it commits, or never. */
export interface EventOutbox {
  /** Removes what nobody has delivered since it happened so long ago, `limit` at most; answers how many. */
  sweep(olderThanMs: number, limit: number): ResultAsync<number, RepositoryError>;
  append(events: readonly NewEvent[]): ResultAsync<readonly DomainEvent[], RepositoryError>;
  /** Removes what people wrote from the candidate's events that are still kept here. */
  forgetReasons(candidateId: IdInput<CandidateId>): ResultAsync<void, RepositoryError>;
}
