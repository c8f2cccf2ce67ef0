import { isReady, type Action } from './action.ts';

/** Messages that arrive in the order in which they were sent, as those of one connection do. */
export class Lane {
  #waiting: Action[] = [];
  /** Nothing arrives; what is sent waits. */
  held = false;

  push(action: Action): void {
    this.#waiting.push(action);
  }

  /** What arrives next. */
  get next(): Action | undefined {
    const [first] = this.#waiting;
    return this.held || first === undefined || !isReady(first) ? undefined : this.#taking(first);
  }

  clear(): void {
    this.#waiting = [];
  }

  #taking(first: Action): Action {
    return {
      ...first,
      run: () => {
        this.#waiting.shift();
        return first.run();
      },
    };
  }
}
