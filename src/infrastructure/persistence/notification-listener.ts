import type { Anchor } from '../../application/caching/anchors.ts';
import type { Logger } from '../../application/ports/logger.ts';
import type { Backplane } from '../cache/backplane.ts';
import { Heartbeat } from '../cache/heartbeat.ts';
import type { DirectClient } from './direct-client.ts';
import { channelOf, readPayload } from './notifications.ts';

export interface NotificationListenerOptions {
  readonly open: () => DirectClient;
  readonly schema: string;
  /** Whose announcements are left out, because whoever made them has acted on them. */
  readonly self: string;
  readonly onAnchors: (anchors: readonly Anchor[]) => void;
  /** Told when something may have been missed. */
  readonly onLost: () => void;
  readonly logger: Logger;
}

const RECONNECT_MS = 250;

/**
 * What other processes change, told by PostgreSQL itself. It delivers a transaction's notifications before it answers a
 * statement that is sent after the commit, so an answer on this connection proves that all have arrived.
 */
export class NotificationListener implements Backplane {
  readonly #options: NotificationListenerOptions;
  readonly #heartbeat: Heartbeat;
  #client: DirectClient | undefined;
  #reconnect: NodeJS.Timeout | undefined;
  #stopped = false;

  constructor(options: NotificationListenerOptions) {
    const { onLost, logger } = options;
    this.#options = options;
    this.#heartbeat = new Heartbeat({
      ping: async () => this.#client?.query('select 1'),
      onLost,
      onSilent: () => this.#giveUp(this.#client),
      logger,
    });
  }

  get trustedUntil(): number {
    return this.#heartbeat.trustedUntil;
  }

  late(): void {
    this.#heartbeat.late();
  }

  /** Resolves when changes are heard or the first attempt came to nothing. */
  async start(): Promise<void> {
    this.#heartbeat.start();
    await this.#connect();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#reconnect);
    this.#heartbeat.stop();
    const client = this.#client;
    this.#client = undefined;
    await client?.end().catch(() => undefined);
  }

  async #connect(): Promise<void> {
    const { open, schema, self, onAnchors, logger } = this.#options;
    const client = open();
    this.#client = client;
    client.on('notification', ({ payload = '' }) => onAnchors(readPayload(payload, self)));
    client.on('error', (cause) => {
      logger.debug({ err: cause }, 'the connection for notifications failed');
      this.#giveUp(client);
    });
    client.on('end', () => this.#giveUp(client));
    try {
      await client.connect();
      this.#heartbeat.connected();
      await client.query(`listen "${channelOf(schema)}"`);
      await this.#heartbeat.listening();
      // Not before: whoever waits for the start may have nothing else that keeps the process alive.
      client.unref();
    } catch (cause) {
      logger.debug({ err: cause }, 'notifications cannot be heard');
      this.#giveUp(client);
    }
  }

  /** Another connection takes its place; until it listens, nothing is believed. */
  #giveUp(client: DirectClient | undefined): void {
    if (client === undefined || client !== this.#client) return;
    this.#client = undefined;
    this.#heartbeat.closed();
    client.end().catch(() => undefined);
    if (!this.#stopped) this.#reconnect = setTimeout(() => void this.#connect(), RECONNECT_MS).unref();
  }
}
