import { Redis } from 'ioredis';
import { describe, expect, it } from 'vitest';
import { anotherConnection, connectServer } from '../../../../src/infrastructure/cache/redis/redis-client.ts';

const settings = { keepAliveMs: 1000, connectTimeoutMs: 700 };

describe("the SDK's own connections", () => {
  it('keep to its own policy whatever the URL says', () => {
    const url = 'redis://a?keyPrefix=x&enableOfflineQueue=true&maxRetriesPerRequest=9&family=6&db=2';
    expect(connectServer({ kind: 'server', url }, settings).options).toMatchObject({
      host: 'a',
      family: 6,
      db: 2,
      keyPrefix: '',
      enableOfflineQueue: false,
      maxRetriesPerRequest: 0,
      keepAlive: 1000,
      connectTimeout: 700,
    });
  });

  it("go where a client of the host goes, but under the SDK's policy", () => {
    const lent = new Redis({
      lazyConnect: true,
      host: 'a',
      port: 7000,
      username: 'user',
      password: 'secret',
      db: 3,
      tls: { servername: 'x' },
      connectionName: 'host',
    });
    expect(anotherConnection(lent, settings).options).toMatchObject({
      host: 'a',
      port: 7000,
      username: 'user',
      password: 'secret',
      db: 3,
      tls: { servername: 'x' },
      connectionName: null,
      enableOfflineQueue: false,
      lazyConnect: true,
    });
  });
});
