import type { ResultAsync } from 'neverthrow';
import type { DomainEvent } from '../../domain/event/domain-event.ts';
import type { Page, PageRequest } from '../../domain/shared/page.ts';
import type { Instant } from '../../domain/shared/instant.ts';
import type { RepositoryError } from '../../domain/shared/repository-error.ts';

/** An event that is somebody's to deliver, for a while. */
export interface ClaimedEvent {
  readonly event: DomainEvent;
  /** Which attempt this is; the first is 1. */
  readonly attempt: number;
}

/** An event that could not be delivered as often as it may be tried. */
export interface DeadEvent {
  readonly event: DomainEvent;
  readonly attempts: number;
  readonly lastError: string;
  readonly deadAt: Instant;
}

export interface EventBacklog {
  /** Events that wait to be delivered. */
  readonly waiting: number;
  /** Age of the oldest of them in milliseconds; 0 when there is none. */
  readonly oldestMs: number;
  readonly dead: number;
}

/** Committed events that nobody has delivered yet. Each call is a transaction of its own. */
export interface EventQueue {
  /**
   * Takes events that are due and that nobody else has taken, at most `limit`, only the first of each aggregate. Whoever
   * does not settle them within `leaseMs` loses them to the next who asks.
   */
  claim(limit: number, leaseMs: number): ResultAsync<readonly ClaimedEvent[], RepositoryError>;
  /** Removes what was delivered, unless somebody else has taken it meanwhile. */
  settle(claimed: ClaimedEvent): ResultAsync<void, RepositoryError>;
  /** Lets an event wait before the next attempt, and its aggregate with it. */
  postpone(claimed: ClaimedEvent, reason: string, waitMs: number): ResultAsync<void, RepositoryError>;
  /** Puts an event aside; those of its aggregate that come after it go on. */
  bury(claimed: ClaimedEvent, reason: string): ResultAsync<void, RepositoryError>;
  listDead(page?: PageRequest): ResultAsync<Page<DeadEvent>, RepositoryError>;
  /** All that are dead when `ids` is left out; answers how many. */
  retryDead(ids?: readonly number[]): ResultAsync<number, RepositoryError>;
  discardDead(ids?: readonly number[]): ResultAsync<number, RepositoryError>;
  backlog(): ResultAsync<EventBacklog, RepositoryError>;
}
