import { cutById } from './cut-page.ts';
import { ok, type ResultAsync } from 'neverthrow';
import type {
  ClaimedEvent,
  DeadEvent,
  EventBacklog,
  EventQueue,
} from '../../application/ports/event-queue.ts';
import { frozenPage, parsePageById, type Page, type PageRequest } from '../../domain/shared/page.ts';
import type { Instant } from '../../domain/shared/instant.ts';
import type { RepositoryError } from '../../domain/shared/repository-error.ts';
import { parseEventIds } from '../../infrastructure/events/event-ids.ts';
import type { Access, InMemoryTransaction, Statement } from './in-memory-transaction.ts';
import type { Rows, Tables } from './tables.ts';

type Queued = Rows['events'];

/** The events of the in-memory tables, in a transaction for each call. */
export class InMemoryEventQueue implements EventQueue {
  readonly #open: () => InMemoryTransaction;

  constructor(open: () => InMemoryTransaction) {
    this.#open = open;
  }

  claim(limit: number, leaseMs: number): ResultAsync<readonly ClaimedEvent[], RepositoryError> {
    return this.#run('claim', ({ tables, now, put }) => {
      const first = new Map<string, Queued>();
      for (const row of alive(tables))
        if (!first.has(row.event.aggregate)) first.set(row.event.aggregate, row);
      const due = [...first.values()].filter(({ availableAt }) => !availableAt.isAfter(now)).slice(0, limit);
      return due.map((row) => {
        const attempts = row.attempts + 1;
        put('events', { ...row, attempts, availableAt: now.plus(leaseMs) });
        return { event: row.event, attempt: attempts };
      });
    });
  }

  settle(claimed: ClaimedEvent): ResultAsync<void, RepositoryError> {
    return this.#run('settle', ({ tables, remove }) => {
      if (own(tables, claimed) !== undefined) remove('events', claimed.event.id);
    });
  }

  postpone(claimed: ClaimedEvent, reason: string, waitMs: number): ResultAsync<void, RepositoryError> {
    return this.#change('postpone', claimed, (now) => ({ lastError: reason, availableAt: now.plus(waitMs) }));
  }

  bury(claimed: ClaimedEvent, reason: string): ResultAsync<void, RepositoryError> {
    return this.#change('bury', claimed, (now) => ({ lastError: reason, deadAt: now }));
  }

  listDead(page?: PageRequest): ResultAsync<Page<DeadEvent>, RepositoryError> {
    return parsePageById(page).asyncAndThen((position) =>
      this.#run(
        'listDead',
        ({ tables }) => {
          const { items, ...about } = cutById(dead(tables), position);
          return frozenPage({ items: items.map(toDeadEvent), ...about });
        },
        'read',
      ),
    );
  }

  retryDead(ids?: readonly number[]): ResultAsync<number, RepositoryError> {
    return this.#eachDead('retryDead', ids, (row, { put, now }) =>
      put('events', { ...row, attempts: 0, deadAt: undefined, availableAt: now }),
    );
  }

  discardDead(ids?: readonly number[]): ResultAsync<number, RepositoryError> {
    return this.#eachDead('discardDead', ids, ({ id }, { remove }) => remove('events', id));
  }

  backlog(): ResultAsync<EventBacklog, RepositoryError> {
    return this.#run(
      'backlog',
      ({ tables, now }) => {
        const waiting = alive(tables);
        const ages = waiting.map(({ event }) => now.epochMilliseconds - Date.parse(event.occurredAt));
        return { waiting: waiting.length, oldestMs: Math.max(0, ...ages), dead: dead(tables).length };
      },
      'read',
    );
  }

  #change(
    operation: string,
    claimed: ClaimedEvent,
    changes: (now: Instant) => Partial<Queued>,
  ): ResultAsync<void, RepositoryError> {
    return this.#run(operation, ({ tables, now, put }) => {
      const row = own(tables, claimed);
      if (row !== undefined) put('events', { ...row, ...changes(now) });
    });
  }

  #eachDead(
    operation: string,
    ids: readonly number[] | undefined,
    act: (row: Queued, statement: Statement) => void,
  ): ResultAsync<number, RepositoryError> {
    return parseEventIds(ids).asyncAndThen((chosen) =>
      this.#run(operation, (statement) => {
        const meant = dead(statement.tables).filter(({ id }) => chosen?.includes(id) ?? true);
        for (const row of meant) act(row, statement);
        return meant.length;
      }),
    );
  }

  #run<T>(
    operation: string,
    body: (statement: Statement) => T,
    access: Access = 'write',
  ): ResultAsync<T, RepositoryError> {
    const transaction = this.#open();
    return transaction
      .statement<T, never>(`outbox.${operation}`, access, (statement) => ok(body(statement)))
      .andThen((answer) => transaction.commit().map(() => answer));
  }
}

const alive = ({ events }: Tables): readonly Queued[] =>
  [...events.values()].filter(({ deadAt }) => deadAt === undefined);

const dead = ({ events }: Tables): readonly Queued[] =>
  [...events.values()].filter(({ deadAt }) => deadAt !== undefined);

function own({ events }: Tables, { event, attempt }: ClaimedEvent): Queued | undefined {
  const row = events.get(event.id);
  return row?.attempts === attempt ? row : undefined;
}

const toDeadEvent = ({ event, attempts, lastError, deadAt }: Queued): DeadEvent => ({
  event,
  attempts,
  lastError: lastError ?? 'unknown',
  deadAt: deadAt as Instant,
});
