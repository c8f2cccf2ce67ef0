import type { Result, ResultAsync } from 'neverthrow';
import type { DomainEvent } from '../../domain/event/domain-event.ts';

/** Where the host wants its events to go: a queue, a webhook, a log. */
export interface EventTransport {
  /**
   * `Ok` once it is certain that the event has arrived. It may be given the same event again, in this or another process:
   * `event.id` tells. Events of one `aggregate` come one after the other, those of others at the same time. An `Err`, a
   * throw, or no answer in time is a failed attempt.
   */
  deliver(event: DomainEvent): PromiseLike<Result<unknown, unknown>> | ResultAsync<unknown, unknown>;
}
