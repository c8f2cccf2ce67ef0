import type { Slotwise, SlotwiseOptions } from '../../src/index.ts';
import type { Anchor } from '../../src/application/caching/anchors.ts';
import type { VersionedStore } from '../../src/infrastructure/cache/versioned-store.ts';
import { openSlotwise, type Seams } from '../../src/infrastructure/create-slotwise.ts';
import { StampAfterLoad } from '../integration/coherence/stamp-after-load.ts';
import { ForwardingStore } from '../support/forwarding-store.ts';

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
} as const;

export type Flaw = keyof typeof mistakes;
export const flaws = Object.keys(mistakes) as readonly Flaw[];

export interface OpenedWithFlaw {
  readonly sdk: Slotwise;
  readonly beforeCommit: BeforeCommit | undefined;
}

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
    override bump(anchors: readonly Anchor[]): Promise<boolean> {
      return bump(anchors);
    }
  })(store);
