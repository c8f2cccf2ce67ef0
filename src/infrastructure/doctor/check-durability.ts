import type { DoctorFinding } from '../../application/ports/diagnostics.ts';
import { foundOr, well, type Check } from './check.ts';

const levels = { fsync: 'critical', full_page_writes: 'critical', synchronous_commit: 'warning' } as const;

interface Disabled {
  readonly name: keyof typeof levels;
}

const statement = `select name from pg_settings where name = any($1) and setting = 'off' order by name`;

/** Whether what is committed outlives a power cut. Test servers do without, and are quicker for it. */
export const checkDurability: Check = ({ catalogue }) =>
  catalogue
    .rows<Disabled>('durability', statement, [Object.keys(levels)])
    .map((disabled) =>
      foundOr(disabled.map(findingOf), well('durability', 'what is committed outlives a power cut')),
    );

const findingOf = ({ name }: Disabled): DoctorFinding => ({
  check: 'durability',
  level: levels[name],
  message:
    levels[name] === 'critical'
      ? `${name} is off: a power cut can leave the database damaged`
      : `${name} is off: a power cut can undo the latest commits`,
  remedy: `set ${name} to on`,
});
