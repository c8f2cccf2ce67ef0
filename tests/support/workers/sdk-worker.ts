import { createSlotwise, type Slotwise, type SlotwiseOptions } from '../../../src/index.ts';
import { answerCalls } from '../child-process-calls.ts';
import { rename } from '../traffic.ts';

/** An SDK in a process of its own, for tests that end or abandon the process. */

let opened: Slotwise | undefined;

const sdk = (): Slotwise => {
  if (opened === undefined) throw new Error('not opened');
  return opened;
};

const handlers = {
  async open(options: SlotwiseOptions): Promise<void> {
    opened = (await createSlotwise(options))._unsafeUnwrap();
  },

  async migrate(): Promise<readonly string[]> {
    return (await sdk().migrate())._unsafeUnwrap().applied;
  },

  async read(id: number): Promise<{ readonly name: string; readonly version: number }> {
    const { name, version } = (await sdk().read.recruiters.get(id))._unsafeUnwrap();
    return { name, version };
  },

  async rename({
    id,
    name,
  }: {
    readonly id: number;
    readonly name: string;
  }): Promise<'applied' | 'deferred'> {
    const { id: known } = (await sdk().read.recruiters.get(id))._unsafeUnwrap();
    return (await rename(sdk(), known, name)).invalidation;
  },

  /** Answers how long it took, in milliseconds. */
  async close(): Promise<number> {
    const startedAt = performance.now();
    (await sdk().close())._unsafeUnwrap();
    return performance.now() - startedAt;
  },

  /** From here on nothing but the SDK could keep this process alive. */
  leave: (): Promise<void> => {
    setImmediate(() => process.disconnect());
    return Promise.resolve();
  },
};

export type SdkWorker = typeof handlers;

answerCalls(handlers);
