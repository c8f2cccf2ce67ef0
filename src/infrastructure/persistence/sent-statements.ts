import { tellHost } from '../../application/tell-host.ts';
import type { HearStatement } from '../observability/statements/sent-statement.ts';
import { toStatementFailure } from './error-mapping.ts';
import type { CompiledQuery, Db } from './rows/tables.ts';

type Plugin = Parameters<Db['withPlugin']>[0];
type Query = Parameters<Plugin['transformQuery']>[0];
type Answer = Parameters<Plugin['transformResult']>[0];

interface Begun {
  readonly queryId: Query['queryId'];
  readonly sql: () => string;
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
  /** Mostly there is one. */
  #begun: readonly Begun[] = [];

  constructor(operation: string, db: Db, hear: HearStatement) {
    this.#operation = operation;
    this.#hear = hear;
    this.#executor = db.getExecutor();
  }

  transformQuery({ node, queryId }: Query): Query['node'] {
    this.begin(queryId, () => this.#executor.compileQuery(node, queryId).sql);
    return node;
  }

  begin(queryId: Begun['queryId'], sql: Begun['sql']): void {
    const begun = { queryId, sql, startedAt: performance.now() };
    this.#begun = this.#begun.length === 0 ? [begun] : [...this.#begun, begun];
  }

  transformResult({ result, queryId }: Answer): Promise<Answer['result']> {
    const index = this.#begun.findLastIndex((begun) => begun.queryId === queryId);
    const answered = this.#begun[index];
    if (answered !== undefined) {
      // A connection answers in the order in which it was asked: what was built before this one was a part of it.
      this.#begun = this.#begun.slice(index + 1);
      this.#ended(answered, undefined);
    }
    return Promise.resolve(result);
  }

  failed(cause: unknown): void {
    const last = this.#begun.at(-1);
    if (last !== undefined) this.#ended(last, toStatementFailure(this.#operation, cause).type);
  }

  #ended({ sql, startedAt }: Begun, failure: string | undefined): void {
    const durationMs = performance.now() - startedAt;
    // Who watches must not decide what comes of what is watched.
    tellHost(this.#hear, { operation: this.#operation, durationMs, failure, sql });
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

const watchersOf = (db: Db): readonly SentStatements[] =>
  db.getExecutor().plugins.filter((plugin) => plugin instanceof SentStatements);

/** Sends a statement that was put together before, which the builder's plugins do not get to see. */
export async function sendCompiled(db: Db, query: CompiledQuery): Promise<readonly unknown[]> {
  for (const watcher of watchersOf(db)) watcher.begin(query.queryId, () => query.sql);
  const { rows } = await db.executeQuery<unknown>(query);
  return rows;
}

/** A builder with this plugin in place of its own, whose statements are seen all the same. */
export function withPluginAlone(db: Db, plugin: Plugin): Db {
  return [plugin, ...watchersOf(db)].reduce((builder, next) => builder.withPlugin(next), db.withoutPlugins());
}
