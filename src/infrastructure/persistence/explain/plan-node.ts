import type { PlanNode } from '../../../application/ports/query-diagnostics.ts';

/** A step of a plan in PostgreSQL's JSON; what stands there depends on its kind. */
export interface PlanRecord {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Index Name'?: string;
  readonly 'Index Cond'?: string;
  readonly Filter?: string;
  readonly 'Plan Rows': number;
  readonly 'Total Cost': number;
  readonly 'Actual Rows'?: number;
  readonly 'Actual Total Time'?: number;
  readonly 'Actual Loops'?: number;
  readonly Plans?: readonly PlanRecord[];
}

export function planNode(record: PlanRecord): PlanNode {
  const conditions = [record['Index Cond'], record.Filter].filter((one) => one !== undefined);
  const { 'Actual Rows': rows, 'Actual Total Time': ms, 'Actual Loops': loops = 1 } = record;
  return {
    kind: record['Node Type'],
    ...(record['Relation Name'] === undefined ? {} : { table: record['Relation Name'] }),
    ...(record['Index Name'] === undefined ? {} : { index: record['Index Name'] }),
    ...(conditions.length === 0 ? {} : { condition: conditions.join(' and ') }),
    // PostgreSQL says what one turn comes to, expected and actual.
    estimatedRows: record['Plan Rows'] * loops,
    cost: record['Total Cost'],
    ...(rows === undefined || ms === undefined
      ? {}
      : { actualRows: Math.round(rows * loops), actualMs: ms * loops }),
    children: (record.Plans ?? []).map(planNode),
  };
}

/** A step and everything below it. */
export const stepsOf = (node: PlanNode): readonly PlanNode[] => [node, ...node.children.flatMap(stepsOf)];
