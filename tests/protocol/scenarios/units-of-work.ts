import { err, ok, Result } from 'neverthrow';
import type { Scenario } from '../explore.ts';
import type { Connected } from '../fake-database.ts';
import type { SimNode } from '../sim-node.ts';
import type { World } from '../world.ts';

/** A city in the cache, a process that reads and one that writes. */
async function warm(world: World, readerWrites = false) {
  world.watch('city:1', 'city:2');
  const reader = await world.node('r', { memory: false, writes: readerWrites });
  const writer = await world.node('w', { writes: true, memory: false });
  for (const key of ['city:1', 'city:2'] as const) void reader.read(key);
  await world.settle();
  return { reader, writer };
}

export const unitsOfWork: readonly Scenario[] = [
  {
    name: 'a unit of work reads what it has changed',
    async play(world) {
      const { reader, writer } = await warm(world);
      world.actor('reader', reader, () => reader.read('city:1'));
      world.actor('writer', writer, () =>
        writer.transaction(async (uow) => {
          const changed = (await uow.cities.update(writer.stored(1)))._unsafeUnwrap();
          const read = await uow.cities.get(1);
          if (read.isOk() && read.value.version !== changed.version)
            world.ledger.violated('a unit of work does not see its own change');
          return read;
        }),
      );
    },
  },
  {
    name: 'a unit of work reads beside its change and rolls back',
    async play(world) {
      world.watch('city:1');
      const reader = await world.node('r', { memory: false });
      const writer = await world.node('w', { writes: true, memory: false });
      world.actor('reader', reader, () => reader.read('city:1'));
      world.actor('writer', writer, () =>
        writer.transaction(async (uow) => {
          // Opens the transaction.
          const locked = await uow.cities.getForShare(2);
          const answers = await Promise.all([uow.cities.update(writer.stored(1)), uow.cities.find(1)]);
          return Result.combine([locked, ...answers]).andThen(() => err({ type: 'RolledBack' }));
        }),
      );
    },
  },
  {
    name: 'a unit of work reads from a replica that has fallen behind',
    async play(world) {
      world.watch('city:1');
      const reader = await world.node('r', { memory: false, writes: true });
      const writer = await world.node('w', { memory: false, writes: true });
      world.actor('writer', writer, () => writer.rename(1));
      world.actor(
        'host',
        reader,
        () => reader.transaction((uow) => uow.cities.get(1), { readOnly: true, readFrom: 'replica' }),
        () => reader.read('city:1'),
      );
    },
  },
  {
    name: 'work is repeated after a version conflict',
    async play(world) {
      const { reader, writer } = await warm(world, true);
      let changes = 0;
      const count = (outcome: string): void => {
        if (outcome === 'applied') changes += 1;
      };
      world.atEnd(() => {
        if (world.database.row('city', 1)['version'] !== 1 + changes)
          world.ledger.violated('a change was lost');
      });
      world.actor('writer', writer, async () => count(await writer.rename(1)));
      world.actor('host', reader, async () => {
        const outcome = await reader.transaction((uow) =>
          uow.cities.get(1).andThen((city) => uow.cities.update(city)),
        );
        if (outcome === 'StaleVersion') world.ledger.knows('r', ['city:1']);
        count(outcome);
        await reader.read('city:1');
      });
    },
  },
  {
    name: 'a snapshot is read while two rows change together',
    async play(world) {
      const { reader, writer } = await warm(world, true);
      world.actor('writer', writer, () =>
        writer.transaction((uow) =>
          uow.cities.update(writer.stored(1)).andThen(() => uow.cities.update(writer.stored(2))),
        ),
      );
      world.actor('host', reader, () =>
        reader.transaction(
          async (uow) => {
            const [one, two] = [await uow.cities.get(1), await uow.cities.get(2)];
            if (one.isOk() && two.isOk() && one.value.version !== two.value.version)
              world.ledger.violated('a snapshot shows one half of a commit');
            return ok(undefined);
          },
          { isolation: 'repeatable read' },
        ),
      );
    },
  },
  {
    name: 'a savepoint is rolled back and the rest is committed',
    async play(world) {
      const { reader, writer } = await warm(world);
      const before = world.redis.text('v:{city:2}');
      world.actor(
        'reader',
        reader,
        () => reader.read('city:1'),
        () => reader.read('city:2'),
      );
      world.actor('writer', writer, async () => {
        await writer.transaction(async (uow) => {
          const changed = await uow.cities.update(writer.stored(1));
          // dropped: its `Err` is what rolls it back
          await uow.savepoint((inside) =>
            inside.cities.update(writer.stored(2)).andThen(() => err({ type: 'Undone' as const })),
          );
          return changed;
        });
        if (world.redis.text('v:{city:2}') !== before)
          world.ledger.violated('what was rolled back was announced as changed');
      });
    },
  },
  {
    name: 'a savepoint is released',
    async play(world) {
      const { reader, writer } = await warm(world);
      world.actor(
        'reader',
        reader,
        () => reader.read('city:1'),
        () => reader.read('city:2'),
      );
      world.actor('writer', writer, () =>
        writer.transaction((uow) =>
          uow
            .savepoint((inside) => inside.cities.update(writer.stored(1)))
            .andThen(() => uow.cities.update(writer.stored(2))),
        ),
      );
    },
  },
  {
    name: 'readers see a change before it is acknowledged, in strict mode',
    async play(world) {
      world.watch('city:1');
      world.database.strict = true;
      const reader = await world.node('r', { strict: true });
      const writer = await world.node('w', { writes: true, strict: true });
      void reader.read('city:1');
      await world.settle();
      world.actor(
        'reader',
        reader,
        () => reader.read('city:1'),
        () => reader.read('city:1'),
      );
      world.actor('writer', writer, () => writer.rename(1));
    },
  },
  {
    name: 'two writers mark and end one another, in strict mode',
    async play(world) {
      world.watch('city:1');
      world.database.strict = true;
      const reader = await world.node('r', { strict: true });
      const writer = await world.node('w', { writes: true, strict: true });
      const other = await world.node('x', { writes: true, strict: true });
      const dropFamily = (node: SimNode, lock: number, change: (connected: Connected) => void) =>
        node.transaction(async (uow, connected) => {
          const locked = await uow.cities.getForShare(lock);
          change(connected);
          uow.invalidate('cities');
          return locked;
        });
      // The first one has marked what it changes, and has not heard so.
      if (writer.redis !== undefined) writer.redis.deaf = true;
      void dropFamily(writer, 1, ({ write }) =>
        write('city', { ...world.database.row('city', 1), version: 2 }),
      );
      await world.settle();
      world.actor('network', writer, () => {
        if (writer.redis !== undefined) writer.redis.deaf = false;
      });
      world.traveller(
        'host',
        [other, reader],
        () => dropFamily(other, 2, () => undefined),
        () => reader.read('city:1'),
        () => reader.read('city:1'),
      );
    },
  },
];
