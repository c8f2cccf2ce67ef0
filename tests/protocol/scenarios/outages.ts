import type { Scenario } from '../explore.ts';
import type { World } from '../world.ts';

interface Options {
  readonly memory?: boolean;
  readonly resends?: boolean;
}

/** Both processes have read the city. */
async function warm(world: World, { memory = false, resends = false }: Options = {}) {
  world.watch('city:1');
  const reader = await world.node('r', { memory, resends });
  const writer = await world.node('w', { writes: true, memory });
  for (const node of [reader, writer]) {
    void node.read('city:1');
    await world.settle();
  }
  return { reader, writer };
}

export const outages: readonly Scenario[] = [
  {
    name: 'Redis comes back from a snapshot older than a change',
    async play(world) {
      const { reader, writer } = await warm(world);
      const snapshot = world.redis.contents;
      world.actor('reader', reader, () => reader.read('city:1'));
      world.actor('writer', writer, () => writer.rename(1));
      world.fate('crash', () => world.redis.restart(snapshot));
    },
  },
  {
    name: 'a client asks again after Redis has come back from a snapshot',
    async play(world) {
      const { reader, writer } = await warm(world, { resends: true });
      const snapshot = world.redis.contents;
      void writer.rename(1);
      await world.settle();
      world.actor(
        'reader',
        reader,
        () => reader.read('city:1'),
        () => reader.read('city:1'),
      );
      world.fate('crash', () => world.redis.restart(snapshot));
    },
  },
  {
    name: 'Redis loses everything, with copies in memory',
    async play(world) {
      const { reader, writer } = await warm(world, { memory: true });
      world.actor('reader', reader, () => reader.read('city:1'));
      world.actor('writer', writer, () => writer.rename(1));
      world.redisFate('flush', () => world.redis.evict(''));
    },
  },
  {
    name: 'every connection breaks while a commit is being announced',
    async play(world) {
      const { reader, writer } = await warm(world);
      world.actor('reader', reader, () => reader.read('city:1'));
      world.actor('writer', writer, () => writer.rename(1));
      world.fate('network', () => world.redis.cut());
    },
  },
  {
    name: 'Redis is away for a commit and comes back',
    async play(world) {
      const { reader, writer } = await warm(world);
      const { redis } = world;
      redis.up = false;
      redis.cut();
      world.actor('writer', writer, () => writer.rename(1));
      world.actor(
        'reader',
        reader,
        () => reader.read('city:1'),
        () => reader.read('city:1'),
      );
      world.redisFate('return', () => {
        redis.up = true;
      });
    },
  },
  {
    name: 'Redis is full when a commit is to be announced',
    async play(world) {
      const { reader, writer } = await warm(world, { memory: true });
      world.redis.full = true;
      world.actor(
        'host',
        writer,
        () => writer.rename(1),
        () => writer.read('city:1'),
      );
      world.actor('reader', reader, () => reader.read('city:1'));
      world.fate('time', () => world.advance(500));
      world.redisFate('memory', () => {
        world.redis.full = false;
      });
    },
  },
  {
    name: 'the writer dies somewhere between its first statement and its last',
    async play(world) {
      const { reader, writer } = await warm(world, { memory: true });
      world.actor('reader', reader, () => reader.read('city:1'));
      world.actor('writer', writer, () => writer.rename(1));
      world.fate('death', () => world.kill(writer));
    },
  },
];
