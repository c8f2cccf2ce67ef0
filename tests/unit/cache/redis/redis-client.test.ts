import { Redis } from 'ioredis';
import { createServer, type AddressInfo, type Socket } from 'node:net';
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

  it('outlive more than one error of a socket, which ioredis does not listen for', async () => {
    const server = createServer((socket) => socket.on('error', () => undefined));
    await new Promise<void>((listening) => {
      server.listen(0, '127.0.0.1', listening);
    });
    const { port } = server.address() as AddressInfo;
    const client = connectServer({ kind: 'server', url: `redis://127.0.0.1:${port}` }, settings);
    client.on('error', () => undefined);
    await client.connect();
    const { stream } = client as unknown as { readonly stream: Socket };
    stream.emit('error', new Error('refused'));
    expect(() => stream.emit('error', new Error('and told so'))).not.toThrow();
    client.disconnect();
    await new Promise((closed) => {
      server.close(closed);
    });
  });
});
