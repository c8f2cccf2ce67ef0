import type { Logger } from '../../application/ports/logger.ts';
import type { Backplane } from './backplane.ts';
import { HEARTBEAT_LIMIT_MS, HEARTBEAT_MS } from './limits.ts';

export interface HeartbeatOptions {
  /** Asks on the connection that is listened on; what was announced before is heard before the answer. */
  readonly ping: () => Promise<unknown>;
  /** Told when something may have been missed. */
  readonly onLost: () => void;
  /** Told when the connection gives no sign of life: it may be half open. */
  readonly onSilent: () => void;
  readonly logger: Logger;
}

/** A connection that has been silent for so long is given up. */
const GIVEN_UP_MS = 3 * HEARTBEAT_LIMIT_MS;

/**
 * Trust in a connection on which changes are announced. Everything announced before a ping was answered has been heard,
 * so what is known is complete up to the moment the last answered ping was sent; and no longer than a limit after it.
 */
export class Heartbeat implements Backplane {
  readonly #options: HeartbeatOptions;
  #timer: NodeJS.Timeout | undefined;
  #connection = 0;
  #connectedAt: number | undefined;
  #listening = false;
  #lastHeard = 0;
  #trusted = false;

  constructor(options: HeartbeatOptions) {
    this.#options = options;
  }

  start(): void {
    this.#timer = setInterval(() => void this.#beat(), HEARTBEAT_MS).unref();
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#trusted = false;
    this.#listening = false;
  }

  /** There is a connection, not listened on yet. */
  connected(): void {
    this.#connection += 1;
    this.#connectedAt = performance.now();
  }

  /** Everything announced from now on is heard; resolves when that has been confirmed, or was not. */
  listening(): Promise<void> {
    this.#listening = true;
    return this.#beat();
  }

  closed(): void {
    this.#connection += 1;
    this.#connectedAt = undefined;
    this.#listening = false;
    this.#lose();
  }

  get trustedUntil(): number {
    return this.#trusted ? this.#lastHeard + HEARTBEAT_LIMIT_MS : 0;
  }

  /** It does not matter whether the network, the server or this process was slow. */
  late(): void {
    if (!this.#trusted || performance.now() < this.trustedUntil) return;
    this.#options.logger.warn({}, 'announcements of changes are late');
    this.#lose();
  }

  #lose(): void {
    if (!this.#trusted) return;
    this.#trusted = false;
    this.#options.onLost();
  }

  async #beat(): Promise<void> {
    const sentAt = performance.now();
    this.late();
    if (this.#connectedAt === undefined) return;
    if (sentAt - Math.max(this.#lastHeard, this.#connectedAt) > GIVEN_UP_MS) return this.#options.onSilent();
    if (!this.#listening) return;
    const connection = this.#connection;
    try {
      await this.#options.ping();
    } catch {
      return;
    }
    // An answer of an earlier connection says nothing about this one.
    if (connection !== this.#connection || !this.#listening) return;
    this.#lastHeard = sentAt;
    // An answer that took too long proves too little; the next one may do.
    if (performance.now() < this.#lastHeard + HEARTBEAT_LIMIT_MS) this.#trusted = true;
    else this.late();
  }
}
