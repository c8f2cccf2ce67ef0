import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, it } from 'vitest';
import type { Anchor } from '../../../src/application/caching/anchors.ts';
import { err, ok, type Recruiter, type UnitOfWork } from '../../../src/index.ts';
import { HEARTBEAT_LIMIT_MS } from '../../../src/infrastructure/cache/limits.ts';
import type { VersionedStore } from '../../../src/infrastructure/cache/versioned-store.ts';
import type { SeedBoard } from '../../../src/testing/seeds/seed-board.ts';
import { HoldsFills } from '../../support/holds-fills.ts';
import { lastSource, nameOf, readUntil, recruiterOf, Scene, type SceneNode } from '../../support/scene.ts';
import { describeWithServers } from '../../support/services.ts';
import { rename } from '../../support/traffic.ts';

/** Everything a process tells the cache, and a place to stop between a load and the storing of what it found. */
class Watched extends HoldsFills {
  readonly bumps: (readonly Anchor[])[] = [];

  override bump(anchors: readonly Anchor[], marked?: boolean): Promise<boolean> {
    this.bumps.push(anchors);
    return super.bump(anchors, marked);
  }
}

interface WatchedNode extends SceneNode {
  readonly store: Watched;
}

const seen = { timeout: HEARTBEAT_LIMIT_MS, interval: 5 };
const changed = (recruiter: Recruiter, name: string): Recruiter => recruiter.rename(name)._unsafeUnwrap();

describeWithServers('a transaction in one process, seen from others', () => {
  let stack = new AsyncDisposableStack();

  afterEach(async () => {
    await stack.disposeAsync();
    stack = new AsyncDisposableStack();
  });

  const openScene = async (amounts?: SeedBoard): Promise<Scene> => stack.use(await Scene.open(amounts));

  async function watched(scene: Scene, l1?: false): Promise<WatchedNode> {
    let store: Watched | undefined;
    const wrapStore = (inner: VersionedStore): VersionedStore => (store = new Watched(inner));
    const node = await scene.node({ wrapStore, ...(l1 === false ? { cache: { l1 } } : {}) });
    if (store === undefined) throw new Error('the store was not wrapped');
    return { ...node, store };
  }

  /** One with memory and one without. */
  const readersOf = async (scene: Scene): Promise<readonly SceneNode[]> => [
    await scene.node(),
    await scene.node({ cache: { l1: false } }),
  ];

  it('shows nothing of what it writes before it is committed, and nothing else afterwards', async () => {
    const scene = await openScene();
    const { recruiter } = scene.board;
    const writer = await scene.node();
    const readers = await readersOf(scene);
    for (const reader of readers) await nameOf(reader, recruiter.id);

    await using uow = writer.sdk.unitOfWork();
    (await uow.recruiters.update(changed(recruiter, 'Inside')))._unsafeUnwrap();
    expect((await uow.recruiters.get(recruiter.id))._unsafeUnwrap().name).toBe('Inside');
    for (const node of [writer, ...readers]) expect(await nameOf(node, recruiter.id)).toBe(recruiter.name);
    expect((await uow.commit())._unsafeUnwrap()).toEqual({ invalidation: 'applied' });

    expect(await nameOf(writer, recruiter.id)).toBe('Inside');
    const [withMemory, withoutMemory] = readers;
    if (withMemory === undefined || withoutMemory === undefined) throw new Error('no readers');
    expect(await nameOf(withoutMemory, recruiter.id)).toBe('Inside');
    await expect.poll(() => nameOf(withMemory, recruiter.id), seen).toBe('Inside');
    await sleep(50);
    for (const node of [writer, ...readers]) expect(await nameOf(node, recruiter.id)).toBe('Inside');
  });

  it('cannot be undone by what others read and stored between its writes and its commit', async () => {
    const scene = await openScene();
    const { recruiter } = scene.board;
    const writer = await scene.node();
    await using uow = writer.sdk.unitOfWork();
    (await uow.recruiters.update(changed(recruiter, 'Committed')))._unsafeUnwrap();
    // Nobody has read it before: they miss, load the old row and store it.
    const readers = await readersOf(scene);
    for (const reader of readers) {
      expect(await nameOf(reader, recruiter.id)).toBe(recruiter.name);
      expect((await reader.sdk.read.recruiters.getActive())._unsafeUnwrap()).toHaveLength(1);
    }
    await expect.poll(() => readers[0]?.sdk.cache.stats().fills).toBe(2);
    (await uow.commit())._unsafeUnwrap();
    for (const reader of [...readers, await scene.node()]) {
      await expect.poll(() => nameOf(reader, recruiter.id), seen).toBe('Committed');
      const active = async () =>
        (await reader.sdk.read.recruiters.getActive())._unsafeUnwrap().map(({ name }) => name);
      await expect.poll(active, seen).toEqual(['Committed']);
    }
  });

  /** Of one row, or of rows that nobody knows, by a statement of the host's own. */
  const changes = {
    'a row': async ({ board }: Scene, { sdk }: SceneNode) =>
      (await rename(sdk, board.recruiter.id, 'Committed')).invalidation,
    'a family': async ({ database }: Scene, { sdk }: SceneNode) => {
      await database.rows(`update $schema.recruiter set name = 'Committed', version = version + 1`);
      await using uow = sdk.unitOfWork();
      uow.invalidate('recruiters');
      return (await uow.commit())._unsafeUnwrap().invalidation;
    },
  } as const;

  it.each([
    { what: 'a row', tiers: 'memory and Redis', l1: undefined },
    { what: 'a row', tiers: 'Redis only', l1: false },
    { what: 'a family', tiers: 'memory and Redis', l1: undefined },
    { what: 'a family', tiers: 'Redis only', l1: false },
  ] as const)(
    'cannot be undone by a load from before it that is stored after it ($what, $tiers)',
    async ({ what, l1 }) => {
      const scene = await openScene();
      const { recruiter } = scene.board;
      const [writer, reader] = [await scene.node(), await watched(scene, l1)];
      reader.store.hold();
      // Answered the old value, which was true when it was asked for; what it stores comes late.
      expect(await nameOf(reader, recruiter.id)).toBe(recruiter.name);
      expect(reader.store.stopped).toBe(1);
      expect(await changes[what](scene, writer)).toBe('applied');
      reader.store.release();
      await expect.poll(() => reader.sdk.cache.stats().fills).toBe(1);
      for (const node of [reader, writer, await scene.node()])
        await expect.poll(() => nameOf(node, recruiter.id), seen).toBe('Committed');
      expect((await recruiterOf(reader, recruiter.id)).version).toBe(2);
    },
  );

  it('fills nothing with what it reads once it has written, and reads its own rows where they are', async () => {
    const scene = await openScene({ recruiters: 2 });
    const [own, other] = scene.board.recruiters;
    if (own === undefined || other === undefined) throw new Error('no recruiters');
    const node = await watched(scene);
    await using uow = node.sdk.unitOfWork();
    (await uow.recruiters.update(changed(own, 'Inside')))._unsafeUnwrap();
    node.store.hold();
    expect((await uow.recruiters.get(own.id))._unsafeUnwrap().name).toBe('Inside');
    expect((await uow.recruiters.get(other.id))._unsafeUnwrap().name).toBe(other.name);
    expect((await uow.recruiters.getActive())._unsafeUnwrap().map(({ name }) => name)).toContain('Inside');
    expect(node.store.stopped).toBe(0);
    (await uow.rollback())._unsafeUnwrap();
    expect(await nameOf(node, own.id)).toBe(own.name);
  });

  it('tells the cache once, and of each anchor once, whatever number of rows it changed', async () => {
    const scene = await openScene({ slotsPerRecruiter: 4 });
    const node = await watched(scene);
    const { slots, city, recruiter } = scene.board;
    const withdrawn = await node.sdk.transaction(async (uow) => {
      for (const { id } of slots) {
        const done = await node.sdk.slots.withdraw(
          { slotId: id, actor: { kind: 'admin' }, reason: 'all' },
          { uow },
        );
        if (done.isErr()) return err(done.error);
      }
      return ok();
    });
    expect(withdrawn.isOk()).toBe(true);
    expect(node.store.bumps).toHaveLength(1);
    const [anchors = []] = node.store.bumps;
    expect(anchors.toSorted((a, b) => a.localeCompare(b))).toEqual(
      [
        ...slots.map(({ id }) => `slot:${id}`),
        `slots:free:city:${city.id}`,
        `slots:free:recruiter:${recruiter.id}`,
      ].toSorted((a, b) => a.localeCompare(b)),
    );
  });

  it('tells nothing when it wrote nothing, or when it is rolled back after its savepoints', async () => {
    const scene = await openScene();
    const { recruiter } = scene.board;
    const [node, reader] = [await watched(scene), await scene.node()];
    await readUntil(reader, 'l1', () => recruiterOf(reader, recruiter.id));
    const inner = (uow: UnitOfWork) =>
      uow.savepoint((nested) => nested.recruiters.update(changed(recruiter, 'Inner')));

    (await node.sdk.transaction((uow) => uow.recruiters.get(recruiter.id)))._unsafeUnwrap();
    const undone = await node.sdk.transaction((uow) => inner(uow).andThen(() => err('outer')));
    expect(undone._unsafeUnwrapErr()).toBe('outer');
    const violated = await node.sdk.transaction((uow) =>
      inner(uow).andThen(() => uow.cities.add({ name: scene.board.city.name, timeZone: 'UTC' })),
    );
    expect(violated._unsafeUnwrapErr().type).toBe('CityExists');
    expect(node.store.bumps).toEqual([]);
    expect(await nameOf(reader, recruiter.id)).toBe(recruiter.name);
    expect(lastSource(reader)).toBe('l1');
  });

  it('tells only what is left when a savepoint in it was rolled back', async () => {
    const scene = await openScene({ recruiters: 2 });
    const [kept, undone] = scene.board.recruiters;
    if (kept === undefined || undone === undefined) throw new Error('no recruiters');
    const [node, reader] = [await watched(scene), await scene.node()];
    for (const { id } of [kept, undone]) await readUntil(reader, 'l1', () => recruiterOf(reader, id));
    const committed = await node.sdk.transaction(async (uow) => {
      (await uow.recruiters.update(changed(kept, 'Kept')))._unsafeUnwrap();
      const inner = await uow.savepoint((nested) =>
        nested.recruiters.update(changed(undone, 'Undone')).andThen(() => err('inner')),
      );
      return inner.isErr() ? ok() : err('the savepoint was kept');
    });
    expect(committed.isOk()).toBe(true);
    expect(node.store.bumps.flat()).toContain(`recruiter:${kept.id}`);
    expect(node.store.bumps.flat()).not.toContain(`recruiter:${undone.id}`);
    await expect.poll(() => nameOf(reader, kept.id), seen).toBe('Kept');
    expect(await nameOf(reader, undone.id)).toBe(undone.name);
    expect(lastSource(reader)).toBe('l1');
  });

  it('makes known what others have looked for in vain, before it and while it was open', async () => {
    const scene = await openScene();
    const [writer, ...readers] = [await scene.node(), ...(await readersOf(scene))];
    const telegramId = 7_000_000_002;
    const find = async ({ sdk }: SceneNode) =>
      (await sdk.read.candidates.findByTelegramId(telegramId))._unsafeUnwrap()?.fullName;
    for (const node of [writer, ...readers]) expect(await find(node)).toBeUndefined();

    await using uow = writer.sdk.unitOfWork();
    const { id } = (await uow.candidates.add({ fullName: 'New', telegramId }))._unsafeUnwrap();
    expect((await uow.candidates.findByTelegramId(telegramId))._unsafeUnwrap()?.id).toBe(id);
    for (const node of [writer, ...readers]) {
      expect(await find(node)).toBeUndefined();
      expect((await node.sdk.read.candidates.find(id))._unsafeUnwrap()).toBeUndefined();
      expect((await node.sdk.read.candidates.getMany([id]))._unsafeUnwrap().size).toBe(0);
    }
    (await uow.commit())._unsafeUnwrap();
    for (const node of [writer, ...readers]) {
      await expect.poll(() => find(node), seen).toBe('New');
      expect((await node.sdk.read.candidates.get(id))._unsafeUnwrap().fullName).toBe('New');
      expect((await node.sdk.read.candidates.getMany([id]))._unsafeUnwrap().size).toBe(1);
    }
  });
});
