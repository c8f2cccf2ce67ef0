import { writeHeapSnapshot } from '../../../src/index.ts';
import { answerCalls } from '../child-process-calls.ts';

/** A process that keeps what it should let go. */

class LeakedSession {
  readonly user: string;

  constructor(user: string) {
    this.user = user;
  }
}

class ReleasedSession {
  readonly user: string;

  constructor(user: string) {
    this.user = user;
  }
}

const leaked: LeakedSession[] = [];

const handlers = {
  snapshot: (directory: string): Promise<string> =>
    Promise.resolve(writeHeapSnapshot({ directory })._unsafeUnwrap().path),

  /** Answers how many were made and let go. */
  leak: (count: number): Promise<number> => {
    const released = Array.from({ length: count }, (_, index) => new ReleasedSession(`user ${index}`));
    for (let index = 0; index < count; index += 1) leaked.push(new LeakedSession(`user ${index}`));
    return Promise.resolve(released.length);
  },
};

export type LeakingWorker = typeof handlers;

answerCalls(handlers);
