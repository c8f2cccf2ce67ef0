import { errAsync, ResultAsync, type Result } from 'neverthrow';
import type { Clock } from '../../../application/ports/clock.ts';
import type { ExplainOptions, Explanation } from '../../../application/ports/query-diagnostics.ts';
import type { RepositoryError } from '../../../domain/shared/repository-error.ts';
import { validationError } from '../../../domain/shared/validation-error.ts';
import type { Signals } from '../../observability/signals.ts';
import { shapeOf } from '../../observability/statements/shape-of.ts';
import type { Database } from '../database.ts';
import { rawRows } from '../raw-rows.ts';
import { TransactionSession, type Session, type StatementError } from '../session.ts';
import { captureStatement, type CapturedStatement } from './capture-statement.ts';
import { namedQueries, type Examples } from './named-queries.ts';
import { planNode, stepsOf, type PlanRecord } from './plan-node.ts';

interface Surroundings {
  readonly database: Database;
  readonly clock: Clock;
  readonly signals: Signals;
}

type Name = keyof typeof namedQueries;

const isName = (name: unknown): name is Name => typeof name === 'string' && Object.hasOwn(namedQueries, name);

export const queryNames = Object.keys(namedQueries) as readonly Name[];

export function explainQuery(
  surroundings: Surroundings,
  name: string,
  { analyze }: ExplainOptions = {},
): ResultAsync<Explanation, RepositoryError> {
  if (!isName(name)) return errAsync(validationError('name', `must be one of ${queryNames.join(', ')}`));
  const { database, signals } = surroundings;
  // A snapshot of its own makes even the first read open the transaction.
  const options = { readOnly: true, isolation: 'repeatable read' } as const;
  const session = new TransactionSession({ database, options, signals });
  return new ResultAsync(undone(session, explainIn(session, surroundings, name, analyze === true)));
}

async function undone<T>(
  session: TransactionSession,
  work: ResultAsync<T, StatementError>,
): Promise<Result<T, StatementError>> {
  const outcome = await work;
  // dropped: nothing was written, and what happened before says more
  void (await session.rollback());
  return outcome;
}

const explainIn = (
  session: Session,
  { database, clock }: Surroundings,
  name: Name,
  analyze: boolean,
): ResultAsync<Explanation, StatementError> =>
  session
    .run('diagnostics.explain', 'read', async (like) => ({
      like,
      examples: { ...(await exampleIds(like, database.schema)), now: clock.now() },
    }))
    .andThen(({ like, examples }) =>
      captureStatement((repositories) => namedQueries[name](repositories, examples), {
        like,
        schema: database.schema,
        clock,
      }),
    )
    .andThen((captured) =>
      session
        .run('diagnostics.explain', 'read', (db) =>
          rawRows(db, `explain (format json, analyze ${analyze}) ${captured.sql}`, captured.parameters),
        )
        .map((rows) => explanationOf(name, captured, rows)),
    );

interface Explained {
  readonly Plan: PlanRecord;
  readonly 'Execution Time'?: number;
}

function explanationOf(
  name: Name,
  { operation, sql }: CapturedStatement,
  rows: readonly unknown[],
): Explanation {
  const [row] = rows as readonly { readonly 'QUERY PLAN': readonly [Explained] }[];
  if (row === undefined) throw new TypeError('no plan came back');
  const [{ Plan: record, 'Execution Time': executionMs }] = row['QUERY PLAN'];
  const plan = planNode(record);
  return {
    name,
    operation,
    sql: shapeOf(sql),
    plan,
    sequentialScans: stepsOf(plan).filter(({ kind }) => kind === 'Seq Scan'),
    ...(executionMs === undefined ? {} : { executionMs }),
  };
}

const tables = ['city', 'recruiter', 'candidate', 'slot', 'booking'] as const;

/** Of each table the row that came first, or the id it would have. */
async function exampleIds(db: Parameters<typeof rawRows>[0], schema: string): Promise<Omit<Examples, 'now'>> {
  const ids = tables.map(
    (table) => `coalesce((select min(id) from "${schema}"."${table}"), 1)::float8 as ${table}`,
  );
  const [row] = await rawRows(db, `select ${ids.join(', ')}`, []);
  return row as Omit<Examples, 'now'>;
}
