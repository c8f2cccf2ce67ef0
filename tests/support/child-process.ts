import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Answer, Call, Handlers } from './child-process-calls.ts';

export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

interface Waiting {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

type Output<Handler> = Handler extends (input: never) => Promise<infer Value> ? Value : never;
type Input<Handler> = Handler extends (input: infer Value) => unknown ? Value : never;

/** A TypeScript program in a process of its own, under the same Node, whose functions can be called from here. */
export class ChildWorker<Offered extends Handlers> implements AsyncDisposable {
  readonly #process: ChildProcess;
  readonly #waiting = new Map<number, Waiting>();
  /** What it wrote to stdout and stderr. */
  output = '';
  readonly exited: Promise<Exit>;
  #calls = 0;

  /** @param program URL of a file that calls `answerCalls`. */
  constructor(program: URL) {
    this.#process = fork(fileURLToPath(program), {
      // Not the flags and loaders of the test runner.
      execArgv: [],
      env: { ...process.env, NODE_OPTIONS: '' },
      serialization: 'advanced',
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    for (const stream of [this.#process.stdout, this.#process.stderr])
      stream?.on('data', (text: Buffer) => {
        this.output += text.toString();
      });
    this.exited = new Promise((resolve) => {
      this.#process.once('exit', (code, signal) => {
        for (const { reject } of this.#waiting.values())
          reject(new Error(`the process ended (${code ?? signal})\n${this.output}`));
        resolve({ code, signal });
      });
    });
    this.#process.on('message', (answer: Answer) => this.#settle(answer));
  }

  call<Name extends keyof Offered & string>(
    name: Name,
    input: Input<Offered[Name]>,
  ): Promise<Output<Offered[Name]>> {
    const id = (this.#calls += 1);
    const answered = new Promise<unknown>((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
    });
    this.#process.send({ id, name, input } satisfies Call);
    return answered as Promise<Output<Offered[Name]>>;
  }

  /** Suspends it, as a host that is paused or swapped out would be. */
  pause(): void {
    this.#process.kill('SIGSTOP');
  }

  resume(): void {
    this.#process.kill('SIGCONT');
  }

  /** Ends it at once, as a crash would. */
  async kill(): Promise<Exit> {
    this.#process.kill('SIGKILL');
    return this.exited;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#process.exitCode === null && this.#process.signalCode === null) await this.kill();
  }

  #settle({ id, outcome }: Answer): void {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (outcome.kind === 'value') waiting?.resolve(outcome.value);
    else waiting?.reject(new Error(outcome.error));
  }
}
