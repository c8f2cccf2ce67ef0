import type { ResultAsync } from 'neverthrow';
import type { StatementError } from '../session.ts';
import type { Catalogue } from './catalogue.ts';
import { declaredObjects, type DeclaredObjects } from './declared-objects.ts';

/** Something that keeps rows from being wrong. */
export interface Guard {
  readonly table: string;
  readonly name: string;
  readonly kind: 'constraint' | 'trigger' | 'index';
}

export interface GuardState extends Guard {
  /** `unenforced`: a constraint that was not validated, a trigger that is disabled, an index that is invalid. */
  readonly state: 'enforced' | 'unenforced' | 'missing';
}

interface GuardRow extends Guard {
  readonly enforced: boolean;
}

const kinds = {
  constraint: ({ keys, checks = [], references = [] }: DeclaredObjects) => [
    ...keys,
    ...checks,
    ...references,
  ],
  trigger: ({ triggers = [] }: DeclaredObjects) => triggers,
  index: ({ uniqueIndexes = [] }: DeclaredObjects) => uniqueIndexes,
} as const;

const declaredGuards: readonly Guard[] = Object.entries(declaredObjects).flatMap(([table, objects]) =>
  Object.entries(kinds).flatMap(([kind, namesIn]) =>
    namesIn(objects).map((name) => ({ table, name, kind: kind as Guard['kind'] })),
  ),
);

const present = `
  select relname as "table", conname as name, 'constraint' as kind, convalidated as enforced
    from pg_constraint join pg_class on pg_class.oid = conrelid
    where relnamespace = to_regnamespace($1)
  union all
  select relname, tgname, 'trigger', tgenabled in ('O', 'A')
    from pg_trigger join pg_class on pg_class.oid = tgrelid
    where relnamespace = to_regnamespace($1) and not tgisinternal
  union all
  select tables.relname, indexes.relname, 'index', indisvalid
    from pg_index join pg_class indexes on indexes.oid = indexrelid join pg_class tables on tables.oid = indrelid
    where tables.relnamespace = to_regnamespace($1) and indisunique`;

/** Every guard that the migrations declare, and whether it does its work. */
export const readGuards = (catalogue: Catalogue): ResultAsync<readonly GuardState[], StatementError> =>
  catalogue.rows<GuardRow>('guards', present, [`"${catalogue.schema}"`]).map((rows) => {
    const enforced = new Map(rows.map((row) => [keyOf(row), row.enforced]));
    return declaredGuards.map((guard) => ({ ...guard, state: stateOf(enforced.get(keyOf(guard))) }));
  });

const keyOf = ({ table, kind, name }: Guard): string => `${table} ${kind} ${name}`;

const stateOf = (enforced: boolean | undefined): GuardState['state'] =>
  enforced === undefined ? 'missing' : enforced ? 'enforced' : 'unenforced';
