import type { Redis } from 'ioredis';

const AGAIN_AFTER_MS = 500;

/**
 * Connects a client that has ended, again and again. ioredis reconnects by itself, except when it was told to disconnect
 * while it still asked Sentinels for the master: then it ends.
 *
 * @returns what lets it end for good
 */
export function keepConnecting(client: Redis): () => void {
  let timer: NodeJS.Timeout | undefined;
  const onEnd = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => void client.connect().catch(() => undefined), AGAIN_AFTER_MS).unref();
  };
  client.on('end', onEnd);
  client.connect().catch(() => undefined);
  return () => {
    client.off('end', onEnd);
    clearTimeout(timer);
  };
}
