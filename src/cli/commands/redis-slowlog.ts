import { wholeNumber } from '../arguments.ts';
import { defineCommand } from '../command.ts';
import { duration, table } from '../text.ts';

interface SlowlogOptions {
  readonly count?: number;
}

export const redisSlowlog = defineCommand<SlowlogOptions>({
  name: 'redis slowlog',
  summary: 'list commands that Redis found slow, whoever sent them',
  details:
    'Names and durations only: arguments may hold personal data. What is slow is set by slowlog-log-slower-than.',
  configure: (command) =>
    command.option('--count <number>', 'the latest of each server; 10 when left out', wholeNumber(1, 1000)),
  run: ({ open }, { options: { count } }) =>
    open({ redis: true })
      .andThen((sdk) => sdk.cache.slowLog(count))
      .map((commands) => ({
        data: { commands },
        text:
          commands.length === 0
            ? 'No command was slow.'
            : table([
                ['took', 'command', 'arguments', 'at'],
                ...commands.map((one) => [duration(one.durationMs), one.command, one.arguments, one.at]),
              ]),
      })),
});
