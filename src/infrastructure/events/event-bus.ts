import type { EventPublisher, EventSubscriber } from '../../application/ports/event-publisher.ts';
import type { Logger } from '../../application/ports/logger.ts';
import type { DomainEvent, EventOf, EventType } from '../../domain/event/domain-event.ts';

type Handler = (event: DomainEvent) => void | PromiseLike<void>;

/** Handlers in this process, one after the other, so that they see events in their order. */
export class EventBus implements EventPublisher, EventSubscriber {
  readonly #logger: Logger;
  readonly #handlers = new Set<Handler>();

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  on<Type extends EventType>(
    type: Type,
    handler: (event: EventOf<Type>) => void | PromiseLike<void>,
  ): () => void {
    return this.onAny((event) => (event.type === type ? handler(event as EventOf<Type>) : undefined));
  }

  onAny(handler: Handler): () => void {
    // A handler that subscribes twice is told twice.
    const own: Handler = (event) => handler(event);
    this.#handlers.add(own);
    return () => void this.#handlers.delete(own);
  }

  async publish(events: readonly DomainEvent[]): Promise<void> {
    for (const event of events)
      for (const handler of this.#handlers) {
        try {
          await handler(event);
        } catch (cause) {
          this.#logger.error({ err: cause, event: event.type }, 'an event handler failed');
        }
      }
  }
}
