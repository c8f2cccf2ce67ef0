import type { HearStatement } from '../observability/statements/sent-statement.ts';
import { toStatementFailure } from './error-mapping.ts';
import type { Db } from './rows/tables.ts';

type Plugin = Parameters<Db['withPlugin']>[0];
type Query = Parameters<Plugin['transformQuery']>[0];
type Answer = Parameters<Plugin['transformResult']>[0];

interface Building {
  readonly query: Query;
  readonly startedAt: number;
}

/**
 * Sees the statements that are sent through one builder. Statements inside statements are built like any other, so that one
 * is known to have been sent when its answer comes, or when nothing else can have failed.
 */
class SentStatements implements Plugin {
  readonly #operation: string;
  readonly #hear: HearStatement;
  readonly #executor: ReturnType<Db['getExecutor']>;
  readonly #building = new Map<Query['queryId'], Building>();

  constructor(operation: string, db: Db, hear: HearStatement) {
    this.#operation = operation;
    this.#hear = hear;
    this.#executor = db.getExecutor();
  }

  transformQuery(query: Query): Query['node'] {
    this.#building.set(query.queryId, { query, startedAt: performance.now() });
    return query.node;
  }

  transformResult({ result, queryId }: Answer): Promise<Answer['result']> {
    const answered = this.#building.get(queryId);
    if (answered !== undefined) this.#ended(answered);
    return Promise.resolve(result);
  }

  failed(cause: unknown): void {
    const last = [...this.#building.values()].at(-1);
    if (last !== undefined) this.#ended(last, toStatementFailure(this.#operation, cause).type);
  }

  #ended({ query, startedAt }: Building, failure?: string): void {
    this.#building.delete(query.queryId);
    this.#hear({
      operation: this.#operation,
      durationMs: performance.now() - startedAt,
      ...(failure === undefined ? {} : { failure }),
      sql: () => this.#executor.compileQuery(query.node, query.queryId).sql,
    });
  }
}

/** The same work, whose statements somebody hears of; the work itself where nobody does. */
export function watched<T>(
  operation: string,
  work: (db: Db) => Promise<T>,
  hear: HearStatement | undefined,
): (db: Db) => Promise<T> {
  if (hear === undefined) return work;
  return async (db) => {
    const statements = new SentStatements(operation, db, hear);
    try {
      return await work(db.withPlugin(statements));
    } catch (cause) {
      statements.failed(cause);
      throw cause;
    }
  };
}

/** A builder with this plugin in place of its own, whose statements are seen all the same. */
export function withPluginAlone(db: Db, plugin: Plugin): Db {
  const watching = db.getExecutor().plugins.filter((own) => own instanceof SentStatements);
  return [plugin, ...watching].reduce((builder, next) => builder.withPlugin(next), db.withoutPlugins());
}
