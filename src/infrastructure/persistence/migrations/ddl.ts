import type { Migration } from '@mikro-orm/migrations';

export type MigrationClass = new (...args: ConstructorParameters<typeof Migration>) => Migration;

/** Values as SQL has them in a list. */
export const list = (values: readonly string[]): string => values.map((value) => `'${value}'`).join(', ');

/** Text that says something, and not too much. */
export const textCheck = (column: string, max: number): string =>
  `check (btrim(${column}) <> '' and char_length(${column}) <= ${max})`;

/** What the database keeps of a table that is only ever added to. */
export const refusingTrigger = (schema: string, name: string, message: string): string =>
  `create function ${schema}.${name}() returns trigger
    language plpgsql set search_path = pg_catalog, pg_temp as $refuse$
    begin
      raise exception '${message}', old.id using
        errcode = '23514', constraint = '${name}', schema = tg_table_schema, table = tg_table_name;
    end
    $refuse$`;
