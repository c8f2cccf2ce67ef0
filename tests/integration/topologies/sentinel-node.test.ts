import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import type { RedisNodes } from '../../../src/infrastructure/cache/redis/redis-nodes.ts';
import { RedisSentinel } from '../../support/redis-sentinel.ts';
import { describeWithRedisServer } from '../../support/services.ts';
import { TcpProxy } from '../../support/tcp-proxy.ts';
import { UnhandledRejections } from '../../support/unhandled-rejections.ts';
import { openBare, startBare, type BareNode } from './bare-node.ts';

/** A failover is announced; a connection that is lost is made again within a second or so. */
const NOTICED_MS = 5000;

const roleOf = async (nodes: RedisNodes<BareNode>): Promise<string> => {
  const [node] = nodes.nodes;
  const answer = await node?.client.role().catch(() => []);
  return String(answer?.[0]);
};

const runIdOf = async (nodes: RedisNodes<BareNode>): Promise<string | undefined> => {
  const [node] = nodes.nodes;
  const info = await node?.client.info('server').catch(() => '');
  return /run_id:(\w+)/.exec(info ?? '')?.[1];
};

describeWithRedisServer('a master that Sentinels look after', () => {
  let redis: RedisSentinel;

  beforeAll(async () => {
    redis = await RedisSentinel.start();
  });

  afterAll(async () => {
    await redis[Symbol.asyncDispose]();
  });

  it('is found through any of the Sentinels, others of which may not answer', async () => {
    await using stack = new AsyncDisposableStack();
    const said = vi.spyOn(console, 'error');
    stack.defer(() => said.mockRestore());
    const silent = stack.use(await TcpProxy.start(redis.addresses[0]?.port ?? 0));
    silent.swallow();
    const sentinels = [
      { host: '127.0.0.1', port: 1 },
      { host: '127.0.0.1', port: silent.port },
      ...redis.addresses.slice(2),
    ];
    const nodes = await startBare(stack, {
      sentinel: { sentinels, name: redis.name },
      connectTimeoutMs: 300,
    });
    expect(await roleOf(nodes)).toBe('master');
    await redis.failover();
    await expect.poll(() => roleOf(nodes), { timeout: NOTICED_MS }).toBe('master');
    expect(said).not.toHaveBeenCalled();
  });

  it('is left for the one that takes over, although the connection still works', async () => {
    await using stack = new AsyncDisposableStack();
    const nodes = await startBare(stack, { sentinel: { sentinels: redis.addresses, name: redis.name } });
    const before = await runIdOf(nodes);
    await redis.failover();
    await expect
      .poll(async () => [await roleOf(nodes), (await runIdOf(nodes)) === before], { timeout: NOTICED_MS })
      .toEqual(['master', false]);
  });

  it('is left for the one that takes over when it dies', async () => {
    await using stack = new AsyncDisposableStack();
    using unhandled = new UnhandledRejections();
    const nodes = await startBare(stack, { sentinel: { sentinels: redis.addresses, name: redis.name } });
    const former = await redis.master();
    await former?.kill();
    stack.defer(() => former?.restart());
    if (former !== undefined) await redis.promoted(former);
    await expect.poll(() => roleOf(nodes), { timeout: NOTICED_MS }).toBe('master');
    expect(unhandled.seen).toEqual([]);
  });

  it('is waited for while no Sentinel answers', async () => {
    await using stack = new AsyncDisposableStack();
    using unhandled = new UnhandledRejections();
    const [sentinel] = redis.addresses;
    const proxy = stack.use(await TcpProxy.start(sentinel?.port ?? 0));
    proxy.swallow();
    const sentinels = [{ host: '127.0.0.1', port: proxy.port }];
    const nodes = openBare({ sentinel: { sentinels, name: redis.name }, connectTimeoutMs: 200 });
    stack.defer(() => nodes.stop());
    await nodes.start(500);
    expect(await roleOf(nodes)).toBe('undefined');
    proxy.heal();
    await expect.poll(() => roleOf(nodes), { timeout: NOTICED_MS }).toBe('master');
    expect(unhandled.seen).toEqual([]);
  });

  it('is reached through another address where there is a map of them', async () => {
    await using stack = new AsyncDisposableStack();
    const proxies = await Promise.all(
      redis.servers.map(async ({ port }) => ({ port, proxy: stack.use(await TcpProxy.start(port)) })),
    );
    const natMap = Object.fromEntries(
      proxies.map(({ port, proxy }) => [`127.0.0.1:${port}`, { host: '127.0.0.1', port: proxy.port }]),
    );
    const sentinel = { sentinels: redis.addresses, name: redis.name, natMap };
    const nodes = await startBare(stack, { sentinel });
    expect(await roleOf(nodes)).toBe('master');
    for (const { proxy } of proxies) proxy.swallow();
    const silence = new Promise((resolve) => setTimeout(() => resolve('silence'), 200));
    expect(await Promise.race([roleOf(nodes), silence])).toBe('silence');
  });
});
