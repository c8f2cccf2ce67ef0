import { err, errAsync, ok, ResultAsync, type Result } from 'neverthrow';
import type { UnitOfWorkEvent } from '../../application/ports/instrumentation.ts';
import type { UnitOfWorkOptions } from '../../application/ports/unit-of-work.ts';
import type { UnitOfWorkStateError } from '../../domain/shared/repository-error.ts';
import type { OngoingActivity } from '../observability/activity.ts';
import type { Signals } from '../observability/signals.ts';
import type { WatchedWork } from '../observability/statements/statement-watch.ts';
import type { Database } from './database.ts';
import { toStatementFailure, type StatementFailure } from './error-mapping.ts';
import type { OpenTransaction, Transaction } from './open-transaction.ts';
import { watched } from './sent-statements.ts';
import { StatementQueue } from '../transaction/statement-queue.ts';
import type { Db } from './rows/tables.ts';

export type StatementError = StatementFailure | UnitOfWorkStateError;

/**
 * `read`: any connection will do until a transaction is open. `write`: opens the transaction if there is none; locking
 * a row counts as writing.
 */
export type StatementKind = 'read' | 'write';

/** How repositories reach the database, inside a unit of work or outside of any. */
export interface Session {
  run<T>(
    operation: string,
    kind: StatementKind,
    statement: (db: Db) => Promise<T>,
  ): ResultAsync<T, StatementError>;
}

type State = 'idle' | 'open' | 'committed' | 'rolled-back';

/** A server, or several, as a unit of work sees them. */
export type Servers = Pick<Database, 'read' | 'begin'>;

/** Where what a unit of work asks for is answered. */
export interface Homes {
  /** Of statements that only read, while there is no transaction. */
  readonly reads: Servers;
  readonly transactions: Servers;
}

interface SessionParts {
  readonly database: Database;
  /** The database for everything when left out. */
  readonly homes?: Homes | undefined;
  readonly options: UnitOfWorkOptions;
  readonly signals: Signals;
  readonly activity?: OngoingActivity | undefined;
  /** Told after each write and lock, and when a savepoint begins: what was read before may be another now. */
  readonly onChange?: () => void;
}

/** The connection side of one unit of work: a lazy transaction, its savepoints, and what became of it. */
export class TransactionSession implements Session {
  readonly #database: Database;
  readonly #options: UnitOfWorkOptions;
  readonly #signals: Signals;
  readonly #homes: Homes;
  readonly #watched: WatchedWork | undefined;
  readonly #activity: OngoingActivity | undefined;
  readonly #onChange: (() => void) | undefined;
  /** A transaction has one connection, and the order of writes is part of the work. */
  readonly #queue = new StatementQueue();
  readonly #openedAt = performance.now();
  #state: State = 'idle';
  #transaction: OpenTransaction | undefined;
  /** A statement failed, so PostgreSQL refuses everything until the transaction or savepoint is rolled back. */
  #failed = false;
  #savepoints = 0;

  constructor({ database, homes, options, signals, activity, onChange }: SessionParts) {
    this.#database = database;
    this.#options = options;
    this.#signals = signals;
    this.#homes = homes ?? { reads: database, transactions: database };
    this.#activity = activity;
    this.#onChange = onChange;
    this.#watched = signals.sent?.unitOfWork(options.onQueries);
  }

  /** Runs a load that is this unit of work's, but not a part of its transaction. */
  beside<T>(load: () => T): T {
    return this.#watched === undefined ? load() : this.#watched.beside(load);
  }

  /** Whether a statement sent now would certainly run outside a transaction. */
  get outside(): boolean {
    return this.#state === 'idle' && this.#queue.idle;
  }

  /** Whether a statement would be refused before it is sent: the unit of work is over, aborted or can only roll back. */
  get unusable(): boolean {
    return this.#refusal('') !== undefined;
  }

  run<T>(
    operation: string,
    kind: StatementKind,
    statement: (db: Db) => Promise<T>,
  ): ResultAsync<T, StatementError> {
    const sent = this.#watch(operation, statement);
    return new ResultAsync(this.#queue.run(() => this.#execute(operation, kind, sent)));
  }

  /**
   * Ends the transaction, if one was opened. `last` is asked when its turn has come, after everything that was started
   * before, for a statement that must be part of what is committed.
   */
  commit(last: () => ((db: Db) => Promise<unknown>) | undefined): ResultAsync<void, StatementError> {
    const ended = this.#queue.run<Result<void, StatementError>>(async () => {
      const refused = this.#refusal('commit');
      if (refused !== undefined) return this.#giveUp(refused);
      const statement = last();
      if (statement !== undefined) {
        const executed = await this.#execute('commit', 'write', this.#watch('commit', statement));
        if (executed.isErr()) return this.#giveUp(executed.error);
      }
      return this.#end('committed');
    });
    return new ResultAsync(ended);
  }

  /** Undoes everything; rolling back twice does nothing. */
  rollback(): ResultAsync<void, StatementError> {
    const ended = this.#queue.run<Result<void, StatementError>>(async () => {
      if (this.#state === 'committed') return err(this.#stateError('committed', 'rollback'));
      if (this.#state === 'rolled-back') return ok();
      return this.#end('rolled-back');
    });
    return new ResultAsync(ended);
  }

  /**
   * Runs work so that undoing it leaves what came before; `undo` decides by its outcome. `remember` is called when its
   * turn has come, after everything that was started before it, and answers how to bring back what it found.
   */
  savepoint<T>(
    work: () => Promise<T>,
    undo: (outcome: T) => boolean,
    remember: () => () => void,
  ): Promise<Result<T, StatementError>> {
    return this.#queue.group(async (inside) => {
      const name = `slotwise_${(this.#savepoints += 1)}`;
      const set = await this.#onTransaction('savepoint', (transaction) =>
        transaction.savepoint(name).execute(),
      );
      if (set.isErr()) return err(set.error);
      const restore = remember();
      const outcome = await inside(work);
      const poisoned = this.#failed;
      const undone = undo(outcome) || poisoned;
      if (undone) restore();
      this.#failed = false;
      const command = undone ? 'rollbackToSavepoint' : 'releaseSavepoint';
      const ended = await this.#onTransaction('savepoint', (transaction) =>
        transaction[command](name).execute(),
      );
      if (ended.isErr()) return err(ended.error);
      return poisoned && !undo(outcome) ? err(this.#stateError('rollback-only', 'savepoint')) : ok(outcome);
    });
  }

  #watch<T>(operation: string, statement: (db: Db) => Promise<T>): (db: Db) => Promise<T> {
    return watched(operation, statement, this.#watched?.listener(operation));
  }

  #onTransaction(
    operation: string,
    command: (transaction: Transaction) => Promise<unknown>,
  ): Promise<Result<unknown, StatementError>> {
    return this.#execute(operation, 'savepoint', async () => command(await this.#begin()));
  }

  async #execute<T>(
    operation: string,
    kind: StatementKind | 'savepoint',
    statement: (db: Db) => Promise<T>,
  ): Promise<Result<T, StatementError>> {
    const refused = this.#refusal(operation, kind);
    if (refused !== undefined) return err(refused);
    const startedAt = performance.now();
    try {
      const answer =
        kind === 'read' && this.#mayReadOutside
          ? await this.#homes.reads.read(statement)
          : await statement(this.#database.inside(await this.#begin()));
      report(this.#signals, this.#activity, operation, startedAt);
      return ok(answer);
    } catch (cause) {
      const failure = toStatementFailure(operation, cause);
      report(this.#signals, this.#activity, operation, startedAt, failure);
      if (this.#transaction !== undefined) this.#failed = true;
      return err(failure);
    } finally {
      if (kind !== 'read') this.#onChange?.();
    }
  }

  /** Why the commit is refused matters; a rollback that fails on top means that the connection is gone. */
  async #giveUp(error: StatementError): Promise<Result<void, StatementError>> {
    if (this.#state === 'committed' || this.#state === 'rolled-back') return err(error);
    return (await this.#end('rolled-back')).andThen(() => err(error)).mapErr(() => error);
  }

  /** A stricter isolation promises all reads one snapshot, so there the first of them opens the transaction. */
  get #mayReadOutside(): boolean {
    const { isolation = 'read committed' } = this.#options;
    return this.#transaction === undefined && isolation === 'read committed';
  }

  async #begin(): Promise<Transaction> {
    if (this.#transaction === undefined) {
      this.#transaction = await this.#homes.transactions.begin(this.#options);
      this.#state = 'open';
    }
    return this.#transaction.statements;
  }

  async #end(to: 'committed' | 'rolled-back'): Promise<Result<void, StatementError>> {
    const transaction = this.#transaction;
    this.#transaction = undefined;
    this.#state = to;
    if (transaction === undefined) {
      this.#ended(to, false);
      return ok();
    }
    try {
      await (to === 'committed' ? transaction.commit() : transaction.rollback());
      this.#ended(to, true);
      return ok();
    } catch (cause) {
      this.#state = 'rolled-back';
      this.#ended('failed', true);
      return err(toStatementFailure(to === 'committed' ? 'commit' : 'rollback', cause));
    }
  }

  #ended(outcome: UnitOfWorkEvent['outcome'], transaction: boolean): void {
    this.#watched?.ended();
    const { unitOfWork } = this.#signals;
    if (!unitOfWork.wanted) return;
    const durationMs = performance.now() - this.#openedAt;
    unitOfWork.send({ outcome, transaction, durationMs, activity: this.#activity });
  }

  #refusal(operation: string, kind?: StatementKind | 'savepoint'): UnitOfWorkStateError | undefined {
    if (this.#state === 'committed' || this.#state === 'rolled-back')
      return this.#stateError(this.#state, operation);
    if (this.#database.closed) return this.#stateError('closed', operation);
    if (this.#failed) return this.#stateError('rollback-only', operation);
    if (this.#options.signal?.aborted === true) return this.#stateError('aborted', operation);
    if (kind === 'write' && this.#options.readOnly === true) return this.#stateError('read-only', operation);
    return undefined;
  }

  #stateError(state: UnitOfWorkStateError['state'], operation: string): UnitOfWorkStateError {
    return { type: 'UnitOfWorkState', state, operation };
  }
}

/** Statements outside any unit of work: each takes a connection for itself. */
export class AutocommitSession implements Session {
  readonly #database: Database;
  readonly #signals: Signals;

  constructor(database: Database, signals: Signals) {
    this.#database = database;
    this.#signals = signals;
  }

  run<T>(
    operation: string,
    kind: StatementKind,
    statement: (db: Db) => Promise<T>,
  ): ResultAsync<T, StatementError> {
    if (this.#database.closed) return errAsync({ type: 'UnitOfWorkState', state: 'closed', operation });
    const startedAt = performance.now();
    const sent = watched(operation, statement, this.#signals.sent?.listener(operation));
    return new ResultAsync(
      this.#database[kind === 'read' ? 'read' : 'query'](sent).then(
        (answer) => {
          report(this.#signals, undefined, operation, startedAt);
          return ok(answer);
        },
        (cause: unknown) => {
          const failure = toStatementFailure(operation, cause);
          report(this.#signals, undefined, operation, startedAt, failure);
          return err(failure);
        },
      ),
    );
  }
}

function report(
  { statement }: Signals,
  activity: OngoingActivity | undefined,
  operation: string,
  startedAt: number,
  failure?: StatementFailure,
): void {
  if (!statement.wanted) return;
  statement.send({
    operation,
    durationMs: performance.now() - startedAt,
    failed: failure !== undefined,
    sqlState: failure?.sqlState,
    activity,
  });
}
