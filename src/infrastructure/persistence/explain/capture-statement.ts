import { err, ok, ResultAsync } from 'neverthrow';
import type { Clock } from '../../../application/ports/clock.ts';
import { toStatementFailure } from '../error-mapping.ts';
import { mikroOrmRepositories } from '../repositories/mikro-orm-repositories.ts';
import type { CompiledQuery, Db } from '../rows/tables.ts';
import type { Session, StatementError, StatementKind } from '../session.ts';
import { capturingDb } from './capturing-db.ts';

export type Repositories = ReturnType<typeof mikroOrmRepositories>;

/** A statement that was not sent, and what the repository calls it. */
export interface CapturedStatement extends CompiledQuery {
  readonly operation: string;
}

/** What the repositories would send first when they are asked, whatever they make of an answer without rows. */
export function captureStatement(
  ask: (repositories: Repositories) => ResultAsync<unknown, unknown>,
  { like, schema, clock }: { readonly like: Db; readonly schema: string; readonly clock: Clock },
): ResultAsync<CapturedStatement, StatementError> {
  const captured: CapturedStatement[] = [];
  const session: Session = {
    run<T>(operation: string, _kind: StatementKind, statement: (db: Db) => Promise<T>) {
      const db = capturingDb(like, schema, (query) => captured.push({ ...query, operation }));
      return ResultAsync.fromPromise(statement(db), (cause) => toStatementFailure(operation, cause));
    },
  };
  const repositories = mikroOrmRepositories({ session, onWrite: () => undefined }, schema, clock);
  return ask(repositories)
    .orElse(() => ok())
    .andThen(() => {
      const [first] = captured;
      return first === undefined
        ? err(toStatementFailure('explain', new Error('the repository has sent nothing')))
        : ok(first);
    });
}
