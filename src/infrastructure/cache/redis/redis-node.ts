import type { Announcements } from './announcements.ts';
import type { RedisLink } from './redis-link.ts';
import type { Startable } from './startable.ts';

/** One server that holds keys: the connections commands go to, and the one that listens. */
export class RedisNode implements Startable {
  readonly #links: readonly [RedisLink, ...RedisLink[]];
  readonly #announcements: Announcements | undefined;
  #next = 0;

  /**
   * @param links commands take turns
   * @param announcements nothing where there is no memory to keep up to date
   */
  constructor(links: readonly [RedisLink, ...RedisLink[]], announcements?: Announcements) {
    this.#links = links;
    this.#announcements = announcements;
  }

  /** The connection whose turn it is. All that are used talk to the server the first one talks to. */
  get link(): RedisLink {
    const [first] = this.#links;
    if (first.server === undefined) return first;
    for (let tried = 1; tried < this.#links.length; tried += 1) {
      this.#next = (this.#next + 1) % this.#links.length;
      const link = this.#links[this.#next];
      if (link?.server?.incarnation === first.server.incarnation) return link;
    }
    return first;
  }

  get isUp(): boolean {
    return this.#links[0].server !== undefined;
  }

  /** Memory may answer until then, if the server that is heard is the one that is asked. */
  get trustedUntil(): number {
    const { server } = this.#links[0];
    return server !== undefined && server.runId === this.#announcements?.runId
      ? this.#announcements.trustedUntil
      : 0;
  }

  late(): void {
    this.#announcements?.late();
  }

  /** Nothing is believed until it has been checked again. */
  recheck(): void {
    for (const link of this.#links) link.recheck();
  }

  async start(limitMs: number): Promise<void> {
    this.#announcements?.start();
    await Promise.all(this.#links.map((link) => link.start(limitMs)));
  }

  stop(): void {
    this.#announcements?.stop();
    for (const link of this.#links) link.stop();
  }
}
