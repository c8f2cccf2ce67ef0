import { setTimeout as sleep } from 'node:timers/promises';
import { ok, safeTry, type ResultAsync } from 'neverthrow';
import { wholeNumber } from '../arguments.ts';
import type { CliError } from '../cli-error.ts';
import { defineCommand, type CommandContext, type Report } from '../command.ts';
import { observationText } from '../monitor/observation-text.ts';
import { observe } from '../monitor/observation.ts';
import { Sampler, type Sample } from '../monitor/sample.ts';

interface MonitorOptions {
  readonly every: number;
  readonly count?: number;
}

export const monitor = defineCommand<MonitorOptions>({
  name: 'monitor',
  summary: 'show how the system does, again and again',
  details: `Health, connections, rates since the time before, how much of what was looked up in Redis was there, what waits in the
outbox, new bookings. Goes on while servers are away, and with them when they are back. Ends with 0 when it is interrupted.`,
  writes: 'views',
  configure: (command) =>
    command
      .option('--every <seconds>', 'between two looks', wholeNumber(1, 3600), 2)
      .option('--count <number>', 'of looks; until it is interrupted when left out', wholeNumber(1)),
  run: (context, { options }) => watch(context, options),
});

const watch = (
  { open, namesRedis, output, json, signal }: CommandContext,
  { every, count = Number.POSITIVE_INFINITY }: MonitorOptions,
): ResultAsync<Report, CliError> =>
  safeTry<Report, CliError>(async function* () {
    const sampler = new Sampler(open, namesRedis);
    let before: Sample | undefined;
    for (let looks = 1; !signal.aborted; looks += 1) {
      const sample: Sample = yield* sampler.next();
      const observation = observe(before, sample);
      yield* json ? output.json(observation, 0) : output.view(observationText(observation, output));
      if (looks >= count) break;
      before = sample;
      // Interrupted: there is nothing to wait for any more.
      await sleep(every * 1000, undefined, { signal }).catch(() => undefined);
    }
    return ok({ data: undefined, text: '' });
  });
