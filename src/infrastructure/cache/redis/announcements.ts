import type { Redis } from 'ioredis';
import type { Anchor } from '../../../application/caching/anchors.ts';
import type { Logger } from '../../../application/ports/logger.ts';
import type { Backplane } from '../backplane.ts';
import { Heartbeat } from '../heartbeat.ts';
import { keepConnecting } from './keep-connecting.ts';
import type { RedisKeys } from './redis-keys.ts';
import { askRunId } from './server-info.ts';

export interface AnnouncementOptions {
  /** A connection of its own: one that listens can do little else. It is closed when listening ends. */
  readonly client: Redis;
  readonly keys: RedisKeys;
  readonly onVersion: (anchor: Anchor, version: number) => void;
  /** Told when something may have been missed. */
  readonly onLost: () => void;
  readonly logger: Logger;
}

/** What one server announces. */
export class Announcements implements Backplane {
  readonly #options: AnnouncementOptions;
  readonly #heartbeat: Heartbeat;
  #runId: string | undefined;
  #letEnd: () => void = () => undefined;

  constructor(options: AnnouncementOptions) {
    const { client, onLost, logger } = options;
    this.#options = options;
    this.#heartbeat = new Heartbeat({
      ping: () => client.ping(),
      onLost,
      onSilent: () => client.disconnect(true),
      logger,
    });
  }

  start(): void {
    const { client } = this.#options;
    client.on('ready', this.#onReady);
    client.on('close', this.#onClose);
    client.on('error', this.#onError);
    client.on('message', this.#onMessage);
    this.#letEnd = keepConnecting(client);
    this.#heartbeat.start();
  }

  /** The last error listener stays: an `error` event nobody listens to ends the process. */
  stop(): void {
    const { client } = this.#options;
    this.#heartbeat.stop();
    this.#letEnd();
    client.off('ready', this.#onReady);
    client.off('close', this.#onClose);
    client.off('message', this.#onMessage);
    client.disconnect();
  }

  /** Of the server that is heard. */
  get runId(): string | undefined {
    return this.#runId;
  }

  get trustedUntil(): number {
    return this.#heartbeat.trustedUntil;
  }

  late(): void {
    this.#heartbeat.late();
  }

  readonly #onReady = (): void => {
    this.#heartbeat.connected();
    this.#listen().catch((cause: unknown) => {
      this.#options.logger.debug({ err: cause }, 'Redis announcements cannot be heard');
    });
  };

  /** In this order: on a connection that listens, a server no longer tells who it is. */
  async #listen(): Promise<void> {
    const { client, keys } = this.#options;
    this.#runId = await askRunId(client);
    await client.subscribe(keys.channel);
    await this.#heartbeat.listening();
  }

  readonly #onClose = (): void => {
    this.#runId = undefined;
    this.#heartbeat.closed();
  };

  readonly #onError = (cause: unknown): void => {
    this.#options.logger.debug({ err: cause }, 'Redis connection error');
  };

  readonly #onMessage = (_channel: string, message: string): void => {
    for (const line of message.split('\n')) {
      const end = line.indexOf(' ');
      const anchor = this.#options.keys.anchor(line.slice(end + 1));
      const version = Number(line.slice(0, end));
      if (anchor !== undefined && Number.isSafeInteger(version)) this.#options.onVersion(anchor, version);
    }
  };
}
