import { Kysely } from '@mikro-orm/postgresql';
import type { CompiledQuery, Db, Tables } from '../rows/tables.ts';

type Dialect = ConstructorParameters<typeof Kysely>[0]['dialect'];
type Connection = Awaited<ReturnType<ReturnType<Dialect['createDriver']>['acquireConnection']>>;

const nothing = (): Promise<void> => Promise.resolve();

/**
 * A query builder like another one that sends nothing: statements are handed over as they would be sent, and find no rows.
 *
 * @param like whose text it writes
 */
export function capturingDb(like: Db, schema: string, capture: (query: CompiledQuery) => void): Db {
  const executor = like.getExecutor();
  const connection: Connection = {
    executeQuery: (query) => {
      capture(query);
      return Promise.resolve({ rows: [] });
    },
    streamQuery: () => {
      throw new TypeError('nothing can be streamed from a statement that is not sent');
    },
  };
  const driver: ReturnType<Dialect['createDriver']> = {
    init: nothing,
    acquireConnection: () => Promise.resolve(connection),
    releaseConnection: nothing,
    beginTransaction: nothing,
    commitTransaction: nothing,
    rollbackTransaction: nothing,
    destroy: nothing,
  };
  const dialect: Dialect = {
    createAdapter: () => executor.adapter,
    createQueryCompiler: () => ({ compileQuery: (...query) => executor.compileQuery(...query) }),
    createDriver: () => driver,
    createIntrospector: (db) => db.introspection,
  };
  return new Kysely<Tables>({ dialect }).withSchema(schema);
}
