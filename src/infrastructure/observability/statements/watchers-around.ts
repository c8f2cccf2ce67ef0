import { AsyncLocalStorage } from 'node:async_hooks';
import type { HearStatement } from './sent-statement.ts';

/** Somebody who wants to hear of the statements of some work. */
export interface Watcher {
  /** For one statement of the code that asks: call it before anything is waited for, while the stack names the caller. */
  listener(operation: string): HearStatement | undefined;
}

const current = new AsyncLocalStorage<readonly Watcher[]>();

const nobody: readonly Watcher[] = [];

/** Who watches the code that asks. Work inside work is watched by both. */
export const watchersAround = (): readonly Watcher[] => current.getStore() ?? nobody;

export const watchedBy = <T>(watcher: Watcher, work: () => T): T =>
  current.run([...watchersAround(), watcher], work);
