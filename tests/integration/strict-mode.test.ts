import { ok } from 'neverthrow';
import { afterEach, expect, it } from 'vitest';
import type { Anchor } from '../../src/application/caching/anchors.ts';
import {
  createSlotwise,
  err,
  type ReadSource,
  type Slotwise,
  type SlotwiseOptions,
} from '../../src/index.ts';
import { openSlotwise } from '../../src/infrastructure/create-slotwise.ts';
import type { VersionedStore } from '../../src/infrastructure/cache/versioned-store.ts';
import { seedBoard } from '../../src/testing/seeds/seed-board.ts';
import { ForwardingStore } from '../support/forwarding-store.ts';
import { ScratchDatabase } from '../support/scratch-database.ts';
import { ScratchPrefix } from '../support/scratch-prefix.ts';
import { describeWithServers } from '../support/services.ts';

/** Stops between the mark and the COMMIT, when it is told to. */
class HoldsCommits extends ForwardingStore {
  onMarked: (marked: boolean) => Promise<void> = () => Promise.resolve();

  override async mark(anchors: readonly Anchor[]): Promise<boolean> {
    const marked = await super.mark(anchors);
    await this.onMarked(marked);
    return marked;
  }
}

describeWithServers('strict mode', () => {
  let stack = new AsyncDisposableStack();

  afterEach(async () => {
    await stack.disposeAsync();
    stack = new AsyncDisposableStack();
  });

  async function twoNodes(strict: boolean) {
    const database = stack.use(new ScratchDatabase());
    const prefix = stack.use(new ScratchPrefix());
    const options: SlotwiseOptions = {
      database: database.options,
      cache: { ...prefix.options, l1: false, strict },
    };
    const stores: HoldsCommits[] = [];
    const wrapStore = (store: VersionedStore): VersionedStore => {
      stores.push(new HoldsCommits(store));
      return stores[0] ?? store;
    };
    const writer = stack.use((await openSlotwise(options, { wrapStore }))._unsafeUnwrap());
    const sources: ReadSource[] = [];
    const instrumentation = { cacheRead: ({ source }: { source: ReadSource }) => sources.push(source) };
    const reader = stack.use((await createSlotwise({ ...options, instrumentation }))._unsafeUnwrap());
    (await writer.migrate())._unsafeUnwrap();
    const { recruiter } = (await seedBoard(writer))._unsafeUnwrap();
    const [store] = stores;
    if (store === undefined) throw new Error('the store was not wrapped');
    const name = async (): Promise<string> =>
      (await reader.read.recruiters.get(recruiter.id))._unsafeUnwrap().name;
    return { writer, recruiter, store, sources, name };
  }

  const rename = (sdk: Slotwise, id: number, name: string) =>
    sdk.transaction((uow) =>
      uow.recruiters
        .get(id)
        .andThen((found) => found.rename(name))
        .andThen((renamed) => uow.recruiters.update(renamed)),
    );

  it('keeps readers away from the cache from before the commit until the cache is told', async () => {
    const { writer, recruiter, store, sources, name } = await twoNodes(true);
    await name();
    await expect.poll(async () => [await name(), sources.at(-1)]).toEqual([recruiter.name, 'l2']);

    const marked = Promise.withResolvers<boolean>();
    const hold = Promise.withResolvers<void>();
    store.onMarked = (did) => {
      marked.resolve(did);
      return hold.promise;
    };
    const committed = rename(writer, recruiter.id, 'After');
    expect(await marked.promise).toBe(true);
    // The old name is still the true one, and it is read where the truth is; nobody stores it.
    expect([await name(), sources.at(-1)]).toEqual([recruiter.name, 'database']);
    expect([await name(), sources.at(-1)]).toEqual([recruiter.name, 'database']);
    hold.resolve();
    (await committed)._unsafeUnwrap();
    expect([await name(), sources.at(-1)]).toEqual(['After', 'database']);
    await expect.poll(async () => [await name(), sources.at(-1)]).toEqual(['After', 'l2']);
  });

  it('lets readers back when the commit fails', async () => {
    const { writer, recruiter, store, sources, name } = await twoNodes(true);
    store.onMarked = () => Promise.reject(new Error('the connection is gone'));
    expect((await rename(writer, recruiter.id, 'Never')).isErr()).toBe(true);
    store.onMarked = () => Promise.resolve();
    (await rename(writer, recruiter.id, 'Later'))._unsafeUnwrap();
    await expect.poll(async () => [await name(), sources.at(-1)], { timeout: 8000 }).toEqual(['Later', 'l2']);
  }, 20_000);

  it('marks nothing for a rollback, nor when it is off', async () => {
    for (const strict of [true, false]) {
      const { writer, recruiter, store } = await twoNodes(strict);
      let marks = 0;
      store.onMarked = () => {
        marks += 1;
        return Promise.resolve();
      };
      const undone = await writer.transaction((uow) =>
        uow.recruiters
          .get(recruiter.id)
          .andThen((found) => found.rename('Undone'))
          .andThen((renamed) => uow.recruiters.update(renamed))
          .andThen(() => err('changed my mind')),
      );
      expect(undone.isErr()).toBe(true);
      expect(marks).toBe(0);
      if (!strict) (await rename(writer, recruiter.id, 'Done').andThen(() => ok()))._unsafeUnwrap();
      expect(marks).toBe(0);
    }
  });
});
