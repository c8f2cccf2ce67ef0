import type { Clock } from '../../application/ports/clock.ts';
import { emptyTables, type TableName, type Tables } from './tables.ts';
import { WriterLock } from './writer-lock.ts';

/** What all units of work of one in-memory SDK share: the committed rows, the sequences and the writer's lock. */
export class InMemoryDatabase {
  readonly clock: Clock;
  /** How long a unit of work waits for another one that writes, in milliseconds. */
  readonly lockWaitMs: number;
  readonly writer = new WriterLock();
  /** Outside the tables because a rollback does not give an id back. */
  readonly #lastIds = new Map<TableName, number>();
  #tables: Tables = emptyTables;
  #closed = false;

  constructor(clock: Clock, lockWaitMs: number) {
    this.clock = clock;
    this.lockWaitMs = lockWaitMs;
  }

  get tables(): Tables {
    return this.#tables;
  }

  get closed(): boolean {
    return this.#closed;
  }

  publish(tables: Tables): void {
    this.#tables = tables;
  }

  nextId(name: TableName): number {
    const id = (this.#lastIds.get(name) ?? 0) + 1;
    this.#lastIds.set(name, id);
    return id;
  }

  close(): void {
    this.#closed = true;
  }
}
