import type { Slotwise, SlotwiseOptions } from '../../src/index.ts';
import type { Anchor } from '../../src/application/caching/anchors.ts';
import { Heartbeat } from '../../src/infrastructure/cache/heartbeat.ts';
import { MemoryStore } from '../../src/infrastructure/cache/memory-store.ts';
import { TieredStore } from '../../src/infrastructure/cache/tiered-store.ts';
import type { VersionedStore } from '../../src/infrastructure/cache/versioned-store.ts';
import { openSlotwise, type Seams } from '../../src/infrastructure/create-slotwise.ts';
import { ForwardingStore } from '../support/forwarding-store.ts';
import { StampAfterLoad } from '../support/stamp-after-load.ts';

/** To be called with what a transaction has changed, before it is committed. */
type BeforeCommit = (anchors: readonly Anchor[]) => Promise<unknown>;

interface Mistake {
  readonly seams: Seams;
  readonly beforeCommit?: BeforeCommit;
}

/** Deliberate mistakes in the engine, each of which must be noticed. */
const mistakes = {
  'stamp-after-load': (): Mistake => ({ seams: { wrapStore: (store) => new StampAfterLoad(store) } }),

  'bump-forgotten': (): Mistake => ({ seams: { wrapStore: (store) => bumping(store, nothing) } }),

  'bump-before-commit': (): Mistake => {
    let wrapped: VersionedStore | undefined;
    const wrapStore = (store: VersionedStore): VersionedStore => {
      wrapped = store;
      return bumping(store, nothing);
    };
    return { seams: { wrapStore }, beforeCommit: async (anchors) => wrapped?.bump(anchors) };
  },

  'announcements-ignored': (): Mistake => ({ seams: { wrapStore: deaf } }),

  'heartbeat-ignored': (): Mistake => {
    Object.defineProperty(Heartbeat.prototype, 'trustedUntil', { get: () => Number.POSITIVE_INFINITY });
    return { seams: {} };
  },
} as const;

export type Flaw = keyof typeof mistakes;
export const flaws = Object.keys(mistakes) as readonly Flaw[];

export interface OpenedWithFlaw {
  readonly sdk: Slotwise;
  readonly beforeCommit: BeforeCommit | undefined;
}

/** In a process of its own: some mistakes change the engine itself. */
export async function openWithFlaw(
  options: SlotwiseOptions,
  flaw: Flaw | undefined,
): Promise<OpenedWithFlaw> {
  const { seams, beforeCommit }: Mistake = flaw === undefined ? { seams: {} } : mistakes[flaw]();
  return { sdk: (await openSlotwise(options, seams))._unsafeUnwrap(), beforeCommit };
}

/** Says that it has bumped. */
const nothing = (): Promise<boolean> => Promise.resolve(true);

const bumping = (store: VersionedStore, bump: VersionedStore['bump']): VersionedStore =>
  new (class extends ForwardingStore {
    override bump(anchors: readonly Anchor[], marked?: boolean): Promise<boolean> {
      return bump(anchors, marked);
    }
  })(store);

/** Memory that hears of what its own process has changed, and of nothing else. */
function deaf(store: VersionedStore): VersionedStore {
  if (store instanceof MemoryStore) {
    const raise = store.raise.bind(store);
    store.raise = () => undefined;
    return bumping(store, (anchors) => {
      raise(anchors);
      return nothing();
    });
  }
  if (!(store instanceof TieredStore)) throw new Error('there is no memory');
  const announce = store.announce.bind(store);
  store.announce = () => undefined;
  return bumping(store, async (anchors, marked) => {
    const bumped = await store.bump(anchors, marked);
    // Later than any version there is, so that what is kept under these anchors is dropped.
    for (const anchor of anchors) announce(anchor, Number.MAX_SAFE_INTEGER);
    return bumped;
  });
}
