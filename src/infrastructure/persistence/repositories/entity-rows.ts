import { ok, type Result, type ResultAsync } from 'neverthrow';
import type { Anchor } from '../../../application/caching/anchors.ts';
import { fail } from '../../../domain/shared/fail.ts';
import type { DomainEvent } from '../../../domain/event/domain-event.ts';
import type { ItemsRefused } from '../../../domain/shared/bulk.ts';
import { parseIds, type AnyId } from '../../../domain/shared/id.ts';
import { pageById, parsePageById, type Page, type PageRequest } from '../../../domain/shared/page.ts';
import { present } from '../../../domain/shared/present.ts';
import type {
  RepositoryError,
  StaleVersion,
  StillReferenced,
} from '../../../domain/shared/repository-error.ts';
import type { ValidationError } from '../../../domain/shared/validation-error.ts';
import type { CompiledQuery, Db } from '../rows/tables.ts';
import { sendCompiled } from '../sent-statements.ts';
import type { Session, StatementError } from '../session.ts';
import { decodeAll, decodeOptional, onReference, type Decode } from './answers.ts';
import { inBatches, ROWS_PER_STATEMENT } from './in-batches.ts';
import { countIfWanted } from './count-if-wanted.ts';
import { unstorable } from './unstorable.ts';

/** What every repository stands on. */
export interface RepositoryContext {
  readonly session: Session;
  /** Told which anchors a write changed. */
  readonly onWrite: (anchors: readonly Anchor[]) => void;
  /** Told which events were written, which become known with the commit. */
  readonly onEvents?: (events: readonly DomainEvent[]) => void;
  /** Names what the host is doing, in what is written down of it. */
  readonly correlationId?: string | undefined;
}

/** The part of a select statement that does not depend on the table. */
export interface RowQuery {
  where(column: string, operator: string, value: unknown): RowQuery;
  orderBy(column: string): RowQuery;
  limit(rows: number): RowQuery;
  offset(rows: number): RowQuery;
  clearSelect(): RowQuery;
  forUpdate(): RowQuery;
  forShare(): RowQuery;
  compile(): CompiledQuery;
  execute(): Promise<unknown[]>;
  executeTakeFirst(): Promise<unknown>;
}

/** Restricts a select; the query builder is there for subqueries. */
export type Narrow = (rows: RowQuery, db: Db) => RowQuery;

/** PostgreSQL takes at most 65,535 parameters. */
export const IDS_PER_STATEMENT = 5_000;

interface Entity<Id> {
  readonly id: Id;
  readonly version: number;
}

/** Everything that differs from one entity's table to another's. */
interface Definition<T, Id, Missing> {
  /** As callers know the repository: `cities`. */
  readonly name: string;
  /** As errors name the entity: `city`. */
  readonly entity: string;
  readonly parseId: (input: number, field?: string) => Result<Id, ValidationError>;
  readonly notFound: (id: Id) => Missing;
  /** Selects every column of the record; the query builder's own type is too precise to be shared. */
  readonly select: (db: Db) => unknown;
  readonly remove: (db: Db, id: Id) => { execute(): Promise<unknown> };
  readonly decode: Decode<T>;
  /**
   * The select brings rows of other tables along. PostgreSQL reads a row it had to wait for again, but not what belongs
   * to it elsewhere, so such an entity is read once more after it was locked.
   */
  readonly composite?: true;
  /** What a write of a row in these states changes. */
  readonly anchors: (...states: readonly T[]) => readonly Anchor[];
}

/** The reading and the checked writing that all repositories share, over one table. */
export class EntityRows<T extends Entity<Id>, Id extends AnyId, Missing extends { readonly type: string }> {
  readonly #context: RepositoryContext;
  readonly #of: Definition<T, Id, Missing>;
  /** The statement of `find`, whose text is always the same: building it takes half as long as asking PostgreSQL. */
  #byId: CompiledQuery | undefined;

  constructor(context: RepositoryContext, definition: Definition<T, Id, Missing>) {
    this.#context = context;
    this.#of = definition;
  }

  get(id: number): ResultAsync<T, Missing | RepositoryError> {
    return this.find(id).andThen(present(this.#of.notFound(id as Id)));
  }

  find(id: number): ResultAsync<T | undefined, RepositoryError> {
    return this.#of.parseId(id).asyncAndThen((valid) =>
      this.#context.session
        .run(`${this.#of.name}.find`, 'read', async (db) => {
          this.#byId ??= this.#select(db).where('id', '=', valid).compile();
          const parameters = [...this.#byId.parameters.slice(0, -1), valid];
          const rows = await sendCompiled(db, { ...this.#byId, parameters });
          return rows[0];
        })
        .andThen(decodeOptional(this.#of.decode)),
    );
  }

  getMany(ids: readonly number[]): ResultAsync<ReadonlyMap<Id, T>, RepositoryError> {
    return parseIds(this.#of.parseId, ids)
      .asyncAndThen((valid) =>
        inBatches(valid, IDS_PER_STATEMENT, (batch) =>
          this.all('getMany', (rows) => rows.where('id', 'in', batch)),
        ),
      )
      .map((found) => new Map(found.map((item) => [item.id, item])));
  }

  /** A page by ascending id. */
  page(narrow: Narrow, request?: PageRequest): ResultAsync<Page<T>, RepositoryError> {
    return parsePageById(request).asyncAndThen((position) =>
      this.all('list', (rows, db) =>
        narrow(rows, db)
          .where('id', '>', position.afterId)
          .orderBy('id')
          .limit(position.limit + 1)
          .offset(position.skip),
      ).andThen((items) =>
        countIfWanted(this.#context.session, position, `${this.#of.name}.count`, (db) =>
          narrow(this.#select(db).clearSelect(), db),
        ).map((total) => pageById(items, position, total)),
      ),
    );
  }

  all(
    operation: string,
    narrow: Narrow,
    kind: 'read' | 'write' = 'read',
  ): ResultAsync<readonly T[], RepositoryError> {
    return this.#context.session
      .run(`${this.#of.name}.${operation}`, kind, (db) => narrow(this.#select(db), db).execute())
      .andThen(decodeAll(this.#of.decode));
  }

  one(
    operation: string,
    kind: 'read' | 'write',
    narrow: Narrow,
  ): ResultAsync<T | undefined, RepositoryError> {
    return this.#context.session
      .run(`${this.#of.name}.${operation}`, kind, (db) => narrow(this.#select(db), db).executeTakeFirst())
      .andThen(decodeOptional(this.#of.decode));
  }

  /** Reads the row and keeps others from changing it until the transaction ends. */
  lock(
    operation: string,
    id: number,
    mode: 'forUpdate' | 'forShare',
  ): ResultAsync<T, Missing | RepositoryError> {
    return this.#of.parseId(id).asyncAndThen((valid) => {
      const read = (narrow: Narrow): ResultAsync<T | undefined, RepositoryError> =>
        this.one(operation, 'write', (rows, db) => narrow(rows.where('id', '=', valid), db));
      const locked = read((rows) => rows[mode]());
      return (this.#of.composite === true ? locked.andThen(() => read((rows) => rows)) : locked).andThen(
        present(this.#of.notFound(valid)),
      );
    });
  }

  /** Reads the rows that exist by ascending id, and keeps others from changing them until the transaction ends. */
  lockMany(operation: string, ids: readonly Id[]): ResultAsync<readonly T[], RepositoryError> {
    const ascending = [...new Set(ids)].sort((a, b) => a - b);
    const read = (narrow: (rows: RowQuery) => RowQuery): ResultAsync<readonly T[], RepositoryError> =>
      inBatches(ascending, IDS_PER_STATEMENT, (batch) =>
        this.#write(operation, (db) =>
          narrow(this.#select(db).where('id', 'in', batch).orderBy('id')).execute(),
        ).andThen(decodeAll(this.#of.decode)),
      );
    const locked = read((rows) => rows.forUpdate());
    return this.#of.composite === true ? locked.andThen(() => read((rows) => rows)) : locked;
  }

  /**
   * Takes rows into use or out of it, and answers for each id in the order given. `wanted` is the row as `store` leaves
   * it, or the same object when there is nothing to do.
   */
  setActive(
    operation: string,
    ids: readonly Id[],
    change: {
      readonly wanted: (stored: T) => T;
      readonly store: (db: Db, changed: readonly Id[]) => Promise<unknown>;
    },
  ): ResultAsync<readonly Result<T, Missing>[], RepositoryError> {
    return this.lockMany(operation, ids).andThen((stored) => {
      const pairs = stored.map((before) => ({ before, after: change.wanted(before) }));
      const changed = pairs.filter(({ before, after }) => before !== after);
      return inBatches(changed, ROWS_PER_STATEMENT, (batch) =>
        this.writeMany(operation, (db, touch) => {
          touch(...batch.flatMap(({ before, after }) => [before, after]));
          return change.store(
            db,
            batch.map(({ before }) => before.id),
          );
        }).map(() => []),
      ).map(() => {
        const after = new Map(pairs.map((pair) => [pair.after.id, pair.after]));
        return ids.map((id) => present(this.#of.notFound(id))(after.get(id)));
      });
    });
  }

  /** Writes several rows; the statement tells `touch` every state that it writes or replaces. */
  writeMany<R>(
    operation: string,
    statement: (db: Db, touch: (...states: readonly T[]) => void) => Promise<R>,
  ): ResultAsync<R, StatementError> {
    return this.#write(operation, (db) => statement(db, (...states) => this.#touch(...states)));
  }

  /** Stores a new row. */
  insert(operation: string, statement: (db: Db) => Promise<unknown>): ResultAsync<T, RepositoryError> {
    return this.#write(operation, async (db) => {
      const added = this.#of.decode(await statement(db));
      if (added.isOk()) this.#touch(added.value);
      return added;
    }).andThen((added) => added);
  }

  /** Runs statements that answer every row they have written, in the state in which they left it. */
  writeAll(
    operation: string,
    statements: (db: Db) => Promise<readonly unknown[]>,
  ): ResultAsync<readonly T[], RepositoryError> {
    return this.#write(operation, async (db) => {
      const written = decodeAll(this.#of.decode)(await statements(db));
      if (written.isOk()) this.#touch(...written.value);
      return written;
    }).andThen((written) => written);
  }

  /** Replaces a row if its version is still the one the entity was read with. */
  replace(
    entity: T,
    statement: (db: Db, stored: T) => Promise<unknown>,
  ): ResultAsync<T, Missing | StaleVersion | RepositoryError> {
    return this.lock('update', entity.id, 'forUpdate')
      .andThen((stored) => this.#unchanged(stored, entity))
      .andThen((stored) =>
        this.#write('update', (db) => {
          this.#touch(stored, entity);
          return statement(db, stored);
        }),
      )
      .andThen(this.#of.decode);
  }

  /** Locks the rows of changed entities, by ascending id, if each is there with the version it was read with. */
  lockUnchanged(
    operation: string,
    entities: readonly T[],
  ): ResultAsync<ReadonlyMap<Id, T>, ItemsRefused<Missing | StaleVersion> | RepositoryError> {
    return this.lockMany(
      operation,
      entities.map(({ id }) => id),
    ).andThen((rows) => {
      const stored = new Map(rows.map((row) => [row.id, row]));
      const refused = unstorable(entities, (id) => stored.get(id), this.#of);
      return refused.length > 0 ? fail({ type: 'ItemsRefused', refused }) : ok(stored);
    });
  }

  /** Replaces locked rows, in batches; the statement answers the rows it has written. Answers them in the order given. */
  replaceMany(
    operation: string,
    entities: readonly T[],
    stored: ReadonlyMap<Id, T>,
    {
      batchSize,
      statement,
    }: {
      readonly batchSize: number;
      readonly statement: (db: Db, batch: readonly T[]) => Promise<readonly unknown[]>;
    },
  ): ResultAsync<readonly T[], RepositoryError> {
    return inBatches(entities, batchSize, (batch) =>
      this.writeMany(operation, (db, touch) => {
        touch(...batch, ...batch.flatMap(({ id }) => stored.get(id) ?? []));
        return statement(db, batch);
      }).andThen(decodeAll(this.#of.decode)),
    ).map((replaced) => {
      const byId = new Map(replaced.map((row) => [row.id, row]));
      return entities.map((entity) => byId.get(entity.id) ?? entity);
    });
  }

  delete(id: number): ResultAsync<void, Missing | StillReferenced | RepositoryError> {
    return this.lock('delete', id, 'forUpdate').andThen((stored) =>
      this.#write('delete', (db) => {
        this.#touch(stored);
        return this.#of.remove(db, stored.id).execute();
      })
        .mapErr(onReference(this.#of.entity, stored.id))
        .map(() => undefined),
    );
  }

  #unchanged(stored: T, wanted: T): Result<T, StaleVersion> {
    if (stored.version === wanted.version) return ok(stored);
    const { entity } = this.#of;
    return fail({
      type: 'StaleVersion',
      entity,
      id: wanted.id,
      expected: wanted.version,
      actual: stored.version,
    });
  }

  #write<R>(operation: string, statement: (db: Db) => Promise<R>): ResultAsync<R, StatementError> {
    return this.#context.session.run(`${this.#of.name}.${operation}`, 'write', statement);
  }

  /**
   * Notes what a write changes, as part of the write: a commit that was started behind it must not overlook it. The old
   * state counts as much as the new one, since a row may leave one list and enter another.
   */
  #touch(...states: readonly T[]): void {
    this.#context.onWrite(this.#of.anchors(...states));
  }

  #select(db: Db): RowQuery {
    return this.#of.select(db) as RowQuery;
  }
}
