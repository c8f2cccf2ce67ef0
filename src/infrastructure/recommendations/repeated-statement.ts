import type { Rule } from './rule.ts';

/** Lists that are read one by one. */
export const repeatedStatement: Rule = ({ repeated }) =>
  repeated.map(({ operation, most, unitsOfWork, stack }) => ({
    rule: 'repeated-statement',
    subject: operation,
    message: `${operation} was sent ${most} times in one unit of work; units of work so far: ${unitsOfWork}`,
    remedy: `read them together (\`getMany\`, \`read.withRelations\`)${stack[0] === undefined ? '' : `, at ${stack[0]}`}`,
  }));
