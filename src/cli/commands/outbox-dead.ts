import type { DeadEvent } from '../../index.ts';
import { wholeNumber } from '../arguments.ts';
import { defineCommand } from '../command.ts';
import { table } from '../text.ts';

interface DeadOptions {
  readonly limit?: number;
  readonly cursor?: string;
}

export const outboxDead = defineCommand<DeadOptions>({
  name: 'outbox dead',
  summary: 'list the events that could not be delivered',
  details:
    'Without what they say: `outbox retry` lets a relay deliver them once more, `outbox discard` removes them.',
  configure: (command) =>
    command
      .option('--limit <number>', 'events of one page, 100 at most; 50 when left out', wholeNumber(1, 100))
      .option('--cursor <text>', 'where the page before has ended'),
  run: ({ open }, { options }) =>
    open()
      .andThen((sdk) => sdk.outbox.listDead(options))
      .map(({ items, nextCursor }) => {
        const dead = items.map(summaryOf);
        return {
          data: { dead, ...(nextCursor === undefined ? {} : { nextCursor }) },
          text: [
            dead.length === 0
              ? 'No event is dead.'
              : table([
                  ['id', 'type', 'of', 'attempts', 'dead since', 'last error'],
                  ...dead.map((one) => [
                    one.id,
                    one.type,
                    one.aggregate,
                    one.attempts,
                    one.deadAt,
                    one.lastError,
                  ]),
                ]),
            ...(nextCursor === undefined ? [] : [`More: --cursor ${nextCursor}`]),
          ].join('\n'),
        };
      }),
});

const summaryOf = ({ event: { id, type, aggregate }, attempts, lastError, deadAt }: DeadEvent) => ({
  id,
  type,
  aggregate,
  attempts,
  deadAt: deadAt.toJSON(),
  lastError,
});
