import { errAsync } from 'neverthrow';
import { ids } from '../arguments.ts';
import { usage } from '../cli-error.ts';
import { defineCommand } from '../command.ts';
import { amount } from '../text.ts';

interface DiscardOptions {
  readonly id?: readonly number[];
  readonly all?: true;
}

export const outboxDiscard = defineCommand<DiscardOptions>({
  name: 'outbox discard',
  summary: 'remove dead events for good',
  details: 'Nobody is told of them any more.',
  configure: (command) =>
    command.option('--id <ids...>', 'these events only', ids).option('--all', 'all that are dead'),
  run: ({ open }, { options: { id, all } }) =>
    (id === undefined) === (all === undefined)
      ? errAsync(usage('say which: --id with the events, or --all'))
      : open()
          .andThen((sdk) => sdk.outbox.discardDead(id))
          .map((discarded) => ({ data: { discarded }, text: `Discarded ${amount(discarded, 'event')}.` })),
});
