import { err, ok, type Result, type ResultAsync } from 'neverthrow';
import { refusedOf, type ItemsRefused, type OnConflict } from '../../domain/shared/bulk.ts';
import { parseIds, type AnyId } from '../../domain/shared/id.ts';
import type { Instant } from '../../domain/shared/instant.ts';
import { parsePageById, type Page, type PageRequest } from '../../domain/shared/page.ts';
import { present } from '../../domain/shared/present.ts';
import type { RepositoryError, StaleVersion, StillReferenced } from '../../domain/shared/repository-error.ts';
import type { ValidationError } from '../../domain/shared/validation-error.ts';
import { unstorable } from '../../infrastructure/persistence/repositories/unstorable.ts';
import { cutById } from './cut-page.ts';
import type { Access, InMemoryTransaction, Statement } from './in-memory-transaction.ts';
import type { Rows, TableName, Tables } from './tables.ts';

/** Tables whose rows change, and count their changes. */
type VersionedTable = {
  [Name in TableName]: Rows[Name] extends { readonly version: number } ? Name : never;
}[TableName];

/** What distinguishes one table from another. */
export interface TableDefinition<Name extends VersionedTable, Id extends AnyId, NotFound> {
  readonly name: Name;
  /** As errors name it. */
  readonly entity: string;
  readonly parseId: (input: number, field?: string) => Result<Id, ValidationError>;
  readonly notFound: (id: Id) => NotFound;
  readonly withVersion: (row: Rows[Name], version: number) => Rows[Name];
}

/** The statements that all repositories have in common. */
export class InMemoryTable<
  Name extends VersionedTable,
  Id extends AnyId & Rows[Name]['id'],
  NotFound extends { readonly type: string },
> {
  readonly #transaction: InMemoryTransaction;
  readonly #definition: TableDefinition<Name, Id, NotFound>;

  constructor(transaction: InMemoryTransaction, definition: TableDefinition<Name, Id, NotFound>) {
    this.#transaction = transaction;
    this.#definition = definition;
  }

  find(id: number): ResultAsync<Rows[Name] | undefined, RepositoryError> {
    const { parseId, name } = this.#definition;
    return parseId(id).asyncAndThen((valid) =>
      this.run('find', 'read', ({ tables }) => ok(tables[name].get(valid))),
    );
  }

  get(id: number): ResultAsync<Rows[Name], NotFound | RepositoryError> {
    return this.#existing('get', 'read', id, (row) => ok(row));
  }

  /** A read that waits for the writer's lock. */
  lock(operation: string, id: number): ResultAsync<Rows[Name], NotFound | RepositoryError> {
    return this.#existing(operation, 'lock', id, (row) => ok(row));
  }

  getMany(ids: readonly number[]): ResultAsync<ReadonlyMap<Id, Rows[Name]>, RepositoryError> {
    const { parseId, name } = this.#definition;
    return parseIds(parseId, ids).asyncAndThen((valid) =>
      this.run('getMany', 'read', ({ tables }) => {
        const found = new Map<Id, Rows[Name]>();
        for (const id of valid) {
          const row = tables[name].get(id);
          if (row !== undefined) found.set(id, row);
        }
        return ok(found);
      }),
    );
  }

  /** Reads some rows, in the order and shape that `query` gives them. */
  select<T>(
    operation: string,
    query: (rows: readonly Rows[Name][], now: Instant) => T,
  ): ResultAsync<T, RepositoryError> {
    const { name } = this.#definition;
    return this.run(operation, 'read', ({ tables, now }) => ok(query([...tables[name].values()], now)));
  }

  page(
    operation: string,
    page: PageRequest | undefined,
    matches: (row: Rows[Name]) => boolean,
  ): ResultAsync<Page<Rows[Name]>, RepositoryError> {
    return parsePageById(page).asyncAndThen((position) =>
      this.select(operation, (rows) => cutById(rows.filter(matches), position)),
    );
  }

  /** Stores what `build` makes, unless it answers an error. */
  insert<E>(
    build: (statement: Statement) => Result<Rows[Name], E>,
  ): ResultAsync<Rows[Name], E | RepositoryError> {
    const { name } = this.#definition;
    return this.run('add', 'write', (statement) => build(statement).map((row) => statement.put(name, row)));
  }

  /** Stores what `build` makes of each, which sees the rows before it; with `fail` all of them or none. */
  insertMany<In, E extends { readonly type: string }>(
    items: readonly In[],
    onConflict: OnConflict,
    build: (item: In, soFar: Tables, nextId: () => Id) => Result<Rows[Name], E>,
  ): ResultAsync<readonly Result<Rows[Name], E>[], ItemsRefused<E> | RepositoryError> {
    const { name } = this.#definition;
    return this.run<readonly Result<Rows[Name], E>[], ItemsRefused<E>>(
      'addMany',
      'write',
      ({ tables, nextId, putAll }) => {
        const rows = new Map<number, Rows[Name]>(tables[name]);
        const soFar: Tables = { ...tables, [name]: rows };
        const outcomes = items.map((item) =>
          build(item, soFar, () => nextId(name) as Id).map((row) => {
            rows.set(row.id, row);
            return row;
          }),
        );
        const refused = refusedOf(outcomes);
        if (onConflict === 'fail' && refused.length > 0) return err({ type: 'ItemsRefused', refused });
        putAll(
          name,
          outcomes.flatMap((outcome) => (outcome.isOk() ? [outcome.value] : [])),
        );
        return ok(outcomes);
      },
    );
  }

  /** Compare-and-set on the version, then `guard`, which sees the tables as they were. */
  update<E = never>(
    row: Rows[Name],
    guard: (statement: Statement) => Result<void, E> = () => ok(),
  ): ResultAsync<Rows[Name], NotFound | StaleVersion | E | RepositoryError> {
    const { name, entity, withVersion } = this.#definition;
    return this.#existing<Rows[Name], StaleVersion | E>('update', 'write', row.id, (stored, statement) =>
      stored.version === row.version
        ? guard(statement).map(() => statement.put(name, withVersion(row, row.version + 1)))
        : err({ type: 'StaleVersion', entity, id: row.id, expected: row.version, actual: stored.version }),
    );
  }

  /** The same for many rows, all of them or none; `guard` sees the rows as they would be and as they were. */
  updateMany<E extends { readonly type: string } = never>(
    rows: readonly Rows[Name][],
    guard: (row: Rows[Name], afterwards: Tables[Name], before: Tables[Name]) => E | undefined,
  ): ResultAsync<readonly Rows[Name][], ItemsRefused<NotFound | StaleVersion> | E | RepositoryError> {
    const { name, entity, notFound, withVersion } = this.#definition;
    return this.run<readonly Rows[Name][], ItemsRefused<NotFound | StaleVersion> | E>(
      'updateMany',
      'write',
      ({ tables, putAll, refuse }) => {
        const refused = unstorable(rows, (id: number) => tables[name].get(id), {
          entity,
          notFound: (id) => notFound(id as Id),
        });
        if (refused.length > 0) return err({ type: 'ItemsRefused', refused });
        const stored = rows.map((row) => withVersion(row, row.version + 1));
        const afterwards = new Map<number, Rows[Name]>(tables[name]);
        for (const row of stored) afterwards.set(row.id, row);
        for (const row of stored) {
          const conflict = guard(row, afterwards as Tables[Name], tables[name]);
          if (conflict !== undefined) return refuse(conflict);
        }
        putAll(name, stored);
        return ok(stored);
      },
    );
  }

  /** Stores what `change` makes of each row; a row that it answers unchanged is left as it is. */
  changeMany(
    operation: string,
    ids: readonly number[],
    change: (row: Rows[Name]) => Rows[Name],
  ): ResultAsync<readonly Result<Rows[Name], NotFound>[], RepositoryError> {
    const { name, parseId, notFound, withVersion } = this.#definition;
    return parseIds(parseId, ids).asyncAndThen((valid) =>
      this.run(operation, 'write', ({ tables, putAll }) => {
        const changed = new Map<Id, Rows[Name]>();
        const outcomes = valid.map((id): Result<Rows[Name], NotFound> =>
          present(notFound(id))(tables[name].get(id)).map((row) => {
            const wanted = change(row);
            if (wanted === row) return row;
            const stored = withVersion(wanted, row.version + 1);
            changed.set(id, stored);
            return stored;
          }),
        );
        putAll(name, [...changed.values()]);
        return ok(outcomes);
      }),
    );
  }

  delete(
    id: number,
    isReferenced: (tables: Tables, id: Id) => boolean,
  ): ResultAsync<void, NotFound | StillReferenced | RepositoryError> {
    const { name, entity } = this.#definition;
    return this.#existing<void, StillReferenced>('delete', 'write', id, (row, statement) => {
      if (isReferenced(statement.tables, row.id as Id))
        return statement.refuse({ type: 'StillReferenced', entity, id: row.id });
      statement.remove(name, row.id);
      return ok();
    });
  }

  run<T, E>(
    operation: string,
    access: Access,
    body: (statement: Statement) => Result<T, E>,
  ): ResultAsync<T, E | RepositoryError> {
    return this.#transaction.statement(`${this.#definition.name}.${operation}`, access, body);
  }

  #existing<T, E>(
    operation: string,
    access: Access,
    id: number,
    use: (row: Rows[Name], statement: Statement) => Result<T, E>,
  ): ResultAsync<T, E | NotFound | RepositoryError> {
    const { name, parseId, notFound } = this.#definition;
    return parseId(id).asyncAndThen((valid) =>
      this.run<T, E | NotFound>(operation, access, (statement) => {
        const row = statement.tables[name].get(valid);
        return present(notFound(valid))(row).andThen((found) => use(found, statement));
      }),
    );
  }
}
