import { syncBuiltinESMExports } from 'node:module';
import timersPromises from 'node:timers/promises';

interface Timer {
  readonly due: number;
  readonly everyMs: number | undefined;
  readonly call: () => void;
}

const START_MS = 1000;
const nativeImmediate = globalThis.setImmediate;

/** The clock and the timers of the whole program, moved by hand. */
class VirtualTime {
  #now = START_MS;
  #timers = new Map<number, Timer>();
  #immediates = new Map<number, () => void>();
  #ids = 0;

  get now(): number {
    return this.#now;
  }

  /** Takes the place of the program's clock and timers; `Math.random` always answers its mean. */
  install(): void {
    const { promise, define } = { promise: timersPromises, define: Object.defineProperty };
    define(performance, 'now', { value: () => this.#now });
    define(Math, 'random', { value: () => 0.5 });
    const timer =
      (everyMs: (ms: number) => number | undefined) =>
      (call: () => void, ms = 0, ...args: []) =>
        this.#handle(this.#add(ms, everyMs(ms), () => call(...args)));
    const clear = (handle: { readonly id?: number } | undefined): void => {
      if (handle?.id === undefined) return;
      this.#timers.delete(handle.id);
      this.#immediates.delete(handle.id);
    };
    define(globalThis, 'setTimeout', { value: timer(() => undefined) });
    define(globalThis, 'setInterval', { value: timer((ms) => ms) });
    define(globalThis, 'setImmediate', {
      value: (call: () => void) => {
        this.#immediates.set((this.#ids += 1), call);
        return this.#handle(this.#ids);
      },
    });
    for (const name of ['clearTimeout', 'clearInterval', 'clearImmediate'] as const)
      define(globalThis, name, { value: clear });
    define(promise, 'setTimeout', {
      value: (ms: number, value: unknown) =>
        new Promise((resolve) => {
          this.#add(ms, undefined, () => resolve(value));
        }),
    });
    syncBuiltinESMExports();
  }

  /** Forgets all timers and starts anew. */
  reset(): void {
    this.#now = START_MS;
    this.#timers = new Map();
    this.#immediates = new Map();
  }

  /**
   * Lets time pass and every timer fire when it is due.
   *
   * @param between runs after each of them
   */
  async advance(ms: number, between?: () => Promise<void>): Promise<void> {
    const end = this.#now + ms;
    await between?.();
    for (;;) {
      const next = this.#next(end);
      if (next === undefined) break;
      this.#now = Math.max(this.#now, this.#timers.get(next)?.due ?? 0);
      await this.#fire(next);
      await between?.();
    }
    this.#now = end;
  }

  /** Lets time pass as it does for a process that is suspended: timers are late, and fire with `wake`. */
  suspend(ms: number): void {
    this.#now += ms;
  }

  async wake(): Promise<void> {
    await this.advance(0);
  }

  /** Resolves when nothing can go on without a message or the time. */
  async quiet(): Promise<void> {
    do {
      // Microtasks and ticks run to their end before this comes.
      await new Promise<void>((resolve) => {
        nativeImmediate(resolve);
      });
    } while (this.#runImmediates());
  }

  #runImmediates(): boolean {
    const calls = [...this.#immediates.values()];
    this.#immediates.clear();
    for (const call of calls) call();
    return calls.length > 0;
  }

  #next(end: number): number | undefined {
    let next: number | undefined;
    let due = end;
    for (const [id, timer] of this.#timers)
      if (timer.due < due || (timer.due === due && next === undefined)) {
        next = id;
        ({ due } = timer);
      }
    return next;
  }

  async #fire(id: number): Promise<void> {
    const timer = this.#timers.get(id);
    if (timer === undefined) return;
    this.#timers.delete(id);
    // A timer that was late fires once, not once for every time it was missed.
    if (timer.everyMs !== undefined)
      this.#timers.set(id, { ...timer, due: this.#now + Math.max(1, timer.everyMs) });
    timer.call();
    await this.quiet();
  }

  #add(ms: number, everyMs: number | undefined, call: () => void): number {
    this.#timers.set((this.#ids += 1), { due: this.#now + Math.max(0, ms), everyMs, call });
    return this.#ids;
  }

  #handle(id: number) {
    const handle = { id, ref: () => handle, unref: () => handle, hasRef: () => false };
    return handle;
  }
}

export const time = new VirtualTime();
