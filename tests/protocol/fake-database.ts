import { errAsync, okAsync, ResultAsync } from 'neverthrow';
import type {
  InvalidationId,
  InvalidationOutbox,
  PendingInvalidation,
} from '../../src/application/ports/invalidation.ts';
import type { RepositoryError } from '../../src/domain/shared/repository-error.ts';
import type { Database } from '../../src/infrastructure/persistence/database.ts';
import type { Servers } from '../../src/infrastructure/persistence/session.ts';
import type { DirectClient } from '../../src/infrastructure/persistence/direct-client.ts';
import { ACKNOWLEDGEMENTS, DATABASE, type Action } from './action.ts';
import { FakeListeningClient } from './fake-listening-client.ts';
import {
  fakeDb,
  matching,
  withWrites,
  written,
  type Row,
  type Statement,
  type Tables,
  type Writes,
} from './fake-tables.ts';
import type { Lane } from './lane.ts';
import type { Changes, Ledger } from './ledger.ts';

/** A process as the database sees it. */
export interface DatabaseUser {
  readonly name: string;
  readonly places: readonly string[];
  readonly dead: boolean;
}

interface Surroundings {
  readonly ledger: Ledger;
  /** Lets something happen when its turn comes. */
  readonly post: (action: Action) => void;
  readonly register: (lane: Lane) => void;
  /** What readers may be answered, by what they ask for. */
  readonly facts: (tables: Tables) => ReadonlyMap<string, string>;
}

type Isolation = 'read committed' | 'repeatable read' | 'serializable';

/** A transaction, the rows it has locked and what it has written. */
class FakeTransaction {
  writes: Writes = new Map();
  notifications: readonly (readonly [channel: string, payload: string])[] = [];
  readonly savepoints = new Map<string, Writes>();
  readonly locked = new Set<string>();
  /** What a stricter isolation has seen first. */
  readonly snapshot: Tables | undefined;

  constructor(snapshot: Tables | undefined) {
    this.snapshot = snapshot;
  }
}

/** What a unit of work leaves behind, for who wants to know what its commit was about. */
export interface Connected {
  readonly database: Database;
  /** What there was at first, and nothing since: it has stopped to follow. */
  readonly replica: Servers;
  readonly changes: () => Changes;
  /** Writes past the repositories, in the transaction that is open. */
  readonly write: (table: string, row: Row) => void;
}

/** Committed rows, transactions with row locks, and the invalidation outbox; statements run when they are let. */
export class FakeDatabase {
  readonly #around: Surroundings;
  readonly #open = new Set<FakeTransaction>();
  readonly #listeners = new Set<FakeListeningClient>();
  readonly #claimed = new Set<InvalidationId>();
  readonly #numbers = new Map<string, number>();
  #tables: Tables = new Map();
  #first: Tables = new Map();
  #ids = 100;
  /** Commits are seen by everybody the moment they happen, and nobody may be answered anything older afterwards. */
  strict = false;

  constructor(around: Surroundings) {
    this.#around = around;
  }

  /** What there is from the start, everywhere. */
  insert(table: string, row: Row): void {
    this.#first = withWrites(this.#first, written(new Map(), table, row.id, row));
    this.#apply(written(new Map(), table, row.id, row));
  }

  row(table: string, id: number): Row {
    const row = this.#tables.get(table)?.get(id);
    if (row === undefined) throw new Error(`there is no ${table} ${id}`);
    return row;
  }

  listen(user: DatabaseUser): DirectClient {
    const client = new FakeListeningClient({
      user,
      number: this.#number(`${user.name} listens`),
      register: this.#around.register,
      onListening: () => this.#listeners.add(client),
      onGone: () => this.#listeners.delete(client),
    });
    return client;
  }

  /** A process loses its connection for notifications, and what was on its way. */
  breakListener(name: string): void {
    for (const listener of this.#listeners) if (listener.user === name) listener.break();
  }

  /** What the engine sees of it. */
  connect(user: DatabaseUser): Connected {
    let changes: Changes = new Map();
    let current: FakeTransaction | undefined;
    const outside = (statements: (db: unknown) => Promise<unknown>): Promise<unknown> =>
      statements(fakeDb((statement) => this.#outside(user, statement)));
    const database = {
      schema: 'slotwise',
      closed: false,
      read: outside,
      query: outside,
      begin: ({ isolation }: { readonly isolation?: Isolation } = {}) => {
        const strict = isolation !== undefined && isolation !== 'read committed';
        const transaction = new FakeTransaction(strict ? this.#tables : undefined);
        current = transaction;
        this.#open.add(transaction);
        return Promise.resolve({
          statements: savepointsOf(transaction),
          commit: async () => {
            changes = await this.#commit(user, transaction);
          },
          rollback: () => {
            this.#open.delete(transaction);
            return Promise.resolve();
          },
        });
      },
      inside: () => fakeDb((statement) => this.#inside(user, current as FakeTransaction, statement)),
    };
    const replica = {
      read: (statements: (db: unknown) => Promise<unknown>) =>
        statements(fakeDb((statement) => this.#behind(user, statement))),
      begin: () => Promise.reject(new Error('no scenario has a transaction on a replica')),
    };
    return {
      database: database as unknown as Database,
      replica: replica as unknown as Servers,
      changes: () => changes,
      write: (table, row) => {
        if (current !== undefined) current.writes = written(current.writes, table, row.id, row);
      },
    };
  }

  outbox(user: DatabaseUser): InvalidationOutbox {
    const rows = (): readonly PendingInvalidation[] =>
      [...(this.#tables.get('invalidation')?.values() ?? [])].map(({ id, anchors }) => ({
        id,
        anchors: anchors as readonly string[],
      }));
    const ask = <T>(what: string, answer: () => T): ResultAsync<T, RepositoryError> =>
      ResultAsync.fromSafePromise(
        new Promise<T>((resolve) => {
          this.#post(user, `${what} of the outbox`, [...user.places, DATABASE], () => resolve(answer()));
        }),
      );
    const remove = (ids: readonly InvalidationId[]): void => {
      for (const id of ids) this.#apply(written(new Map(), 'invalidation', id, undefined));
    };
    return {
      pending: (limit, afterId = 0) =>
        ask('rows', () =>
          rows()
            .filter(({ id }) => id > afterId)
            .slice(0, limit),
        ),
      remaining: (ids) =>
        ids.length === 0
          ? okAsync([])
          : ask('remaining rows', () => rows().flatMap(({ id }) => (ids.includes(id) ? [id] : []))),
      remove: (ids) =>
        ids.length === 0
          ? okAsync(undefined)
          : ask('removal', () => remove(ids.filter((id) => !this.#claimed.has(id)))),
      claim: (limit, act) =>
        ask('claim', () => {
          const free = rows().filter(({ id }) => !this.#claimed.has(id));
          for (const { id } of free.slice(0, limit)) this.#claimed.add(id);
          return free.slice(0, limit);
        }).andThen((claimed) =>
          ResultAsync.fromSafePromise(act(claimed)).andThen((acted) =>
            ask('end of claim', () => {
              for (const { id } of claimed) this.#claimed.delete(id);
              if (acted) remove(claimed.map(({ id }) => id));
              return acted ? claimed : [];
            }),
          ),
        ),
      expire: () => okAsync(undefined),
      backlog: () => errAsync({ type: 'UnitOfWorkState', state: 'closed', operation: 'backlog' }),
    };
  }

  /** Sees what is committed when it runs; the answer takes its time. */
  #outside(user: DatabaseUser, statement: Statement): Promise<readonly Row[]> {
    const label = `query ${this.#number(`${user.name} queries`)}`;
    return new Promise((resolve) => {
      this.#post(user, label, [DATABASE], () => {
        const rows = matching(this.#tables, statement);
        this.#post(user, `answer to ${label}`, user.places, () => resolve(rows));
      });
    });
  }

  /** Nothing changes there, so only the way back takes its time. */
  #behind(user: DatabaseUser, statement: Statement): Promise<readonly Row[]> {
    const label = `answer of a replica ${this.#number(`${user.name} asks a replica`)}`;
    return new Promise((resolve) => {
      this.#post(user, label, user.places, () => resolve(matching(this.#first, statement)));
    });
  }

  /** Runs at once unless somebody else has locked the row. */
  #inside(user: DatabaseUser, transaction: FakeTransaction, statement: Statement): Promise<readonly Row[]> {
    const others = (): boolean =>
      statement.locks &&
      statement.kind !== 'insert' &&
      [...this.#open].some(
        (other) =>
          other !== transaction &&
          matching(this.#view(transaction), statement).some(({ id }) =>
            other.locked.has(`${statement.table}:${id}`),
          ),
      );
    if (!others()) return Promise.resolve(this.#run(transaction, statement));
    return new Promise((resolve) => {
      this.#around.post({
        label: `${user.name} has waited for a row ${this.#number(`${user.name} waits`)}`,
        touches: [...user.places, DATABASE],
        ready: () => !user.dead && !others(),
        run: () => resolve(this.#run(transaction, statement)),
      });
    });
  }

  #run(transaction: FakeTransaction, statement: Statement): readonly Row[] {
    const { kind, table, values, locks } = statement;
    if (kind === 'notify') {
      transaction.notifications = [...transaction.notifications, [table, String(values['payload'])]];
      return [];
    }
    const found: readonly Row[] =
      kind === 'insert'
        ? [{ version: 1, ...values, id: (this.#ids += 1) }]
        : matching(this.#view(transaction), statement);
    if (locks) for (const { id } of found) transaction.locked.add(`${table}:${id}`);
    if (kind === 'select') return found;
    const rows = found.map((row) => ({ ...row, ...values, id: row.id }));
    for (const row of rows)
      transaction.writes = written(transaction.writes, table, row.id, kind === 'delete' ? undefined : row);
    return rows;
  }

  #view({ snapshot, writes }: FakeTransaction): Tables {
    return withWrites(snapshot ?? this.#tables, writes);
  }

  #commit(user: DatabaseUser, transaction: FakeTransaction): Promise<Changes> {
    const label = `commit ${this.#number(`${user.name} commits`)}`;
    return new Promise((resolve) => {
      this.#post(user, label, [DATABASE, ...(this.strict ? [ACKNOWLEDGEMENTS] : [])], () => {
        this.#open.delete(transaction);
        const changes = this.#apply(transaction.writes);
        if (this.strict) this.#around.ledger.visible(changes);
        for (const [channel, payload] of transaction.notifications)
          for (const listener of this.#listeners) listener.notify(channel, payload);
        this.#post(user, `answer to ${label}`, user.places, () => resolve(changes));
      });
    });
  }

  #apply(writes: Writes): Changes {
    this.#tables = withWrites(this.#tables, writes);
    return this.#around.ledger.committed(this.#around.facts(this.#tables));
  }

  #post(user: DatabaseUser, label: string, touches: readonly string[], run: () => void): void {
    this.#around.post({ label: `${user.name}: ${label}`, touches, ready: () => !user.dead, run });
  }

  #number(what: string): number {
    const number = (this.#numbers.get(what) ?? 0) + 1;
    this.#numbers.set(what, number);
    return number;
  }
}

/** Savepoints as the query builder names them. */
const savepointsOf = (transaction: FakeTransaction) => {
  const command = (act: () => void) => ({
    execute: () => {
      act();
      return Promise.resolve();
    },
  });
  return {
    savepoint: (name: string) => command(() => transaction.savepoints.set(name, transaction.writes)),
    releaseSavepoint: (name: string) => command(() => transaction.savepoints.delete(name)),
    rollbackToSavepoint: (name: string) =>
      command(() => {
        transaction.writes = transaction.savepoints.get(name) ?? transaction.writes;
      }),
  };
};
