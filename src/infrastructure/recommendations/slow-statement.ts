import { queryNames } from '../persistence/explain/explain-query.ts';
import type { Rule } from './rule.ts';

const named = new Set<string>(queryNames);

/** What this process has waited for. */
export const slowStatement: Rule = ({ slow }) =>
  slow.map(({ operation, calls, failed, maxMs }) => ({
    rule: 'slow-statement',
    subject: operation,
    message: `${operation} was slow ${times(calls)}, ${Math.round(maxMs)} ms at most${failed === 0 ? '' : `, and failed ${times(failed)}`}`,
    remedy: named.has(operation)
      ? `look at its plan: \`slotwise explain ${operation} --analyze\``
      : 'look at its plan with `explain (analyze, buffers)`, and at who holds the locks it waits for',
  }));

const times = (count: number): string => (count === 1 ? 'once' : `${count} times`);
