import { afterAll, beforeAll, expect, it } from 'vitest';
import { Certificate } from '../../support/certificate.ts';
import { freePort } from '../../support/free-port.ts';
import { Pair } from '../../support/pair.ts';
import { RedisProcess } from '../../support/redis-process.ts';
import { describeWithPostgres, describeWithRedisTls } from '../../support/services.ts';
import { rename } from '../../support/traffic.ts';

describeWithRedisTls('the cache over encrypted connections', () =>
  describeWithPostgres('beside PostgreSQL', () => {
    let certificate: Certificate;
    let redis: RedisProcess;
    let url: string;

    beforeAll(async () => {
      certificate = await Certificate.make();
      const port = await freePort();
      redis = await RedisProcess.start(certificate.redisArgs(port));
      url = `rediss://127.0.0.1:${port}`;
    });

    afterAll(async () => {
      await redis[Symbol.asyncDispose]();
      await certificate[Symbol.asyncDispose]();
    });

    it('hears of what others change, and comes back after they were cut', async () => {
      await using stack = new AsyncDisposableStack();
      const pair = await Pair.open(stack, { url, tls: { ca: certificate.ca }, connections: 2 });
      await pair.hits('l1Hits');
      await pair.tells('First');
      for (const type of ['normal', 'pubsub'])
        await redis.ask((client) => client.client('KILL', 'TYPE', type));
      await pair.tells('Second');
      await pair.hits('l1Hits');
      expect(pair.reader.cache.stats()).toMatchObject({ state: 'up', memory: 'up' });
    });

    it('is not used where nobody vouches for the server, and the database answers', async () => {
      await using stack = new AsyncDisposableStack();
      const pair = await Pair.open(stack, { url });
      const { writer, reader, recruiter } = pair;
      for (const sdk of [writer, reader]) {
        expect(sdk.cache.stats()).toMatchObject({ state: 'degraded', memory: 'untrusted' });
        expect((await sdk.health()).status).toBe('degraded');
      }
      expect(await pair.name()).toBe(recruiter.name);
      expect((await rename(writer, recruiter.id, 'Renamed')).invalidation).toBe('deferred');
      expect(await pair.name()).toBe('Renamed');
      expect(reader.cache.stats()).toMatchObject({ l1Hits: 0, l2Hits: 0, bypassed: 2 });
    });
  }),
);
