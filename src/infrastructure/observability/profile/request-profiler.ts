import { AsyncLocalStorage } from 'node:async_hooks';
import type { InstrumentationEvents } from '../../../application/ports/instrumentation.ts';
import { channelOf } from '../channels.ts';
import { measured } from '../metrics/measured.ts';
import { Timer } from '../metrics/timer.ts';
import { ProfileRecorder } from './profile-recorder.ts';
import type { RequestProfile } from './request-profile.ts';

const hooks = [
  'cacheRead',
  'statement',
  'useCase',
] as const satisfies readonly (keyof InstrumentationEvents)[];

/**
 * Tells the events of one request from those of others by Node's `AsyncLocalStorage`. It listens to the channels only while
 * a request is profiled, so that nothing is made for it otherwise.
 */
export class RequestProfiler {
  readonly #current = new AsyncLocalStorage<ProfileRecorder>();
  readonly #listeners = hooks.map((hook) => ({
    channel: channelOf(hook),
    hear: (event: unknown): void => this.#current.getStore()?.[hook](event as never),
  }));
  #running = 0;

  run<T>(name: string, work: () => T, onProfile: (profile: RequestProfile) => void): T {
    const recorder = new ProfileRecorder();
    this.#begin();
    const timer = new Timer((durationMs, failed) => {
      this.#end();
      onProfile(recorder.profile(name, durationMs, failed));
    });
    return measured(timer, () => this.#current.run(recorder, work));
  }

  #begin(): void {
    this.#running += 1;
    if (this.#running > 1) return;
    for (const { channel, hear } of this.#listeners) channel.subscribe(hear);
  }

  #end(): void {
    this.#running -= 1;
    if (this.#running > 0) return;
    for (const { channel, hear } of this.#listeners) channel.unsubscribe(hear);
  }
}
