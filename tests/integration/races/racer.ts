import { createSlotwise, type Slotwise, type SlotwiseOptions } from '../../../src/index.ts';
import { answerCalls } from '../../support/child-process-calls.ts';

/** One of the processes that race. It does what it is told, at the moment it is told. */

type Booking = Slotwise['booking'];
type Slots = Slotwise['slots'];

/** A command of the SDK with its input. */
export type Command =
  | {
      [Name in keyof Booking]: {
        readonly of: 'booking';
        readonly name: Name;
        readonly input: Parameters<Booking[Name]>[0];
      };
    }[keyof Booking]
  | {
      readonly of: 'slots';
      readonly name: 'withdraw';
      readonly input: Parameters<Slots['withdraw']>[0];
    };

/** What became of a command: `ok`, the type of its error, with the SQLSTATE if there is one, or what it threw. */
export interface Finish {
  readonly answers: readonly string[];
  /** Statements that failed inside the SDK. */
  readonly failedStatements: number;
  /** Deadlocks, serialization failures and lock timeouts that came out. */
  readonly contention: readonly string[];
}

let opened: Slotwise | undefined;
let failedStatements = 0;

async function run(sdk: Slotwise, { of, name, input }: Command): Promise<string> {
  try {
    const useCases = sdk[of] as unknown as Readonly<
      Record<string, (input: unknown) => ReturnType<Booking['reserve']>>
    >;
    const answer = await useCases[name]?.(input);
    if (answer === undefined) return `no command ${name}`;
    if (answer.isOk()) return 'ok';
    const { sqlState } = answer.error as { readonly sqlState?: string };
    return sqlState === undefined ? answer.error.type : `${answer.error.type} ${sqlState}`;
  } catch (cause) {
    return `threw ${String(cause)}`;
  }
}

const handlers = {
  async open(options: SlotwiseOptions): Promise<void> {
    const instrumentation: SlotwiseOptions['instrumentation'] = {
      statement: ({ failed }) => {
        if (failed) failedStatements += 1;
      },
    };
    opened = (await createSlotwise({ ...options, instrumentation }))._unsafeUnwrap();
  },

  /** Starts all commands at once, when the clock on the wall says so. */
  async race({
    commands,
    startAt,
  }: {
    readonly commands: readonly Command[];
    readonly startAt: number;
  }): Promise<Finish> {
    const sdk = opened;
    if (sdk === undefined) throw new Error('not opened');
    failedStatements = 0;
    await new Promise((resolve) => {
      setTimeout(resolve, Math.max(0, startAt - Date.now()));
    });
    const answers = await Promise.all(commands.map((command) => run(sdk, command)));
    const contention = answers.filter((answer) => /40001|40P01|55P03/.test(answer));
    return { answers, failedStatements, contention };
  },
};

export type Racer = typeof handlers;

answerCalls(handlers);
