import { EventEmitter } from 'node:events';
import type { DatabaseUser } from './fake-database.ts';
import { Lane } from './lane.ts';

interface Options {
  readonly user: DatabaseUser;
  readonly number: number;
  readonly register: (lane: Lane) => void;
  readonly onListening: () => void;
  readonly onGone: () => void;
}

/** A connection that listens to PostgreSQL: what it is told and what it asks arrive in one order. */
export class FakeListeningClient extends EventEmitter {
  readonly #options: Options;
  readonly #lane = new Lane();
  #channel = '';
  #messages = 0;
  #gone = false;

  constructor(options: Options) {
    super();
    this.#options = options;
    options.register(this.#lane);
  }

  get user(): string {
    return this.#options.user.name;
  }

  connect(): Promise<void> {
    return Promise.resolve();
  }

  query(text: string): Promise<unknown> {
    if (this.#gone) return Promise.reject(new Error('Connection terminated'));
    const [, channel] = /^listen "(.+)"$/.exec(text) ?? [];
    if (channel !== undefined) {
      this.#channel = channel;
      this.#options.onListening();
    }
    return new Promise((resolve) => {
      this.#deliver(() => resolve(undefined));
    });
  }

  notify(channel: string, payload: string): void {
    if (channel === this.#channel) this.#deliver(() => this.emit('notification', { payload }));
  }

  /** The connection breaks, and what is on its way is lost. */
  break(): void {
    this.#leave();
    this.emit('end');
  }

  end(): Promise<void> {
    this.#leave();
    return Promise.resolve();
  }

  unref(): void {
    // There is nothing to keep alive.
  }

  #leave(): void {
    this.#gone = true;
    this.#lane.clear();
    this.#options.onGone();
  }

  #deliver(run: () => void): void {
    const { user, number } = this.#options;
    this.#lane.push({
      label: `${user.name}'s listener ${number} hears ${(this.#messages += 1)}`,
      touches: user.places,
      run,
    });
  }
}
