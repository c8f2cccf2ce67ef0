import { ResultAsync, type Result } from 'neverthrow';
import type { Timer } from './timer.ts';

/** Times a function, for as long as its answer takes. */
export function measured<T>(timer: Timer, fn: () => T): T {
  let answer: T;
  try {
    answer = fn();
  } catch (cause) {
    timer.fail();
    timer.stop();
    throw cause;
  }
  if (answer instanceof ResultAsync)
    // Of the same kind, so that what is chained on it goes on working.
    return new ResultAsync(
      settle(timer, Promise.resolve(answer as PromiseLike<Result<unknown, unknown>>)),
    ) as T;
  if (isPromise(answer)) return settle(timer, answer) as T;
  end(timer, answer);
  return answer;
}

async function settle<T>(timer: Timer, promise: PromiseLike<T>): Promise<T> {
  try {
    const answer = await promise;
    end(timer, answer);
    return answer;
  } catch (cause) {
    timer.fail();
    timer.stop();
    throw cause;
  }
}

function end(timer: Timer, answer: unknown): void {
  if (isErr(answer)) timer.fail();
  timer.stop();
}

const isPromise = (value: unknown): value is Promise<unknown> => value instanceof Promise;

/** By its shape: hosts may have another copy of neverthrow. */
function isErr(answer: unknown): boolean {
  const { isErr: asked } = (answer ?? {}) as { readonly isErr?: unknown };
  return typeof asked === 'function' && (answer as { isErr(): boolean }).isErr();
}
