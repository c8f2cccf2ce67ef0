import type { ResultAsync } from 'neverthrow';
import type { RepositoryError } from '../shared/repository-error.ts';
import type { UpdateKeys } from './incoming-update.ts';

/** Which updates of the outside world have been worked on. */
export interface InboxRepository {
  /**
   * Writes the update down; `false` when it, or one with the same content, is there already. Waits for whoever is working
   * on the same update at the moment.
   */
  record(update: UpdateKeys): ResultAsync<boolean, RepositoryError>;
  /** Removes what was written down at least so long ago, `limit` rows at most; answers how many. */
  sweep(olderThanMs: number, limit: number): ResultAsync<number, RepositoryError>;
}
