import { ok, safeTry } from 'neverthrow';
import type { CliError } from '../cli-error.ts';
import { defineCommand } from '../command.ts';

interface SweepOptions {
  readonly events?: true;
}

export const sweep = defineCommand<SweepOptions>({
  name: 'sweep',
  summary: 'remove what nobody needs any more',
  details: `Idempotency keys after 24 hours, updates of the inbox after 48, tokens a week after they expired. With --events also events
that nobody has delivered in 30 days, dead ones as well: for hosts that relay nothing.`,
  configure: (command) => command.option('--events', 'also events that were never delivered'),
  run: ({ open }, { options: { events = false } }) =>
    open()
      .andThen((sdk) =>
        safeTry<Readonly<Record<string, number>>, CliError>(async function* () {
          const removed = {
            idempotencyKeys: (yield* sdk.idempotency.sweep()).removed,
            inboxUpdates: (yield* sdk.inbox.sweep()).removed,
            tokens: (yield* sdk.tokens.sweep()).removed,
          };
          return ok(events ? { ...removed, events: (yield* sdk.outbox.sweep()).removed } : removed);
        }),
      )
      .map((removed) => ({
        data: { removed },
        text: `Removed ${Object.entries(removed)
          .map(([what, count]) => `${count} ${words(what)}`)
          .join(', ')}.`,
      })),
});

/** `idempotencyKeys` as people write it. */
const words = (name: string): string => name.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
