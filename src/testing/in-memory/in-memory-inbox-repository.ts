import { ok, type ResultAsync } from 'neverthrow';
import type { InboxRepository } from '../../domain/inbox/inbox-repository.ts';
import type { UpdateKeys } from '../../domain/inbox/incoming-update.ts';
import type { RepositoryError } from '../../domain/shared/repository-error.ts';
import { inboxRows } from '../../infrastructure/records/inbox-record.ts';
import type { InMemoryTransaction } from './in-memory-transaction.ts';

export class InMemoryInboxRepository implements InboxRepository {
  readonly #transaction: InMemoryTransaction;

  constructor(transaction: InMemoryTransaction) {
    this.#transaction = transaction;
  }

  record(update: UpdateKeys): ResultAsync<boolean, RepositoryError> {
    return this.#transaction.statement('inbox.record', 'write', ({ tables, now, nextId, put }) => {
      const known = new Set([...tables.inbox.values()].map(({ name }) => name));
      const names = inboxRows(update).map(({ source, kind, key }) => JSON.stringify([source, kind, key]));
      const added = names.filter((name) => !known.has(name));
      for (const name of added) put('inbox', { id: nextId('inbox'), name, receivedAt: now });
      return ok(added.length === names.length);
    });
  }

  sweep(olderThanMs: number, limit: number): ResultAsync<number, RepositoryError> {
    return this.#transaction.statement('inbox.sweep', 'write', ({ tables, now, remove }) => {
      const end = now.plus(-olderThanMs);
      const over = [...tables.inbox.values()].filter(({ receivedAt }) => !receivedAt.isAfter(end));
      for (const { id } of over.slice(0, limit)) remove('inbox', id);
      return ok(Math.min(over.length, limit));
    });
  }
}
