import { err, ok, ResultAsync, type Err, type Result } from 'neverthrow';
import type { Anchor } from '../../application/caching/anchors.ts';
import type { Logger } from '../../application/ports/logger.ts';
import type {
  CommitReport,
  UnexpectedError,
  UnitOfWorkOptions,
} from '../../application/ports/unit-of-work.ts';
import type { Instant } from '../../domain/shared/instant.ts';
import type {
  ConstraintViolation,
  TimeoutError,
  UnitOfWorkStateError,
} from '../../domain/shared/repository-error.ts';
import type { ReadMode } from '../../infrastructure/repositories/read-scope.ts';
import { settled } from '../../infrastructure/transaction/run-transaction.ts';
import { StatementQueue } from '../../infrastructure/transaction/statement-queue.ts';
import { anchorsOfRow } from './anchors-of-row.ts';
import type { InMemoryDatabase } from './in-memory-database.ts';
import { danglingPointer } from './row-guards.ts';
import { withoutRow, withRows, type Rows, type TableName, type Tables } from './tables.ts';

/** `read` sees what is committed, and the unit of work's own writes; the others wait for the writer's lock. */
export type Access = 'read' | 'lock' | 'write';

/** Why the transaction does not take a statement. */
export type Refusal = UnitOfWorkStateError | TimeoutError;

/** What the body of one statement works with. */
export interface Statement {
  readonly tables: Tables;
  readonly now: Instant;
  readonly nextId: (name: TableName) => number;
  readonly put: <Name extends TableName>(name: Name, row: Rows[Name]) => Rows[Name];
  /** The same for many rows at once. */
  readonly putAll: <Name extends TableName>(name: Name, rows: readonly Rows[Name][]) => void;
  readonly remove: (name: TableName, id: number) => void;
  /** Fails the statement as a constraint does: everything back to the savepoint, or to the start, is lost. */
  readonly refuse: <const E extends { readonly type: string }>(error: E) => Err<never, E>;
}

type Callback = () => void | PromiseLike<void>;

/** What is to be told when the data is there, and who. */
interface Committed {
  readonly dirty: ReadonlySet<Anchor>;
  readonly callbacks: readonly Callback[];
}

/** Makes what depends on these anchors invalid. */
export type Invalidate = (anchors: readonly Anchor[]) => PromiseLike<unknown>;

/** Runs the statements of one unit of work one after the other on a private version of the tables. */
export class InMemoryTransaction {
  readonly #database: InMemoryDatabase;
  readonly #options: UnitOfWorkOptions;
  readonly #logger: Logger;
  readonly #invalidate: Invalidate;
  readonly #onChange: () => void;
  #state: 'open' | 'committed' | 'rolled-back' = 'open';
  #failed = false;
  #locked = false;
  /** Set with the first lock, or with the first read where the isolation asks for one snapshot. */
  #tables: Tables | undefined;
  /** What was changed so far; a savepoint that is undone takes its part out again. */
  #dirty: ReadonlySet<Anchor> = new Set();
  #callbacks: readonly Callback[] = [];
  readonly #queue = new StatementQueue();

  /** @param onChange told when what was read may not be so any more */
  constructor(
    database: InMemoryDatabase,
    options: UnitOfWorkOptions,
    logger: Logger,
    invalidate: Invalidate,
    onChange: () => void = () => undefined,
  ) {
    this.#database = database;
    this.#options = options;
    this.#logger = logger;
    this.#invalidate = invalidate;
    this.#onChange = onChange;
  }

  /** Names what the host is doing, in what is written down of it. */
  get correlationId(): string | undefined {
    return this.#options.correlationId;
  }

  /** How a read may use the cache that names this transaction's unit of work. */
  readMode(anchors: readonly Anchor[]): ReadMode {
    if (this.#snapshot || this.#refusal('', 'read') !== undefined) return 'bypass';
    return anchors.some((anchor) => this.#dirty.has(anchor)) ? 'bypass' : 'peek';
  }

  /** Notes what is changed, here or by the host: the old state of a row counts as much as the new one. */
  touch(anchors: readonly Anchor[]): void {
    this.#dirty = new Set([...this.#dirty, ...anchors]);
    this.#onChange();
  }

  statement<T, E>(
    operation: string,
    access: Access,
    body: (statement: Statement) => Result<T, E>,
  ): ResultAsync<T, E | Refusal> {
    return this.#next<T, E | Refusal>(async () => {
      const refusal = this.#refusal(operation, access) ?? (await this.#prepare(operation, access));
      if (refusal !== undefined) return err(refusal);
      const outcome = body(this.#statement());
      if (access !== 'read') this.#onChange();
      return outcome;
    });
  }

  commit(): ResultAsync<CommitReport, UnitOfWorkStateError | ConstraintViolation> {
    const committed = this.#next<Committed, UnitOfWorkStateError | ConstraintViolation>(() => {
      const written = this.#locked ? this.#tables : undefined;
      const refusal = this.#refusal('commit', 'read') ?? (written && danglingPointer(written));
      if (refusal === undefined && written !== undefined) this.#database.publish(written);
      this.#end(refusal === undefined ? 'committed' : 'rolled-back');
      return refusal === undefined ? ok({ dirty: this.#dirty, callbacks: this.#callbacks }) : err(refusal);
    });
    // Outside the queue: a callback may well call this unit of work, and is told that it is committed.
    return committed.map(async ({ dirty, callbacks }) => {
      await this.#invalidate([...dirty]);
      for (const callback of callbacks) await this.#call(callback);
      return { invalidation: 'applied' } as const;
    });
  }

  /** Rolling back twice does nothing. */
  rollback(): ResultAsync<void, UnitOfWorkStateError> {
    return this.#next<void, UnitOfWorkStateError>(() => {
      if (this.#state === 'committed')
        return err({ type: 'UnitOfWorkState', state: 'committed', operation: 'rollback' });
      this.#end('rolled-back');
      return ok();
    });
  }

  afterCommit(callback: Callback): void {
    this.#callbacks = [...this.#callbacks, callback];
  }

  savepoint<T, E>(
    work: () => PromiseLike<Result<T, E>>,
  ): ResultAsync<T, E | UnexpectedError | UnitOfWorkStateError> {
    return new ResultAsync(this.#savepoint(work));
  }

  #savepoint<T, E>(
    work: () => PromiseLike<Result<T, E>>,
  ): Promise<Result<T, E | UnexpectedError | UnitOfWorkStateError>> {
    return this.#queue.group(async (inside) => {
      const refused = this.#refusal('savepoint', 'read');
      if (refused !== undefined) return err(refused);
      const before = { tables: this.#tables, dirty: this.#dirty, callbacks: this.#callbacks };
      const outcome = await inside(() => settled(work));
      const refusal = outcome.isOk() ? this.#refusal('savepoint', 'read') : undefined;
      if (outcome.isOk() && refusal === undefined) return outcome;
      this.#failed = false;
      this.#dirty = before.dirty;
      this.#callbacks = before.callbacks;
      // The lock stays, so what is committed is still what it was when the lock was taken.
      this.#tables = before.tables ?? (this.#locked ? this.#database.tables : undefined);
      this.#onChange();
      return refusal === undefined ? outcome : err(refusal);
    });
  }

  /** Whether all its reads see one moment. */
  get #snapshot(): boolean {
    return (this.#options.isolation ?? 'read committed') !== 'read committed';
  }

  /** Queues behind the statements that were started before. */
  #next<T, E>(work: () => Result<T, E> | Promise<Result<T, E>>): ResultAsync<T, E> {
    return new ResultAsync(this.#queue.run(async () => work()));
  }

  #statement(): Statement {
    const tables = this.#tables ?? this.#database.tables;
    return {
      tables,
      now: this.#database.clock.now(),
      nextId: (name) => this.#database.nextId(name),
      put: (name, row) => {
        this.touch(anchorsOfRow(name, tables[name].get(row.id), row));
        this.#tables = withRows(this.#tables ?? tables, name, [row]);
        return row;
      },
      putAll: (name, rows) => {
        this.touch(rows.flatMap((row) => anchorsOfRow(name, tables[name].get(row.id), row)));
        this.#tables = withRows(this.#tables ?? tables, name, rows);
      },
      remove: (name, id) => {
        this.touch(anchorsOfRow(name, tables[name].get(id)));
        this.#tables = withoutRow(this.#tables ?? tables, name, id);
      },
      refuse: (error) => {
        this.#failed = true;
        return err(error);
      },
    };
  }

  #refusal(operation: string, access: Access): UnitOfWorkStateError | undefined {
    const refuse = (state: UnitOfWorkStateError['state']): UnitOfWorkStateError => ({
      type: 'UnitOfWorkState',
      state,
      operation,
    });
    if (this.#state !== 'open') return refuse(this.#state);
    if (this.#database.closed) return refuse('closed');
    if (this.#failed) return refuse('rollback-only');
    if (this.#options.signal?.aborted === true) return refuse('aborted');
    return access !== 'read' && this.#options.readOnly === true ? refuse('read-only') : undefined;
  }

  /** Takes the lock or the snapshot that the statement needs. */
  async #prepare(operation: string, access: Access): Promise<Refusal | undefined> {
    // With the lock from its first read on, a stricter unit of work is as serial as can be.
    const needsLock = access !== 'read' || (this.#snapshot && this.#options.readOnly !== true);
    if (needsLock && !this.#locked) {
      const { writer, lockWaitMs } = this.#database;
      const outcome = await writer.acquire(lockWaitMs, this.#options.signal);
      if (outcome === 'timeout') {
        this.#failed = true;
        return { type: 'Timeout', operation, waitedFor: 'lock', retryable: true };
      }
      this.#locked = outcome === 'acquired';
      const refusal = this.#refusal(operation, access);
      if (refusal !== undefined) return refusal;
    }
    if (needsLock || this.#snapshot) this.#tables ??= this.#database.tables;
    return undefined;
  }

  #end(state: 'committed' | 'rolled-back'): void {
    if (this.#state !== 'open') return;
    this.#state = state;
    if (this.#locked) this.#database.writer.release();
    this.#locked = false;
    this.#tables = undefined;
  }

  async #call(callback: Callback): Promise<void> {
    try {
      await callback();
    } catch (cause) {
      this.#logger.error({ err: cause }, 'an afterCommit callback failed; the transaction is committed');
    }
  }
}
