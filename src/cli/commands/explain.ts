import { okAsync } from 'neverthrow';
import type { Explanation, PlanNode } from '../../index.ts';
import { defineCommand } from '../command.ts';
import { duration } from '../text.ts';

interface ExplainCommandOptions {
  readonly analyze?: true;
}

export const explain = defineCommand<ExplainCommandOptions>({
  name: 'explain',
  summary: 'show how PostgreSQL answers a query of the SDK; without a name, list the queries',
  details: 'The statement is the one that the repository sends, for rows that are there. Changes nothing.',
  configure: (command) =>
    command
      .argument('[name]', 'the query, such as slots.getFreeForCity')
      .option('--analyze', 'run it, in a transaction that is rolled back, and show what each step came to'),
  run: ({ open }, { args: [name], options }) =>
    open().andThen(({ diagnostics }) =>
      name === undefined
        ? okAsync({ data: { queries: diagnostics.namedQueries }, text: diagnostics.namedQueries.join('\n') })
        : diagnostics
            .explain(name, options)
            .map((explained) => ({ data: explained, text: textOf(explained) })),
    ),
});

const textOf = ({ sql, plan, executionMs, sequentialScans }: Explanation): string =>
  [
    sql,
    '',
    ...linesOf(plan, ''),
    '',
    executionMs === undefined
      ? 'Not run: rows are what PostgreSQL expects.'
      : `Took ${duration(executionMs)}.`,
    ...sequentialScans.map(({ table = '' }) => `Reads ${table} from end to end.`),
  ].join('\n');

function linesOf(node: PlanNode, indent: string): readonly string[] {
  const { kind, table, index, condition, children } = node;
  const where = [table === undefined ? '' : ` on ${table}`, index === undefined ? '' : ` by ${index}`].join(
    '',
  );
  return [
    `${indent}${kind}${where}: ${rowsOf(node)}`,
    ...(condition === undefined ? [] : [`${indent}    ${condition}`]),
    ...children.flatMap((child) => linesOf(child, `${indent}  `)),
  ];
}

const rowsOf = ({ estimatedRows, actualRows, actualMs = 0 }: PlanNode): string =>
  actualRows === undefined
    ? `${estimatedRows} rows`
    : `${actualRows} rows in ${duration(actualMs)}, ${estimatedRows} expected`;
