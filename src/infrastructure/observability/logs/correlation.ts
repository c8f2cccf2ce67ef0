import { AsyncLocalStorage } from 'node:async_hooks';

/** Names what the host is doing, for everything that happens inside of it. */
export class Correlation {
  readonly #ids = new AsyncLocalStorage<string>();

  get id(): string | undefined {
    return this.#ids.getStore();
  }

  run<T>(id: string, work: () => T): T {
    return this.#ids.run(id, work);
  }
}
