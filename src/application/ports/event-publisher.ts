import type { DomainEvent, EventOf, EventType } from '../../domain/event/domain-event.ts';

type Handler<Event> = (event: Event) => void | PromiseLike<void>;

/**
 * Events of what this process has committed, told to handlers in it: after the commit and its invalidation, before the
 * commit answers. What a handler throws is logged, nothing else. A process that dies in between tells nobody; those who
 * must be told whatever happens are told from the outbox.
 */
export interface EventSubscriber {
  /** Answers how to end the subscription. */
  on<Type extends EventType>(type: Type, handler: Handler<EventOf<Type>>): () => void;
  onAny(handler: Handler<DomainEvent>): () => void;
}

/** Tells handlers in this process. Never rejects. */
export interface EventPublisher {
  publish(events: readonly DomainEvent[]): Promise<void>;
}
