import type { ResultAsync } from 'neverthrow';
import type { IndexOutcome, IndexReport } from '../../index.ts';
import { explain, type CliError } from '../cli-error.ts';
import { defineCommand, type CommandContext, type Report } from '../command.ts';
import { exitCodeOf, exitCodes } from '../exit-codes.ts';
import { amount, bytes, duration, table } from '../text.ts';

interface IndexesOptions {
  readonly create?: true;
}

export const indexes = defineCommand<IndexesOptions>({
  name: 'indexes',
  summary: 'list the indexes there are and should be, with size and use; create those that are missing',
  details: `Without --create it changes nothing; scans are counted since the statistics of the database began. With it, indexes that
make reads fast and that are missing or invalid are built one after the other, while reads and writes go on; what an
interrupted run leaves half built, the next one builds again. Those that keep rows from being wrong are left to migrations:
see \`slotwise doctor\`. The role must own the tables.`,
  configure: (command) => command.option('--create', 'build those that are missing or invalid'),
  run: (context, { options }) => (options.create === true ? create(context) : list(context)),
});

const list = ({ open }: CommandContext): ResultAsync<Report, CliError> =>
  open()
    .andThen((sdk) => sdk.diagnostics.indexes())
    .map((found) => ({ data: { indexes: found }, text: listed(found) }));

const listed = (found: readonly IndexReport[]): string =>
  table([
    ['table', 'index', 'state', 'declared', 'size', 'scans'],
    ...found.map((one) => [
      one.table,
      one.name,
      one.state,
      one.declared ? 'yes' : 'no',
      bytes(one.bytes),
      one.scans,
    ]),
  ]);

const create = ({ open, output, signal }: CommandContext): ResultAsync<Report, CliError> =>
  open()
    .andThen((sdk) =>
      sdk.diagnostics.createIndexes({
        signal,
        onProgress: ({ name, done, total }) =>
          output.progress(`${name}: ${done} of ${amount(total, 'index', 'indexes')}`),
      }),
    )
    .map(reportOf);

function reportOf(outcomes: readonly IndexOutcome[]): Report {
  const failed = outcomes.find(isFailed);
  return {
    data: { indexes: outcomes.map(explained) },
    text:
      outcomes.length === 0
        ? 'No index that makes reads fast is missing.'
        : table(outcomes.map((one) => [one.table, one.name, one.outcome, detailOf(one)])),
    exitCode: failed === undefined ? exitCodes.ok : exitCodeOf(failed.error),
  };
}

type Failed = Extract<IndexOutcome, { readonly outcome: 'failed' }>;

const isFailed = (one: IndexOutcome): one is Failed => one.outcome === 'failed';

const explained = (one: IndexOutcome): unknown =>
  isFailed(one) ? { ...one, error: { type: one.error.type, message: explain(one.error) } } : one;

function detailOf(one: IndexOutcome): string {
  if (one.outcome === 'failed') return explain(one.error);
  return one.outcome === 'left' ? '' : duration(one.durationMs);
}
