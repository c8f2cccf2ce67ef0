import type { Result } from 'neverthrow';
import type { EventQueue } from '../../application/ports/event-queue.ts';
import type { EventSubscriber } from '../../application/ports/event-publisher.ts';
import type { EventTransport } from '../../application/ports/event-transport.ts';
import type { Logger } from '../../application/ports/logger.ts';
import { parseObject } from '../../domain/shared/input.ts';
import { invalid, type ValidationError } from '../../domain/shared/validation-error.ts';
import { EventRelay, type OutboxRelay } from './event-relay.ts';
import { parseRelayOptions, type RelayOptions } from './relay-options.ts';

interface Surroundings {
  readonly eventQueue: EventQueue;
  readonly events: EventSubscriber;
}

const STOP_LIMIT_MS = 5_000;

/** The relays of one SDK. */
export class EventRelays {
  readonly #surroundings: Surroundings;
  readonly #logger: Logger;
  readonly #relays = new Set<EventRelay>();

  constructor(surroundings: Surroundings, logger: Logger) {
    this.#surroundings = surroundings;
    this.#logger = logger;
  }

  get none(): boolean {
    return this.#relays.size === 0;
  }

  to(transport: EventTransport, given: RelayOptions = {}): Result<OutboxRelay, ValidationError> {
    return parseObject(transport, 'transport')
      .andThen((valid) =>
        typeof valid.deliver === 'function'
          ? parseRelayOptions(given)
          : invalid('transport.deliver', 'must be a function'),
      )
      .map((options) => {
        const { eventQueue: queue, events } = this.#surroundings;
        const onCommitted = (callback: () => void): (() => void) => events.onAny(callback);
        const relay = new EventRelay({ queue, transport, options, logger: this.#logger, onCommitted });
        this.#relays.add(relay);
        return relay;
      });
  }

  /** Waits for deliveries under way, but not for ever: what is not settled then is delivered again by somebody. */
  async stop(limitMs = STOP_LIMIT_MS): Promise<void> {
    const stopped = Promise.all([...this.#relays].map((relay) => relay.stop()));
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, limitMs);
    });
    await Promise.race([stopped, late]);
    clearTimeout(timer);
  }
}
