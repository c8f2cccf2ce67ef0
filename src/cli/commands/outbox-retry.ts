import { ids } from '../arguments.ts';
import { defineCommand } from '../command.ts';
import { amount } from '../text.ts';

interface RetryOptions {
  readonly id?: readonly number[];
}

export const outboxRetry = defineCommand<RetryOptions>({
  name: 'outbox retry',
  summary: 'let dead events be delivered again',
  details: 'They wait for a relay, or for `outbox drain`. All of them when no id is given.',
  configure: (command) => command.option('--id <ids...>', 'these events only', ids),
  run: ({ open }, { options: { id } }) =>
    open()
      .andThen((sdk) => sdk.outbox.retryDead(id))
      .map((retried) => ({ data: { retried }, text: `${amount(retried, 'event')} will be tried again.` })),
});
