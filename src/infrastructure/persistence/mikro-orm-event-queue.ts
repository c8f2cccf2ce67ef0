import { ok, type ResultAsync } from 'neverthrow';
import type {
  ClaimedEvent,
  DeadEvent,
  EventBacklog,
  EventQueue,
} from '../../application/ports/event-queue.ts';
import {
  frozenPage,
  pageById,
  parsePageById,
  type Page,
  type PageRequest,
} from '../../domain/shared/page.ts';
import type { RepositoryError } from '../../domain/shared/repository-error.ts';
import { claimedEventFromRecord, deadEventFromRecord } from '../records/event-record.ts';
import { parseEventIds } from '../events/event-ids.ts';
import { readRecord } from '../records/record-reader.ts';
import { decodeAll } from './repositories/answers.ts';
import { countIfWanted } from './repositories/count-if-wanted.ts';
import { laterThanNow } from './repositories/later-than-now.ts';
import type { Db } from './rows/tables.ts';
import type { Session } from './session.ts';

/** A claim is a lease and no lock, so that no connection is held while the transport is asked. */
export class MikroOrmEventQueue implements EventQueue {
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
  }

  claim(limit: number, leaseMs: number): ResultAsync<readonly ClaimedEvent[], RepositoryError> {
    return this.#session
      .run('outbox.claim', 'write', (db) =>
        db
          .with('due', (from) =>
            from
              .selectFrom('event_message as message')
              .select('message.id')
              .where('message.dead_at', 'is', null)
              .where('message.available_at', '<=', (eb) => eb.fn<string>('clock_timestamp'))
              // Whoever waits makes all that come after it wait.
              .where((eb) =>
                eb.not(
                  eb.exists(
                    eb
                      .selectFrom('event_message as earlier')
                      .select('earlier.id')
                      .whereRef('earlier.aggregate', '=', 'message.aggregate')
                      .where('earlier.dead_at', 'is', null)
                      .whereRef('earlier.id', '<', 'message.id'),
                  ),
                ),
              )
              .orderBy('message.id')
              .limit(limit)
              .forUpdate('message')
              .skipLocked(),
          )
          .updateTable('event_message')
          .set((eb) => ({ attempts: eb('attempts', '+', 1), available_at: laterThanNow(db, leaseMs) }))
          .where('id', 'in', (eb) => eb.selectFrom('due').select('due.id'))
          .returningAll()
          .execute(),
      )
      .andThen(decodeAll(claimedEventFromRecord))
      .map((claimed) => claimed.toSorted((one, other) => one.event.id - other.event.id));
  }

  settle({ event, attempt }: ClaimedEvent): ResultAsync<void, RepositoryError> {
    return this.#session
      .run('outbox.settle', 'write', (db) =>
        db.deleteFrom('event_message').where('id', '=', event.id).where('attempts', '=', attempt).execute(),
      )
      .map(() => undefined);
  }

  postpone(claimed: ClaimedEvent, reason: string, waitMs: number): ResultAsync<void, RepositoryError> {
    return this.#change('outbox.postpone', claimed, (db) => ({
      last_error: reason,
      available_at: laterThanNow(db, waitMs),
    }));
  }

  bury(claimed: ClaimedEvent, reason: string): ResultAsync<void, RepositoryError> {
    return this.#change('outbox.bury', claimed, (db) => ({
      last_error: reason,
      dead_at: laterThanNow(db, 0),
    }));
  }

  listDead(page?: PageRequest): ResultAsync<Page<DeadEvent>, RepositoryError> {
    return parsePageById(page).asyncAndThen((position) =>
      this.#session
        .run('outbox.listDead', 'read', (db) =>
          db
            .selectFrom('event_message')
            .selectAll()
            .where('dead_at', 'is not', null)
            .where('id', '>', position.afterId)
            .orderBy('id')
            .limit(position.limit + 1)
            .offset(position.skip)
            .execute(),
        )
        .andThen(decodeAll(deadEventFromRecord))
        .andThen((dead) =>
          countIfWanted(this.#session, position, 'outbox.count', (db) =>
            db.selectFrom('event_message').where('dead_at', 'is not', null),
          ).map((total) => pageById(dead, position, total)),
        )
        .map(({ items, ...about }) =>
          frozenPage({ items: items.map(({ id: _id, ...rest }) => rest), ...about }),
        ),
    );
  }

  retryDead(ids?: readonly number[]): ResultAsync<number, RepositoryError> {
    return parseEventIds(ids).asyncAndThen((chosen) =>
      this.#session
        .run('outbox.retryDead', 'write', (db) => {
          const dead = db
            .updateTable('event_message')
            .set({ attempts: 0, dead_at: null, available_at: laterThanNow(db, 0) })
            .where('dead_at', 'is not', null);
          return (
            chosen === undefined
              ? dead
              : dead.where((eb) => eb('id', '=', eb.fn<number>('any', [eb.val([...chosen])])))
          )
            .returning('id')
            .execute();
        })
        .map(({ length }) => length),
    );
  }

  discardDead(ids?: readonly number[]): ResultAsync<number, RepositoryError> {
    return parseEventIds(ids).asyncAndThen((chosen) =>
      this.#session
        .run('outbox.discardDead', 'write', (db) => {
          const dead = db.deleteFrom('event_message').where('dead_at', 'is not', null);
          return (
            chosen === undefined
              ? dead
              : dead.where((eb) => eb('id', '=', eb.fn<number>('any', [eb.val([...chosen])])))
          )
            .returning('id')
            .execute();
        })
        .map(({ length }) => length),
    );
  }

  backlog(): ResultAsync<EventBacklog, RepositoryError> {
    return this.#session
      .run('outbox.backlog', 'read', (db) =>
        db
          .selectFrom('event_message')
          .select((eb) => [
            eb.fn.countAll<string>().filterWhere('dead_at', 'is', null).as('waiting'),
            eb.fn.countAll<string>().filterWhere('dead_at', 'is not', null).as('dead'),
            eb.fn.min('occurred_at').filterWhere('dead_at', 'is', null).as('oldest'),
            eb.fn<unknown>('clock_timestamp').as('now'),
          ])
          .executeTakeFirstOrThrow(),
      )
      .andThen((row) =>
        readRecord('event', row, (read) => {
          const oldest = read.optionalInstant('oldest');
          const age =
            oldest === undefined ? 0 : read.instant('now').epochMilliseconds - oldest.epochMilliseconds;
          return { waiting: read.integer('waiting'), oldestMs: Math.max(0, age), dead: read.integer('dead') };
        }),
      );
  }

  /** Only while the claim is still ours: whoever has taken it over since counts one attempt more. */
  #change(
    operation: string,
    { event, attempt }: ClaimedEvent,
    changes: (db: Db) => object,
  ): ResultAsync<void, RepositoryError> {
    return this.#session
      .run(operation, 'write', (db) =>
        db
          .updateTable('event_message')
          .set(changes(db))
          .where('id', '=', event.id)
          .where('attempts', '=', attempt)
          .execute(),
      )
      .andThen(() => ok());
  }
}
