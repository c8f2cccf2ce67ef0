import { err, errAsync, ok, ResultAsync, type Result } from 'neverthrow';
import type { ClaimedEvent, EventQueue } from '../../application/ports/event-queue.ts';
import type { EventTransport } from '../../application/ports/event-transport.ts';
import type { Logger } from '../../application/ports/logger.ts';
import type { RepositoryError } from '../../domain/shared/repository-error.ts';
import { validationError } from '../../domain/shared/validation-error.ts';
import { settled } from '../transaction/run-transaction.ts';
import { inWords } from './in-words.ts';
import type { ParsedRelayOptions } from './relay-options.ts';

/** What became of the events that were due. */
export interface DrainReport {
  readonly delivered: number;
  /** Attempts that failed, and whose events will be tried again. */
  readonly failed: number;
  /** Events that were put aside. */
  readonly dead: number;
}

export interface DrainOptions {
  /** Events at most; 1,000 when left out. */
  readonly limit?: number;
}

/** Brings committed events to the host's transport: each at least once, those of one aggregate in their order. */
export interface OutboxRelay {
  /**
   * Delivers what is due and not being delivered by somebody else, and answers when that is done. `Err` when the database
   * does not take part; a transport that fails is in the report.
   */
  drain(options?: DrainOptions): ResultAsync<DrainReport, RepositoryError>;
  /** Drains from now on, soon after each commit of this process and every `pollMs`. Does nothing when it does already. */
  start(): void;
  /** Takes nothing more on, and waits for the deliveries under way. */
  stop(): Promise<void>;
}

interface Parts {
  readonly queue: EventQueue;
  readonly transport: EventTransport;
  readonly options: ParsedRelayOptions;
  readonly logger: Logger;
  /** Calls back when this process has committed events; answers how to end that. */
  readonly onCommitted: (callback: () => void) => () => void;
}

/** An event is not given to somebody else while it may still be delivered and settled. */
const leaseFor = (deliveryMs: number): number => 2 * deliveryMs + 5_000;

const LIMIT = 1_000;

type Fate = 'delivered' | 'failed' | 'dead';

export class EventRelay implements OutboxRelay {
  readonly #parts: Parts;
  #running: { readonly end: () => void; readonly ended: Promise<void> } | undefined;
  #stopped = false;
  readonly #underway = new Set<Promise<unknown>>();
  /** Ends the wait for the next look. */
  #wake: () => void = () => undefined;
  #nudged = false;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  drain({ limit = LIMIT }: DrainOptions = {}): ResultAsync<DrainReport, RepositoryError> {
    if (!Number.isSafeInteger(limit) || limit < 1)
      return errAsync(validationError('limit', 'must be a positive integer'));
    const draining = this.#drain(limit, () => false);
    this.#underway.add(draining);
    return new ResultAsync(
      draining.finally(() => {
        this.#underway.delete(draining);
      }),
    );
  }

  start(): void {
    if (this.#running !== undefined) return;
    this.#stopped = false;
    const unsubscribe = this.#parts.onCommitted(() => {
      this.#nudged = true;
      this.#wake();
    });
    const end = (): void => {
      this.#stopped = true;
      unsubscribe();
      this.#wake();
    };
    this.#running = { end, ended: this.#run() };
  }

  async stop(): Promise<void> {
    const running = this.#running;
    running?.end();
    await Promise.all([running?.ended, ...this.#underway]);
    if (this.#running === running) this.#running = undefined;
  }

  async #run(): Promise<void> {
    while (!this.#stopped) {
      this.#nudged = false;
      const drained = await this.#drain(LIMIT, () => this.#stopped);
      if (drained.isErr())
        this.#parts.logger.warn({ err: drained.error }, 'events could not be relayed, they wait');
      await this.#pause();
    }
  }

  #pause(): Promise<void> {
    if (this.#stopped || this.#nudged) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, this.#parts.options.pollMs).unref();
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  async #drain(limit: number, enough: () => boolean): Promise<Result<DrainReport, RepositoryError>> {
    const { queue, options } = this.#parts;
    const report = { delivered: 0, failed: 0, dead: 0 };
    for (let left = limit; left > 0 && !enough();) {
      const claimed = await queue.claim(
        Math.min(options.concurrency, left),
        leaseFor(options.deliveryTimeoutMs),
      );
      if (claimed.isErr()) return claimed.map(() => report);
      if (claimed.value.length === 0) break;
      left -= claimed.value.length;
      const fates = await Promise.all(claimed.value.map((one) => this.#attempt(one)));
      for (const fate of fates) {
        if (fate.isErr()) return fate.map(() => report);
        report[fate.value] += 1;
      }
    }
    return ok(report);
  }

  async #attempt(claimed: ClaimedEvent): Promise<Result<Fate, RepositoryError>> {
    const { queue, options } = this.#parts;
    const { maxAttempts } = options;
    // Attempts that nobody has settled ended with their process, and perhaps ended it.
    if (claimed.attempt > maxAttempts)
      return queue.bury(claimed, `none of ${maxAttempts} attempts came to an end`).map(() => 'dead');
    const outcome = await this.#deliver(claimed);
    if (outcome.isOk()) return queue.settle(claimed).map(() => 'delivered');
    const reason = inWords(outcome.error);
    if (claimed.attempt < maxAttempts)
      return queue.postpone(claimed, reason, this.#waitAfter(claimed.attempt)).map(() => 'failed');
    const { id, type } = claimed.event;
    this.#parts.logger.error({ event: type, id, reason }, 'an event is dead');
    return queue.bury(claimed, reason).map(() => 'dead');
  }

  #deliver({ event }: ClaimedEvent): Promise<Result<unknown, unknown>> {
    const { transport, options } = this.#parts;
    return new Promise((resolve) => {
      const timer = setTimeout(
        () => resolve(err(`no answer within ${options.deliveryTimeoutMs} ms`)),
        options.deliveryTimeoutMs,
      );
      void settled(async () => await transport.deliver(event)).then((outcome) => {
        clearTimeout(timer);
        resolve(outcome);
      });
    });
  }

  /** Doubled each time; by chance a little less, so that what failed together is not tried together for ever. */
  #waitAfter(attempt: number): number {
    const { firstRetryMs, longestRetryMs } = this.#parts.options;
    const wait = Math.min(longestRetryMs, firstRetryMs * 2 ** (attempt - 1));
    return Math.ceil(wait * (0.5 + Math.random() / 2));
  }
}
