import { Option } from 'commander';
import { okAsync } from 'neverthrow';
import { day, wholeNumber } from '../arguments.ts';
import { defineCommand } from '../command.ts';
import { collectReport, type CollectedReport, type ReportOptions } from '../report/collect-report.ts';
import { localDays, type GivenDays } from '../report/local-days.ts';
import { reportPage } from '../report/report-page.ts';
import { reportText } from '../report/report-text.ts';
import { writeWhole } from '../write-file.ts';

interface ReportCommandOptions extends GivenDays, ReportOptions {
  readonly html?: string;
  readonly force?: true;
}

export const report = defineCommand<ReportCommandOptions>({
  name: 'report',
  summary: 'say what became of slots and bookings, and what makes the system slow',
  details: `Slots that start on these days, with their bookings; what each figure counts is in the guide about reports. Reads every
slot, as the doctor does. With --html also a page of one file, with plots.`,
  configure: (command) =>
    command
      .option('--from <day>', 'first day; 29 days before the last when left out', day)
      .option('--to <day>', 'last day; today when left out', day)
      .option('--time-zone <zone>', 'whose days these are, an IANA zone; UTC when left out')
      .option('--city <id>', 'only slots in this city', wholeNumber(1))
      .option('--recruiter <id>', 'only slots of this recruiter', wholeNumber(1))
      .addOption(
        new Option('--by <what>', 'what has a line of its own; day, or week for more than six weeks').choices(
          ['city', 'recruiter', 'day', 'week'],
        ),
      )
      .option('--html <file>', 'write a page')
      .option('--force', 'replace the file that is there'),
  run: ({ open, namesRedis }, { options }) =>
    localDays(options, new Date()).asyncAndThen((days) =>
      open()
        .andThen((sdk) => collectReport(sdk, days, options, namesRedis))
        .andThen((collected) => {
          const { html, force = false } = options;
          const answer = { data: dataOf(collected), text: reportText(collected) };
          if (html === undefined) return okAsync(answer);
          return writeWhole(html, reportPage(collected, new Date()), force).map(() => ({
            ...answer,
            text: `Wrote ${html}.`,
          }));
        }),
    ),
});

const dataOf = ({ days, total, by, groups, bottlenecks }: CollectedReport) => ({
  ...days,
  by,
  total,
  groups,
  bottlenecks,
});
