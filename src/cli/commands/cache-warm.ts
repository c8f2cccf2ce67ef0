import type { CacheFamily, WarmReport } from '../../index.ts';
import { ids, wholeNumber } from '../arguments.ts';
import { explain } from '../cli-error.ts';
import { defineCommand, type Report } from '../command.ts';
import { exitCodeOf, exitCodes } from '../exit-codes.ts';
import { amount, duration } from '../text.ts';

interface WarmOptions {
  readonly families?: readonly CacheFamily[];
  readonly recruiters?: readonly number[];
  readonly cities?: readonly number[];
  readonly slots?: readonly number[];
  readonly candidates?: readonly number[];
  readonly templates?: readonly number[];
  readonly pages?: number;
}

export const cacheWarm = defineCommand<WarmOptions>({
  name: 'cache warm',
  summary: 'read what is going to be read, so that it is in Redis by then',
  details: `Everything when nothing is named; otherwise the families in full and the single entities. Reads four at a time, and
stops when the database fails.`,
  configure: (command) =>
    command
      .option('--families <names...>', 'some of recruiters, cities, slots, candidates, templates')
      .option('--recruiters <ids...>', 'single recruiters', ids)
      .option('--cities <ids...>', 'single cities', ids)
      .option('--slots <ids...>', 'single slots', ids)
      .option('--candidates <ids...>', 'single candidates', ids)
      .option('--templates <ids...>', 'single templates', ids)
      .option('--pages <number>', 'pages of 50 of each list; 10 when left out', wholeNumber(1)),
  run: ({ open, output, signal }, { options }) =>
    open({ redis: true })
      .andThen((sdk) =>
        sdk.cache.warm({
          ...options,
          signal,
          onProgress: ({ family, done, total }) => output.progress(`${family}: ${done} of ${total} reads`),
        }),
      )
      .map(reportOf),
});

function reportOf(report: WarmReport): Report {
  const { loaded, failed, complete, durationMs, firstError } = report;
  const done = `Warmed ${loaded} entities and lists in ${duration(durationMs)}.`;
  if (complete && failed === 0) return { data: report, text: done };
  const why = firstError === undefined ? '' : `: ${explain(firstError)}`;
  return {
    data: report,
    text: `${done}\n${amount(failed, 'read')} failed${complete ? '' : ', the rest was left out'}${why}`,
    exitCode: firstError === undefined ? exitCodes.failed : exitCodeOf(firstError),
  };
}
