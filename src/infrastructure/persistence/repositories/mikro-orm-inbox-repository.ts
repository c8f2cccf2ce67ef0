import type { ResultAsync } from 'neverthrow';
import type { InboxRepository } from '../../../domain/inbox/inbox-repository.ts';
import type { UpdateKeys } from '../../../domain/inbox/incoming-update.ts';
import type { RepositoryError } from '../../../domain/shared/repository-error.ts';
import { inboxRows } from '../../records/inbox-record.ts';
import type { RepositoryContext } from './entity-rows.ts';
import { sweepRows } from './sweep-rows.ts';

export class MikroOrmInboxRepository implements InboxRepository {
  readonly #session: RepositoryContext['session'];

  constructor({ session }: RepositoryContext) {
    this.#session = session;
  }

  /** The insert waits for whoever has inserted the same key and not ended yet. */
  record(update: UpdateKeys): ResultAsync<boolean, RepositoryError> {
    const rows = inboxRows(update);
    return this.#session
      .run('inbox.record', 'write', (db) =>
        db
          .insertInto('inbox_update')
          .values([...rows])
          .onConflict((conflict) => conflict.columns(['source', 'kind', 'key']).doNothing())
          .returning('id')
          .execute(),
      )
      .map((inserted) => inserted.length === rows.length);
  }

  sweep(olderThanMs: number, limit: number): ResultAsync<number, RepositoryError> {
    return this.#session.run('inbox.sweep', 'write', (db) =>
      sweepRows(db, { table: 'inbox_update', since: 'received_at' }, olderThanMs, limit),
    );
  }
}
