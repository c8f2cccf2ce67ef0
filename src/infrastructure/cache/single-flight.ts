import type { Result } from 'neverthrow';

type Outcome<T, E> = Promise<Result<T, E>>;

interface Unstamped {
  running: Promise<unknown>;
  queued: Promise<unknown> | undefined;
}

/**
 * Lets callers share a load where that is safe. A load may be shared by callers that have seen the same versions as it:
 * anybody who starts after a commit was acknowledged has seen newer ones. Without versions, a load may be shared only
 * by callers that came before its statement was sent: one runs, and one waits for all who came meanwhile.
 */
export class SingleFlight {
  readonly #stamped = new Map<string, Promise<unknown>>();
  readonly #unstamped = new Map<string, Unstamped>();

  has(key: string): boolean {
    return this.#stamped.has(key);
  }

  /** @param onShared called when an existing load is joined. */
  stamped<T, E>(key: string, load: () => Outcome<T, E>, onShared: () => void): Outcome<T, E> {
    const running = this.#stamped.get(key);
    if (running !== undefined) {
      onShared();
      return running as Outcome<T, E>;
    }
    const started = load();
    this.#stamped.set(key, started);
    const done = (): void => {
      this.#stamped.delete(key);
    };
    started.then(done, done);
    return started;
  }

  unstamped<T, E>(key: string, load: () => Outcome<T, E>, onShared: () => void): Outcome<T, E> {
    const flight = this.#unstamped.get(key);
    if (flight === undefined) return this.#run(key, load);
    if (flight.queued !== undefined) {
      onShared();
      return flight.queued as Outcome<T, E>;
    }
    const queued = flight.running.then(
      () => this.#run(key, load),
      () => this.#run(key, load),
    );
    flight.queued = queued;
    return queued;
  }

  #run<T, E>(key: string, load: () => Outcome<T, E>): Outcome<T, E> {
    const running = load();
    const flight: Unstamped = { running, queued: undefined };
    this.#unstamped.set(key, flight);
    const done = (): void => {
      // The one that waited replaces this flight by its own when it starts.
      if (flight.queued === undefined) this.#unstamped.delete(key);
    };
    running.then(done, done);
    return running;
  }
}
