import { okAsync } from 'neverthrow';
import { defineCommand } from '../command.ts';
import { collectMetrics } from '../export/collect-metrics.ts';
import { localDays } from '../report/local-days.ts';
import { writeWhole } from '../write-file.ts';

interface ExportOptions {
  readonly force?: true;
}

const STDOUT = '-';

export const exportMetrics = defineCommand<ExportOptions>({
  name: 'export',
  summary: 'write what is known of the system to a file, as JSON',
  details: `Health, connections, tables, the statements that cost most, what the cache holds, what waits in the outbox, and the figures of
the last 30 days. The file is there in full or not at all. A Redis that is away is left out.`,
  configure: (command) =>
    command.argument('<file>', '- for stdout').option('--force', 'replace the file that is there'),
  run: ({ open, namesRedis }, { args: [file = STDOUT], options: { force = false } }) => {
    const now = new Date();
    return localDays({}, now).asyncAndThen((days) =>
      open()
        .andThen((sdk) => collectMetrics(sdk, days, namesRedis, now))
        .andThen((metrics) => {
          const text = JSON.stringify(metrics, undefined, 2);
          if (file === STDOUT) return okAsync({ data: metrics, text });
          return writeWhole(file, `${text}\n`, force).map(() => ({
            data: { file, version: metrics.version },
            text: `Wrote ${file}.`,
          }));
        }),
    );
  },
});
