import type { Scenario } from '../explore.ts';
import type { World } from '../world.ts';

/** Two processes with memory that hear of each other through the database. */
async function pair(world: World) {
  world.watch('city:1');
  const reader = await world.node('r', { redis: false });
  const writer = await world.node('w', { redis: false, writes: true });
  return { reader, writer };
}

async function warm(world: World) {
  const nodes = await pair(world);
  void nodes.reader.read('city:1');
  await world.settle();
  return nodes;
}

export const withoutRedis: readonly Scenario[] = [
  {
    name: 'a row changes in another process without Redis',
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
    name: 'a process without Redis changes what it is reading',
    async play(world) {
      world.watch('city:1');
      const node = await world.node('w', { redis: false, writes: true });
      world.actor(
        'reader',
        node,
        () => node.read('city:1'),
        () => node.read('city:1'),
      );
      world.actor('writer', node, () => node.rename(1));
    },
  },
  {
    name: 'notifications are lost with their connection',
    async play(world) {
      const { reader, writer } = await warm(world);
      world.actor('reader', reader, () => reader.read('city:1'));
      world.actor('writer', writer, () => writer.rename(1));
      world.fate(
        'network',
        () => world.database.breakListener('r'),
        () => world.advance(300),
      );
    },
  },
  {
    name: 'a process without Redis is suspended and reads before its timers run',
    async play(world) {
      const { reader, writer } = await warm(world);
      world.actor('reader', reader, () => reader.read('city:1'));
      world.actor('writer', writer, () => writer.rename(1));
      world.fate(
        'host',
        () => world.suspend(5000),
        () => world.wake(),
      );
    },
  },
];
