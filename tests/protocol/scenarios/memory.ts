import type { Scenario } from '../explore.ts';
import type { FakeRedisClient } from '../fake-redis-client.ts';
import type { SimNode } from '../sim-node.ts';
import type { World } from '../world.ts';

/** A process with memory, and one that writes and has put the city into Redis. */
async function pair(world: World) {
  world.watch('city:1');
  const reader = await world.node('r');
  const writer = await world.node('w', { writes: true, memory: false });
  void writer.read('city:1');
  await world.settle();
  return { reader, writer };
}

/** The same, with the city in the reader's memory. */
async function warm(world: World) {
  const nodes = await pair(world);
  void nodes.reader.read('city:1');
  await world.settle();
  return nodes;
}

/** The connection on which a process hears of changes. */
function listenerOf({ name, redis }: SimNode): FakeRedisClient {
  const [listener] = redis?.duplicates ?? [];
  if (listener === undefined) throw new Error(`${name} does not listen`);
  return listener;
}

/** A heartbeat has been sent and the city was changed, and both answers are still on their way to the reader. */
async function changedUnheard(world: World) {
  const { reader, writer } = await warm(world);
  const listener = listenerOf(reader);
  listener.deaf = true;
  await world.advance(500);
  await world.settle();
  void writer.rename(1);
  await world.settle();
  return { reader, writer, listener };
}

export const memory: readonly Scenario[] = [
  {
    name: 'a change is announced while the answer it overtakes is on its way',
    async play(world) {
      const { reader, writer } = await pair(world);
      world.actor('reader', reader, () => reader.read('city:1'));
      world.actor('writer', writer, () => writer.rename(1));
    },
  },
  {
    name: 'a row in memory changes elsewhere',
    async play(world) {
      const { reader, writer } = await warm(world);
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
    name: 'a process changes what it has in memory while announcements are late',
    async play(world) {
      world.watch('city:1');
      const node = await world.node('w', { writes: true });
      world.actor(
        'host',
        node,
        () => node.read('city:1'),
        () => node.rename(1),
        () => node.read('city:1'),
      );
    },
  },
  {
    name: 'the clock is set back after an eviction, with copies in two memories',
    async play(world) {
      world.watch('city:1');
      const reader = await world.node('r');
      const writer = await world.node('w', { writes: true });
      for (const node of [reader, writer]) void node.read('city:1');
      await world.settle();
      world.actor('reader', reader, () => reader.read('city:1'));
      world.actor(
        'writer',
        writer,
        () => writer.rename(1),
        () => writer.read('city:1'),
      );
      world.redisFate('eviction', () => {
        world.redis.evict(':v:');
        world.redis.stepBack(1_000_000);
      });
    },
  },
  {
    name: 'the subscription breaks while a row is being loaded',
    async play(world) {
      const { reader, writer } = await pair(world);
      world.redis.evict(':3:');
      const listener = listenerOf(reader);
      world.actor('reader', reader, () => reader.read('city:1'));
      world.actor('writer', writer, () => writer.rename(1));
      world.actor('network', reader, () => listener.disconnect(true));
    },
  },
  {
    name: 'a change is announced while a process with a copy does not listen',
    async play(world) {
      const { reader, writer } = await warm(world);
      const listener = listenerOf(reader);
      listener.silent = true;
      listener.disconnect(true);
      // The connection for commands is checked, and the writer takes its row out of the outbox.
      await world.pass(50);
      void writer.rename(1);
      await world.pass(50);
      world.actor(
        'reader',
        reader,
        () => reader.read('city:1'),
        () => reader.read('city:1'),
      );
      world.actor('network', reader, () => {
        listener.silent = false;
      });
    },
  },
  {
    name: 'a process is suspended and reads before its timers run',
    async play(world) {
      const { reader } = await changedUnheard(world);
      world.actor(
        'reader',
        reader,
        () => reader.read('city:1'),
        () => reader.read('city:1'),
      );
      world.fate(
        'host',
        () => world.suspend(5000),
        () => world.wake(),
      );
    },
  },
  {
    name: 'the answer of a heartbeat takes almost as long as it may',
    async play(world) {
      const { reader, listener } = await changedUnheard(world);
      world.actor('reader', reader, () => reader.read('city:1'));
      world.fate(
        'time',
        async () => {
          await world.advance(450);
          listener.deaf = false;
        },
        () => world.advance(450),
        () => world.advance(400),
      );
    },
  },
  {
    name: 'commands go to a new master while the old one is still listened to',
    async play(world) {
      const { reader, writer } = await warm(world);
      world.promote('replica', [reader, writer]);
      await world.settle();
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
    name: 'another master is promoted while a row changes',
    async play(world) {
      const { reader, writer } = await warm(world);
      world.actor('reader', reader, () => reader.read('city:1'));
      world.actor('writer', writer, () => writer.rename(1));
      world.fate('failover', () => world.promote('replica', [reader, writer]));
    },
  },
];
