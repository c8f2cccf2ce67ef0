import type { ResultAsync } from 'neverthrow';
import type { RepositoryError } from '../../domain/shared/repository-error.ts';
import type { Anchor } from '../caching/anchors.ts';
import type { CommitReport } from './unit-of-work.ts';

/** Names a row of the invalidation outbox. */
export type InvalidationId = number;

/** Told after each commit what it changed; tells every cache. Never rejects and never takes longer than its budget. */
export interface Invalidation {
  /** Whether a commit must leave a row in the outbox, so that its invalidation survives this process. */
  readonly durable: boolean;
  /**
   * Who announces commits through the database itself, where nothing else tells the other processes; nobody when left
   * out.
   */
  readonly announcedBy?: string | undefined;
  /**
   * Keeps readers away from the cache while a commit is on its way, where that is wished; answers whether it does. Never
   * rejects, and a commit does not depend on it.
   */
  prepare(anchors: readonly Anchor[]): Promise<boolean>;
  /** @param prepared what `prepare` has answered */
  invalidate(
    anchors: readonly Anchor[],
    prepared: boolean,
    id?: InvalidationId,
  ): Promise<CommitReport['invalidation']>;
  /**
   * The connection broke while it committed: these may have changed, or may be about to. A row of the outbox, if there
   * is one in the end, is left to the relays, who see it only once it counts.
   */
  suspect(anchors: readonly Anchor[], prepared: boolean): Promise<void>;
}

export interface PendingInvalidation {
  readonly id: InvalidationId;
  readonly anchors: readonly Anchor[];
}

export interface InvalidationBacklog {
  readonly rows: number;
  /** Age of the oldest row in milliseconds; 0 when there is none. */
  readonly oldestMs: number;
}

/** The outbox: rows that a transaction wrote along with its changes and that no node has acted on yet. */
export interface InvalidationOutbox {
  /** Every committed row after `afterId`, oldest first, `limit` at most; also those that somebody is acting on. */
  pending(
    limit: number,
    afterId?: InvalidationId,
  ): ResultAsync<readonly PendingInvalidation[], RepositoryError>;
  /**
   * Hands out rows that nobody else is acting on, oldest first and `limit` at most, and removes them if `act` has bumped
   * their anchors. Answers those that were removed.
   */
  claim(
    limit: number,
    act: (rows: readonly PendingInvalidation[]) => Promise<boolean>,
  ): ResultAsync<readonly PendingInvalidation[], RepositoryError>;
  /** Which of these rows are still there. */
  remaining(ids: readonly InvalidationId[]): ResultAsync<readonly InvalidationId[], RepositoryError>;
  /** Only for rows whose anchors were bumped; leaves those alone that somebody is acting on. */
  remove(ids: readonly InvalidationId[]): ResultAsync<void, RepositoryError>;
  /** Drops rows older than any cache entry can be. */
  expire(ageMs: number): ResultAsync<void, RepositoryError>;
  backlog(): ResultAsync<InvalidationBacklog, RepositoryError>;
}
