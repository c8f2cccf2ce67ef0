import {
  MikroKyselyPlugin,
  type EntitySchema,
  type InferKyselyDB,
  type Kysely,
  type MikroORM,
} from '@mikro-orm/postgresql';
import type { ResultAsync } from 'neverthrow';
import type { UnitOfWork } from '../../application/ports/unit-of-work.ts';
import type {
  ConstraintViolation,
  DatabaseError,
  TimeoutError,
  UnitOfWorkStateError,
} from '../../domain/shared/repository-error.ts';
import type { Database } from './database.ts';
import type { Db } from './rows/tables.ts';
import { withPluginAlone } from './sent-statements.ts';
import type { Session, StatementKind } from './session.ts';
import { sessionOf } from './unit-of-work-sessions.ts';

/** Tables, columns and values are named and typed in statements as the schemas have them. */
const naming = {
  tableNamingStrategy: 'entity',
  columnNamingStrategy: 'property',
  convertValues: true,
} as const;

/** The schema of a row, as `defineEntity` of MikroORM makes it. */
export type RowSchema = EntitySchema;

/** Kysely's query builder over the tables of some schemas. */
export type RowStatements<Schema extends { readonly name: string }> = Kysely<
  InferKyselyDB<Schema, typeof naming>
>;

export type RowError = DatabaseError | TimeoutError | ConstraintViolation | UnitOfWorkStateError;

/** Statements on tables of the host's own, on the connections and in the transactions of the SDK. */
export interface HostRows<Schema extends { readonly name: string }> {
  /**
   * Runs statements that only read: in the unit of work if one is named, otherwise on a connection of their own, which
   * is what may be cached. There they are run once more if that connection breaks.
   *
   * @param operation names them in errors and for instrumentation, `jobs.find`
   */
  read<T>(
    operation: string,
    statements: (db: RowStatements<Schema>) => Promise<T>,
    options?: { readonly uow?: UnitOfWork | undefined },
  ): ResultAsync<T, RowError>;
  /** Runs statements that write or lock, in the transaction of the unit of work, with whose commit they count. */
  write<T>(
    operation: string,
    statements: (db: RowStatements<Schema>) => Promise<T>,
    options: { readonly uow: UnitOfWork },
  ): ResultAsync<T, RowError>;
}

/**
 * Gives access to rows of the host, of the schemas that `database.rows` has named; a `TypeError` for any other. Tables
 * are looked for on the connection's `search_path`, unless a statement says `withSchema`.
 */
export type RowsOf = <Schema extends { readonly name: string }>(
  ...schemas: readonly Schema[]
) => HostRows<Schema>;

interface Parts {
  readonly orm: MikroORM;
  readonly database: Database;
  /** For statements of no unit of work. */
  readonly outside: Session;
  readonly registered: readonly RowSchema[];
}

export const hostRowsOf =
  ({ orm, database, outside, registered }: Parts): RowsOf =>
  <Schema extends { readonly name: string }>(...schemas: readonly Schema[]): HostRows<Schema> => {
    const unknown = schemas.find((schema) => !registered.some((one) => one === (schema as unknown)));
    if (unknown !== undefined)
      throw new TypeError(`${unknown.name} is not registered: name it in database.rows`);
    const plugin = new MikroKyselyPlugin(orm.em, naming);
    const run = <T>(
      session: Session,
      operation: string,
      kind: StatementKind,
      statements: (db: RowStatements<Schema>) => Promise<T>,
    ): ResultAsync<T, RowError> =>
      // The SDK's own builder puts its schema before every table.
      session.run(operation, kind, (db: Db) =>
        statements(withPluginAlone(db, plugin) as unknown as RowStatements<Schema>),
      );
    return {
      read: (operation, statements, { uow } = {}) =>
        run(uow === undefined ? outside : sessionOf(uow, database), operation, 'read', statements),
      write: (operation, statements, { uow }) =>
        run(sessionOf(uow, database), operation, 'write', statements),
    };
  };
