import { wholeNumber } from '../arguments.ts';
import { defineCommand } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { amount } from '../text.ts';

interface DrainOptions {
  readonly limit?: number;
}

export const outboxDrain = defineCommand<DrainOptions>({
  name: 'outbox drain',
  summary: 'deliver the events that wait to stdout, as JSON lines',
  details: `An event counts as delivered, and is gone from the outbox, when its line has been written. Lines of one aggregate come in
their order; a line may come twice, its id tells. How many there were is said on stderr.`,
  writes: 'lines',
  configure: (command) =>
    command.option('--limit <number>', 'events at most; 1000 when left out', wholeNumber(1)),
  run: ({ open, output }, { options }) =>
    open()
      .andThen((sdk) => sdk.outbox.relay({ deliver: (event) => output.json(event, 0) }))
      .andThen((relay) => relay.drain(options))
      .map((report) => ({
        data: report,
        text: `Delivered ${amount(report.delivered, 'event')}, ${report.failed} failed, ${report.dead} dead.`,
        exitCode: report.failed + report.dead === 0 ? exitCodes.ok : exitCodes.failed,
      })),
});
