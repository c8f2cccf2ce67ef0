import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { ok, type Result } from 'neverthrow';

/** A load that is under way from when it is called until the test lets it end. */
export interface HeldLoad<T> {
  readonly load: () => Promise<Result<T, never>>;
  /** Waits until it is called; fails the test when nobody does. */
  readonly started: () => Promise<void>;
  readonly finish: () => void;
  readonly calls: () => number;
}

const PATIENCE_MS = 500;

export function heldLoad<T>(answer: T): HeldLoad<T> {
  const start = Promise.withResolvers<void>();
  const end = Promise.withResolvers<void>();
  let calls = 0;
  return {
    load: async () => {
      calls += 1;
      start.resolve();
      await end.promise;
      return ok(answer);
    },
    started: () =>
      Promise.race([
        start.promise,
        sleep(PATIENCE_MS, undefined, { ref: false }).then(() => assert.fail('it was not loaded')),
      ]),
    finish: () => end.resolve(),
    calls: () => calls,
  };
}
