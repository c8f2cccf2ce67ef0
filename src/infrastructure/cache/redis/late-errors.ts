import type { Redis } from 'ioredis';

const nothing = (): void => undefined;

/**
 * ioredis listens for one error of each of its sockets. A second one, such as an alert that a TLS server sends to a
 * connection which has been refused already, would be an `error` event nobody listens to, and would end the host's process.
 */
export function bearingLateErrors(client: Redis): Redis {
  const guard = (): void => {
    const { stream } = client as { readonly stream?: NodeJS.EventEmitter | undefined };
    stream?.off('error', nothing);
    stream?.on('error', nothing);
  };
  // The socket is made when this has been told, and has nothing to say before it was waited for.
  client.on('connecting', () => setImmediate(guard));
  client.on('connect', guard);
  return client;
}
