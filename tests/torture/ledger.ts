import type { ScratchDatabase } from '../support/scratch-database.ts';
import type { CommittedState } from './judge/commits.ts';
import { stateOf, type LedgerRow } from './rows.ts';

/** Tables whose rows are watched. */
const watched = ['city', 'recruiter', 'slot'] as const;

/**
 * Writes down every version of every row that is committed, in the transaction that commits it and whatever its writer
 * knows or tells. What a transaction leaves behind in the end counts, so the triggers run at the commit.
 */
const installation: readonly string[] = [
  `create table $schema.ledger (
    seq bigint generated always as identity primary key,
    kind text not null,
    id bigint not null,
    version integer not null,
    content jsonb
  )`,
  `create function $schema.content_of(kind text, row_id bigint) returns jsonb language plpgsql as $$
  declare found jsonb;
  begin
    execute format('select to_jsonb(r) from $schema.%I r where id = $1', kind) into found using row_id;
    if kind = 'recruiter' then
      found := found || jsonb_build_object('cities', (
        select coalesce(jsonb_agg(city_id order by city_id), '[]') from $schema.recruiter_city
        where recruiter_id = row_id));
    end if;
    return found;
  end $$`,
  `create function $schema.write_down() returns trigger language plpgsql as $$
  declare found jsonb;
  begin
    if tg_op = 'DELETE' then
      insert into $schema.ledger (kind, id, version) values (tg_table_name, old.id, old.version + 1);
      return null;
    end if;
    found := $schema.content_of(tg_table_name, new.id);
    if (found ->> 'version')::int = new.version then
      insert into $schema.ledger (kind, id, version, content) values (tg_table_name, new.id, new.version, found);
    end if;
    return null;
  end $$`,
  ...watched.map(
    (table) => `create constraint trigger write_down after insert or update or delete on $schema.${table}
      deferrable initially deferred for each row execute function $schema.write_down()`,
  ),
];

/** The database's own account of what was committed. */
export class Ledger {
  readonly #database: ScratchDatabase;
  #read = '0';

  private constructor(database: ScratchDatabase) {
    this.#database = database;
  }

  /** From here on commits are written down; what is there already counts as its beginning. */
  static async open(database: ScratchDatabase): Promise<Ledger> {
    for (const statement of installation) await database.rows(statement);
    for (const table of watched)
      await database.rows(
        `insert into $schema.ledger (kind, id, version, content)
         select '${table}', id, version, $schema.content_of('${table}', id) from $schema.${table}`,
      );
    return new Ledger(database);
  }

  /** What was committed since the last call. Nobody may be writing meanwhile. */
  async news(): Promise<readonly CommittedState[]> {
    const rows = await this.#database.rows<LedgerRow & { readonly seq: string }>(
      'select seq, kind, id, version, content from $schema.ledger where seq > $1 order by seq',
      [this.#read],
    );
    this.#read = rows.at(-1)?.seq ?? this.#read;
    return rows.map(stateOf);
  }

  /** What the tables hold now. */
  async present(): Promise<readonly CommittedState[]> {
    const tables = await Promise.all(
      watched.map((table) =>
        this.#database.rows<LedgerRow>(
          `select '${table}' as kind, id, version, $schema.content_of('${table}', id) as content from $schema.${table}`,
        ),
      ),
    );
    return tables.flat().map(stateOf);
  }

  /** Whether a recruiter of this name was ever committed. */
  async hasRecruiter(name: string): Promise<boolean> {
    const found = await this.#database.rows(
      `select from $schema.ledger where kind = 'recruiter' and content ->> 'name' = $1`,
      [name],
    );
    return found.length > 0;
  }
}
