import { setTimeout as sleep } from 'node:timers/promises';
import { RedisProcess } from '../../tests/support/redis-process.ts';
import type { Place } from '../drivers/place.ts';
import type { Library } from '../libraries.ts';
import { Observer } from './observer.ts';
import { RaceNode } from './race-node.ts';

/** Every process of every library is open at the same time, and PostgreSQL has only so many connections. */
export const POOL_SIZE = 4;

const WARM_UP_PASSES = 4;
const WARM_UP_PAUSE_MS = 50;

/** Several processes of one application with a Redis of their own, behind networks that can fail. */
export class Stage implements AsyncDisposable {
  readonly redis: RedisProcess;
  readonly observer: Observer;
  readonly nodes: readonly RaceNode[];
  readonly writer: RaceNode;
  readonly reader: RaceNode;
  readonly #stack: AsyncDisposableStack;

  private constructor(
    redis: RedisProcess,
    observer: Observer,
    [writer, reader, ...others]: readonly [RaceNode, RaceNode, ...RaceNode[]],
    stack: AsyncDisposableStack,
  ) {
    this.redis = redis;
    this.observer = observer;
    this.nodes = [writer, reader, ...others];
    this.writer = writer;
    this.reader = reader;
    this.#stack = stack;
  }

  static async open(library: Library, place: Place): Promise<Stage> {
    await using stack = new AsyncDisposableStack();
    const redis = stack.use(await RedisProcess.start());
    const servers = { ...place, redisUrl: redis.url, poolSize: POOL_SIZE };
    const open = async (role: string): Promise<RaceNode> =>
      stack.use(await RaceNode.open(library, `bench ${library.name} ${role}`, servers));
    const nodes = await Promise.all([open('one'), open('two'), open('three'), open('four')]);
    const observer = stack.use(new Observer(place.databaseUrl, place.schema));
    return new Stage(redis, observer, nodes, stack.move());
  }

  /** Makes sure that both nodes run and have read these recruiters, from wherever they read the second time. */
  async warmUp(ids: readonly number[]): Promise<void> {
    for (const node of [this.writer, this.reader]) await node.revive();
    for (let pass = 0; pass < WARM_UP_PASSES; pass += 1) {
      for (const node of [this.reader, this.writer]) await Promise.all(ids.map((id) => node.read(id)));
      await sleep(WARM_UP_PAUSE_MS);
    }
  }

  /** The races need two processes. */
  async dismissAllButTwo(): Promise<void> {
    for (const node of this.nodes.slice(2)) await node.kill();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stack.disposeAsync();
  }
}
