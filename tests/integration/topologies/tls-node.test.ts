import { afterAll, beforeAll, expect, it } from 'vitest';
import type { CacheOptions } from '../../../src/index.ts';
import { Certificate } from '../../support/certificate.ts';
import { freePort } from '../../support/free-port.ts';
import { RedisProcess } from '../../support/redis-process.ts';
import { describeWithRedisTls } from '../../support/services.ts';
import { startBare } from './bare-node.ts';

describeWithRedisTls('a server that encrypts its connections', () => {
  let certificate: Certificate;
  let redis: RedisProcess;
  let port: number;

  beforeAll(async () => {
    certificate = await Certificate.make();
    port = await freePort();
    redis = await RedisProcess.start(certificate.redisArgs(port));
  });

  afterAll(async () => {
    await redis[Symbol.asyncDispose]();
    await certificate[Symbol.asyncDispose]();
  });

  const answer = async (cache: CacheOptions): Promise<string> => {
    await using stack = new AsyncDisposableStack();
    const [node] = (await startBare(stack, cache)).nodes;
    return node?.client.ping().catch(() => 'refused') ?? 'nobody';
  };

  it('is talked to when its certificate is vouched for', async () => {
    expect(await answer({ url: `rediss://127.0.0.1:${port}`, tls: { ca: certificate.ca } })).toBe('PONG');
    expect(await answer({ url: `redis://127.0.0.1:${port}`, tls: { ca: [certificate.ca] } })).toBe('PONG');
  });

  it('is not talked to when nobody vouches for its certificate, or for another name', async () => {
    expect(await answer({ url: `rediss://127.0.0.1:${port}` })).toBe('refused');
    expect(await answer({ url: `redis://127.0.0.1:${port}`, tls: true })).toBe('refused');
    const tls = { ca: certificate.ca, servername: 'another' };
    expect(await answer({ url: `rediss://127.0.0.1:${port}`, tls })).toBe('refused');
  });

  it('is talked to without any certificate only when that is asked for', async () => {
    const tls = { rejectUnauthorized: false };
    expect(await answer({ url: `rediss://127.0.0.1:${port}`, tls })).toBe('PONG');
  });
});
