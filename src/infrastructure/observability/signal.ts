import type { Channel } from 'node:diagnostics_channel';

type Hook<Event> = (event: Event) => void;

/** One kind of event and everybody who wants to hear of it. */
export class Signal<Event extends object> {
  readonly #hooks: readonly Hook<Event>[];
  readonly #channel: Channel;

  constructor(hooks: readonly Hook<Event>[], channel: Channel) {
    this.#hooks = hooks;
    this.#channel = channel;
  }

  /** Whether an event is worth being made: nobody may be listening, and then it must cost nothing. */
  get wanted(): boolean {
    return this.#hooks.length > 0 || this.#channel.hasSubscribers;
  }

  send(event: Event): void {
    for (const hook of this.#hooks) {
      try {
        hook(event);
      } catch {
        // Who watches must not decide what comes of what is watched.
      }
    }
    if (this.#channel.hasSubscribers) this.#channel.publish(event);
  }
}
