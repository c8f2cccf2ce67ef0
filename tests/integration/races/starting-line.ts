import { createSlotwise, type Slotwise } from '../../../src/index.ts';
import { ChildWorker } from '../../support/child-process.ts';
import { ScratchDatabase } from '../../support/scratch-database.ts';
import type { Command, Finish, Racer } from './racer.ts';

const PROCESSES = 3;
const HEAD_START_MS = 40;

/** What became of all commands of a kind of race, over all its rounds. */
export class Score {
  readonly #counts = new Map<string, number>();
  attempts = 0;
  retries = 0;
  deadlocksOut = 0;

  add(finishes: readonly Finish[]): void {
    for (const { answers, failedStatements, contention } of finishes) {
      this.attempts += answers.length;
      this.retries += failedStatements;
      this.deadlocksOut += contention.length;
      for (const answer of answers) this.#counts.set(answer, (this.#counts.get(answer) ?? 0) + 1);
    }
  }

  get winners(): number {
    return this.#counts.get('ok') ?? 0;
  }

  /** Answers that are no winners, most of them first. */
  get losers(): readonly (readonly [string, number])[] {
    return [...this.#counts].filter(([answer]) => answer !== 'ok').sort(([, a], [, b]) => b - a);
  }

  print(name: string): void {
    const losers = this.losers.map(([type, count]) => `${count} ${type}`).join(', ') || 'none';
    console.log(
      `${name}: ${this.attempts} attempts, ${this.winners} winners, losers: ${losers}; ` +
        `${this.retries} statements failed and tried again, ${this.deadlocksOut} deadlocks out`,
    );
  }
}

/** Several processes on one database that wait for a start. */
export class StartingLine implements AsyncDisposable {
  readonly database: ScratchDatabase;
  readonly sdk: Slotwise;
  readonly #racers: readonly ChildWorker<Racer>[];
  readonly #stack: AsyncDisposableStack;

  private constructor(
    database: ScratchDatabase,
    sdk: Slotwise,
    racers: readonly ChildWorker<Racer>[],
    stack: AsyncDisposableStack,
  ) {
    this.database = database;
    this.sdk = sdk;
    this.#racers = racers;
    this.#stack = stack;
  }

  static async open(): Promise<StartingLine> {
    const stack = new AsyncDisposableStack();
    const database = stack.use(new ScratchDatabase());
    const options = { database: database.options, cache: false } as const;
    const sdk = stack.use((await createSlotwise(options))._unsafeUnwrap());
    (await sdk.migrate())._unsafeUnwrap();
    const racers = Array.from({ length: PROCESSES }, () =>
      stack.use(new ChildWorker<Racer>(new URL('racer.ts', import.meta.url))),
    );
    await Promise.all(racers.map((racer) => racer.call('open', options)));
    return new StartingLine(database, sdk, racers, stack);
  }

  /** Deals the commands out to the processes, which start at the same moment; answers in the order given. */
  async race(score: Score, commands: readonly Command[]): Promise<readonly string[]> {
    const startAt = Date.now() + HEAD_START_MS;
    const finishes = await Promise.all(
      this.#racers.map((racer, index) =>
        racer.call('race', {
          startAt,
          commands: commands.filter((_, position) => position % PROCESSES === index),
        }),
      ),
    );
    score.add(finishes);
    return commands.map(
      (_, position) => finishes[position % PROCESSES]?.answers[Math.floor(position / PROCESSES)] ?? '',
    );
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#stack.disposeAsync();
  }
}
