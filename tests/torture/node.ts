import { AsyncLocalStorage } from 'node:async_hooks';
import type { ReadSource, Slot, SlotwiseOptions } from '../../src/index.ts';
import { answerCalls } from '../support/child-process-calls.ts';
import { UnhandledRejections } from '../support/unhandled-rejections.ts';
import type { Flaw, OpenedWithFlaw } from './flaws.ts';
import { openWithFlaw } from './flaws.ts';
import { renameRecruiter } from './edits.ts';
import { monotonicNow, type History } from './history.ts';
import { NodePlay, type Part, type Supplies } from './node-play.ts';
import type { SourcesOfRead } from './recorder.ts';

/** One of the processes of a run: an SDK of its own, on the database and the Redis of all. */

interface Opening {
  readonly options: Omit<SlotwiseOptions, 'instrumentation'>;
  readonly flaw: Flaw | undefined;
}

/** Whether the cache of the process may answer, and how often it has since it was opened. */
export interface Standing {
  readonly up: boolean;
  readonly hits: number;
  readonly staleServed: number;
}

interface OpenNode {
  readonly opened: OpenedWithFlaw;
  readonly supplies: Supplies;
  readonly published: Slot[];
  play?: NodePlay;
}

const unhandled = new UnhandledRejections();
const sources: SourcesOfRead = new AsyncLocalStorage<Set<ReadSource>>();
let node: OpenNode | undefined;

const open = (): OpenNode => {
  if (node === undefined) throw new Error('not opened');
  return node;
};

const handlers = {
  now: (): Promise<number> => Promise.resolve(monotonicNow()),

  async open({ options, flaw }: Opening): Promise<void> {
    const instrumentation = {
      cacheRead: ({ source }: { readonly source: ReadSource }) => void sources.getStore()?.add(source),
    };
    const opened = await openWithFlaw({ ...options, instrumentation }, flaw);
    node = { opened, supplies: { openedAt: Date.now(), names: 0, slots: 0 }, published: [] };
  },

  play(part: Part): Promise<void> {
    const { opened, supplies, published } = open();
    open().play = new NodePlay(opened, sources, part, supplies, published);
    return Promise.resolve();
  },

  async stopWriting(): Promise<void> {
    await open().play?.stopWriting();
  },

  async finish(): Promise<History> {
    const { play } = open();
    if (play === undefined) throw new Error('not playing');
    return play.finish(unhandled);
  },

  standing(): Promise<Standing> {
    const { state, memory, l1Hits, l2Hits, staleServed } = open().opened.sdk.cache.stats();
    const up = state === 'up' && memory !== 'untrusted';
    // Who has memory is answered by it before long.
    return Promise.resolve({ up, hits: memory === 'up' ? l1Hits : l2Hits, staleServed });
  },

  /** Commits one change of one recruiter. */
  async rename({ id, name }: { readonly id: number; readonly name: string }): Promise<void> {
    (await open().opened.sdk.transaction((uow) => renameRecruiter(id, name)(uow)))._unsafeUnwrap();
  },

  async close(): Promise<void> {
    (await open().opened.sdk.close())._unsafeUnwrap();
  },
};

export type TortureNode = typeof handlers;

// The one who started it decides when it ends, also when the terminal interrupts them all.
process.on('SIGINT', () => undefined);
process.on('disconnect', () => process.exit());
answerCalls(handlers);
