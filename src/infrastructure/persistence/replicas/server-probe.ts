import type { DirectClient } from '../direct-client.ts';
import { within } from '../within.ts';
import { readStanding, standingStatement, type Standing } from './standing.ts';

const ANSWER_LIMIT_MS = 1000;

/** Asks one server how far it has come, on a connection of its own: that the pool is full says nothing about the server. */
export class ServerProbe {
  readonly #open: () => DirectClient;
  #client: DirectClient | undefined;
  #stopped = false;

  constructor(open: () => DirectClient) {
    this.#open = open;
  }

  /** `undefined` when it does not answer in time, or not to the point; the next question is asked on a new connection. */
  async ask(): Promise<Standing | undefined> {
    if (this.#stopped) return undefined;
    const answer = this.#ask().catch(() => undefined);
    const standing = await within(ANSWER_LIMIT_MS, answer, () => undefined);
    if (standing === undefined) this.#drop();
    return standing;
  }

  stop(): void {
    this.#stopped = true;
    this.#drop();
  }

  #drop(): void {
    const client = this.#client;
    this.#client = undefined;
    // Whatever it says in the end, nobody waits for it.
    client?.end().catch(() => undefined);
  }

  async #ask(): Promise<Standing | undefined> {
    const client = this.#client ?? (await this.#connect());
    return readStanding(await client.query(standingStatement)).unwrapOr(undefined);
  }

  async #connect(): Promise<DirectClient> {
    const client = this.#open();
    this.#client = client;
    // The next question finds out that it is gone.
    client.on('error', () => undefined);
    client.unref();
    await client.connect();
    return client;
  }
}
