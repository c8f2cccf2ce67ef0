import type { StatementsNotCounted } from '../../index.ts';
import { wholeNumber } from '../arguments.ts';
import { defineCommand, type Report } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { statementTable } from '../statement-table.ts';
import { amount } from '../text.ts';

interface SlowQueriesOptions {
  readonly limit?: number;
  readonly reset?: true;
}

export const slowQueries = defineCommand<SlowQueriesOptions>({
  name: 'slow-queries',
  summary: 'list the statements on these tables that take longest, as PostgreSQL counts them',
  details: `The slowest on average first, of every process. Needs the extension pg_stat_statements, and ends with 1 where that is
not there.`,
  configure: (command) =>
    command
      .option('--limit <number>', 'statements to list; 10 when left out', wholeNumber(1, 1000))
      .option(
        '--reset',
        'forget what was counted of the statements on these tables, in place of listing them',
      ),
  run: ({ open }, { options: { limit, reset = false } }) =>
    open().andThen(({ diagnostics }) =>
      reset
        ? diagnostics
            .resetTopStatements()
            .map((done) =>
              done.available
                ? { data: done, text: `${amount(done.forgotten, 'statement')} forgotten.` }
                : notCounted(done),
            )
        : diagnostics
            .topStatements(limit, 'mean')
            .map((top) =>
              top.available ? { data: top, text: statementTable(top.statements) } : notCounted(top),
            ),
    ),
});

const notCounted = (answer: StatementsNotCounted): Report => ({
  data: answer,
  text: `Which statements are slow is not known: ${answer.remedy}`,
  exitCode: exitCodes.failed,
});
