import type { Scenario } from '../explore.ts';
import type { World } from '../world.ts';

/** A process that reads through Redis alone, one that writes, and a city that everybody asks for. */
async function pair(world: World) {
  world.watch('city:1');
  const reader = await world.node('r', { memory: false });
  const writer = await world.node('w', { writes: true, memory: false });
  return { reader, writer };
}

async function warm(world: World) {
  const nodes = await pair(world);
  void nodes.reader.read('city:1');
  await world.settle();
  return nodes;
}

export const reading: readonly Scenario[] = [
  {
    name: 'a row changes while it is being read for the first time',
    async play(world) {
      const { reader, writer } = await pair(world);
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
    name: 'a row that is cached changes twice',
    async play(world) {
      const { reader, writer } = await warm(world);
      const other = await world.node('x', { writes: true, memory: false });
      world.actor(
        'reader',
        reader,
        () => reader.read('city:1'),
        () => reader.read('city:1'),
      );
      world.actor('writer', writer, () => writer.rename(1));
      world.actor('writer', other, () => other.rename(1));
    },
  },
  {
    name: 'versions are evicted around a change',
    async play(world) {
      const { reader, writer } = await warm(world);
      world.actor(
        'reader',
        reader,
        () => reader.read('city:1'),
        () => reader.read('city:1'),
      );
      world.actor('writer', writer, () => writer.rename(1));
      world.redisFate('eviction', () => world.redis.evict(':v:'));
    },
  },
  {
    name: 'an entry is evicted around a change',
    async play(world) {
      const { reader, writer } = await warm(world);
      world.actor(
        'reader',
        reader,
        () => reader.read('city:1'),
        () => reader.read('city:1'),
      );
      world.actor('writer', writer, () => writer.rename(1));
      world.redisFate('eviction', () => world.redis.evict(':3:'));
    },
  },
  {
    name: "the server's clock is set back to where the version was made",
    async play(world) {
      const { reader, writer } = await warm(world);
      world.actor('reader', reader, () => reader.read('city:1'));
      world.actor('writer', writer, () => writer.rename(1));
      world.redisFate('clock', () => world.redis.stepBack(1));
    },
  },
  {
    name: 'a whole family is dropped at once',
    async play(world) {
      const { reader, writer } = await warm(world);
      world.actor(
        'reader',
        reader,
        () => reader.read('city:1'),
        () => reader.read('city:1'),
      );
      world.actor('writer', writer, () =>
        writer.transaction(async (uow, { write }) => {
          const locked = await uow.cities.getForShare(2);
          write('city', { ...world.database.row('city', 1), version: 2 });
          uow.invalidate('cities');
          return locked;
        }),
      );
    },
  },
  {
    name: 'somebody is added who was asked for in vain',
    async play(world) {
      world.watch('telegram:100');
      const reader = await world.node('r', { memory: false });
      const writer = await world.node('w', { writes: true, memory: false });
      world.actor(
        'reader',
        reader,
        () => reader.read('telegram:100'),
        () => reader.read('telegram:100'),
      );
      world.actor('writer', writer, () =>
        writer.transaction((uow) => uow.candidates.add({ fullName: 'Ada', telegramId: 100 })),
      );
    },
  },
  {
    name: 'a row leaves one place and appears in another',
    async play(world) {
      world.watch('telegram:100', 'telegram:200');
      const reader = await world.node('r', { memory: false });
      const writer = await world.node('w', { writes: true, memory: false });
      const ada = { id: 7, full_name: 'Ada', telegram_id: '100', active: true, version: 1 };
      world.database.insert('candidate', { ...ada, username: null, phone: null, time_zone: null });
      for (const key of ['telegram:100', 'telegram:200'] as const) void reader.read(key);
      await world.settle();
      world.actor(
        'reader',
        reader,
        () => reader.read('telegram:100'),
        () => reader.read('telegram:200'),
      );
      world.actor('writer', writer, () =>
        writer.transaction((uow) =>
          uow.candidates
            .getForUpdate(7)
            .andThen((candidate) => candidate.linkTelegram(200))
            .andThen((candidate) => uow.candidates.update(candidate)),
        ),
      );
    },
  },
  {
    name: 'the database is slow after an entry has become invalid',
    async play(world) {
      const { reader, writer } = await warm(world);
      world.traveller(
        'host',
        [writer, reader],
        () => writer.rename(1),
        () => reader.read('city:1'),
      );
      world.fate('time', () => world.advance(300));
    },
  },
  {
    name: 'two processes load one list under a lock while it changes',
    async play(world) {
      world.watch('cities:active');
      const writer = await world.node('w', { writes: true, memory: false });
      const readers = [await world.node('r', { memory: false }), await world.node('q', { memory: false })];
      for (const reader of readers) world.actor('reader', reader, () => reader.read('cities:active'));
      world.actor('writer', writer, () =>
        writer.transaction((uow) => uow.cities.update(writer.stored(1).archive())),
      );
      world.fate(
        'time',
        () => world.advance(6),
        () => world.advance(20),
      );
    },
  },
];
