import type { Scenario } from '../explore.ts';
import type { World } from '../world.ts';

async function pair(world: World) {
  world.watch('city:1');
  const reader = await world.node('r', { memory: false });
  const writer = await world.node('w', { writes: true, memory: false });
  void reader.read('city:1');
  await world.settle();
  return { reader, writer };
}

export const sharing: readonly Scenario[] = [
  {
    name: 'somebody asks for what is being asked for already',
    async play(world) {
      const { reader, writer } = await pair(world);
      world.actor('first', reader, () => reader.read('city:1'));
      world.actor('second', reader, () => reader.read('city:1'));
      world.actor('writer', writer, () => writer.rename(1));
    },
  },
  {
    name: 'somebody asks for what is being loaded already',
    async play(world) {
      const { reader, writer } = await pair(world);
      world.redis.evict(':3:');
      world.actor('first', reader, () => reader.read('city:1'));
      world.actor('second', reader, () => reader.read('city:1'));
      world.actor('writer', writer, () => writer.rename(1));
    },
  },
  {
    name: 'loads are shared while the cache is switched off',
    async play(world) {
      const { reader, writer } = await pair(world);
      reader.cache.control.disable();
      world.actor('first', reader, () => reader.read('city:1'));
      world.actor('second', reader, () => reader.read('city:1'));
      world.actor('third', reader, () => reader.read('city:1'));
      world.actor('writer', writer, () => writer.rename(1));
    },
  },
];
