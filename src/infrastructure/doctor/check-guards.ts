import type { DoctorFinding } from '../../application/ports/diagnostics.ts';
import { readGuards, type GuardState } from '../persistence/catalogue/guards.ts';
import { foundOr, well, type Check } from './check.ts';

/** Whether everything that the migrations declare to keep rows right is there and does so. */
export const checkGuards: Check = ({ catalogue }) =>
  readGuards(catalogue).map((guards) =>
    foundOr(
      guards.filter(({ state }) => state !== 'enforced').map((guard) => findingOf(guard, catalogue.schema)),
      well('guards', `all ${guards.length} constraints, triggers and unique indexes are enforced`),
    ),
  );

function findingOf({ table, name, kind, state }: GuardState, schema: string): DoctorFinding {
  const on = `"${schema}".${table}`;
  if (state === 'missing')
    return {
      check: 'guards',
      level: 'critical',
      message: `the ${kind} ${name} on ${on} is missing`,
      remedy:
        'repair the rows that it would refuse, then make it as a fresh schema has it (`slotwise migrate plan --schema fresh` prints its SQL)',
    };
  return {
    check: 'guards',
    level: 'critical',
    message: `the ${kind} ${name} on ${on} ${unenforced[kind]}`,
    remedy: `repair the rows that it would refuse, then: ${repairs[kind](on, name, schema)}`,
  };
}

const unenforced = {
  constraint: 'is not validated: rows from before it may break it',
  trigger: 'is disabled',
  index: 'is invalid',
} as const;

const repairs = {
  constraint: (on: string, name: string) => `alter table ${on} validate constraint ${name};`,
  trigger: (on: string, name: string) => `alter table ${on} enable trigger ${name};`,
  index: (_on: string, name: string, schema: string) => `reindex index concurrently "${schema}".${name};`,
} as const;
