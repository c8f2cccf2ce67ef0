import { defineCommand } from '../command.ts';
import { duration, table } from '../text.ts';

export const outboxStatus = defineCommand({
  name: 'outbox status',
  summary: 'count the events that wait to be delivered, and those that are dead',
  run: ({ open }) =>
    open()
      .andThen((sdk) => sdk.outbox.backlog())
      .map((backlog) => ({
        data: backlog,
        text: table([
          ['waiting', backlog.waiting],
          ['oldest', duration(backlog.oldestMs)],
          ['dead', backlog.dead],
        ]),
      })),
});
