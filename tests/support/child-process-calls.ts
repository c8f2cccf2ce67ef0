import { inspect } from 'node:util';

/** The functions a worker offers. */
export type Handlers = Readonly<Record<string, (input: never) => Promise<unknown>>>;

export interface Call {
  readonly id: number;
  readonly name: string;
  readonly input: unknown;
}

export interface Answer {
  readonly id: number;
  readonly outcome:
    | { readonly kind: 'value'; readonly value: unknown }
    | { readonly kind: 'error'; readonly error: string };
}

/** The worker's side of `ChildWorker`: answers calls until the parent goes away. */
export function answerCalls(handlers: Handlers): void {
  process.on('message', ({ id, name, input }: Call) => {
    const answer = (outcome: Answer['outcome']): void => {
      process.send?.({ id, outcome } satisfies Answer);
    };
    const handler = handlers[name];
    if (handler === undefined) return answer({ kind: 'error', error: `no function ${name}` });
    return void handler(input as never).then(
      (value) => answer({ kind: 'value', value }),
      (cause: unknown) => answer({ kind: 'error', error: inspect(cause) }),
    );
  });
}
