import { ResultAsync, type Result } from 'neverthrow';

/** What has been answered once under a key, until it is cleared. Errors are forgotten, so that they can be tried again. */
export class Memo {
  #answers = new Map<unknown, Promise<Result<unknown, unknown>>>();

  /** Callers that come while it is loading share the load; its type is the key's business. */
  once<T, E>(key: unknown, load: () => PromiseLike<Result<T, E>>): ResultAsync<T, E> {
    const answers = this.#answers;
    const known = answers.get(key) as Promise<Result<T, E>> | undefined;
    if (known !== undefined) return new ResultAsync(known);
    const loading = Promise.resolve(load());
    answers.set(key, loading);
    const forget = (): void => {
      answers.delete(key);
    };
    loading.then((loaded) => {
      if (loaded.isErr()) forget();
    }, forget);
    return new ResultAsync(loading);
  }

  /** A load that is under way still answers those who wait for it, and nobody else. */
  clear(): void {
    this.#answers = new Map();
  }
}
