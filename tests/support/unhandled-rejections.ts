/** Counts what nobody handled in this process while it is watched. */
export class UnhandledRejections implements Disposable {
  readonly seen: unknown[] = [];
  readonly #listener = (cause: unknown): void => {
    this.seen.push(cause);
  };

  constructor() {
    process.on('unhandledRejection', this.#listener);
  }

  [Symbol.dispose](): void {
    process.off('unhandledRejection', this.#listener);
  }
}
