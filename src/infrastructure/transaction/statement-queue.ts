import { AsyncLocalStorage } from 'node:async_hooks';

/** The work of one savepoint, or of the whole unit of work: its statements run in the order they were started in. */
class Level {
  readonly queue: StatementQueue;
  /** The level the code around this one belongs to, of this or of another queue. */
  readonly around: Level | undefined;
  open = true;
  pending = 0;
  last: Promise<unknown> = Promise.resolve();

  constructor(queue: StatementQueue, around: Level | undefined) {
    this.queue = queue;
    this.around = around;
  }

  add<T>(task: () => Promise<T>): Promise<T> {
    this.pending += 1;
    const turn = this.last.then(task).finally(() => {
      this.pending -= 1;
    });
    this.last = turn.catch(() => undefined);
    return turn;
  }
}

const current = new AsyncLocalStorage<Level>();

/**
 * Runs the statements of one unit of work one after the other, and its savepoints like statements: what is started
 * beside a savepoint waits until it has ended, what is started by the savepoint's own work runs inside it. Which of the
 * two a call is follows from where it was made, not from the object it was made on.
 */
export class StatementQueue {
  readonly #root = new Level(this, undefined);

  /** Whether nothing runs and nothing waits. */
  get idle(): boolean {
    return this.#root.pending === 0;
  }

  run<T>(task: () => Promise<T>): Promise<T> {
    return this.#level().add(task);
  }

  /**
   * Runs several steps in one turn. What `group` starts through `inside` gets a level of its own, which is empty again
   * when `inside` resolves.
   */
  group<T>(group: (inside: <R>(work: () => Promise<R>) => Promise<R>) => Promise<T>): Promise<T> {
    return this.#level().add(() =>
      group(async (work) => {
        const level = new Level(this, current.getStore());
        try {
          return await current.run(level, work);
        } finally {
          // Also what the work started and did not wait for.
          while (level.pending > 0) await level.last;
          level.open = false;
        }
      }),
    );
  }

  #level(): Level {
    let level = current.getStore();
    while (level !== undefined && !(level.queue === this && level.open)) level = level.around;
    return level ?? this.#root;
  }
}
