export type Row = Readonly<Record<string, unknown>> & { readonly id: number };

/** Rows by table and id. */
export type Tables = ReadonlyMap<string, ReadonlyMap<number, Row>>;

/** What a transaction has written and not committed; a row that is undefined was deleted. */
export type Writes = ReadonlyMap<string, ReadonlyMap<number, Row | undefined>>;

export interface Statement {
  readonly kind: 'select' | 'insert' | 'update' | 'delete' | 'notify';
  readonly table: string;
  readonly where: readonly (readonly [column: string, operator: string, value: unknown])[];
  readonly values: Readonly<Record<string, unknown>>;
  /** FOR UPDATE, FOR SHARE and every write. */
  readonly locks: boolean;
}

const tableOf = <T>(
  tables: ReadonlyMap<string, ReadonlyMap<number, T>>,
  name: string,
): ReadonlyMap<number, T> => tables.get(name) ?? new Map<number, T>();

export function withWrites(tables: Tables, writes: Writes): Tables {
  const merged = new Map(tables);
  for (const [name, rows] of writes) {
    const table = new Map(tableOf(tables, name));
    for (const [id, row] of rows)
      if (row === undefined) table.delete(id);
      else table.set(id, row);
    merged.set(name, table);
  }
  return merged;
}

export const written = (writes: Writes, table: string, id: number, row: Row | undefined): Writes =>
  new Map(writes).set(table, new Map(tableOf(writes, table)).set(id, row));

export const matching = (tables: Tables, { table, where }: Statement): readonly Row[] =>
  [...tableOf(tables, table).values()]
    .filter((row) => where.every(([column, operator, value]) => holds(row[column], operator, value)))
    .sort((a, b) => a.id - b.id);

function holds(actual: unknown, operator: string, value: unknown): boolean {
  if (operator === 'in') return (value as readonly unknown[]).includes(actual);
  if (operator === '>') return Number(actual) > Number(value);
  return actual === value;
}

type Run = (statement: Statement) => Promise<readonly Row[]>;

/** A statement that may run again with other parameters. */
interface Compiled {
  readonly statement: Statement;
  readonly parameters: readonly unknown[];
}

/** The part of the query builder that the repositories of the scenarios use, over a function that runs statements. */
export class FakeQuery {
  readonly #run: Run;
  readonly #statement: Statement;

  constructor(run: Run, statement: Statement) {
    this.#run = run;
    this.#statement = statement;
  }

  select(): this {
    return this;
  }

  returning(): this {
    return this;
  }

  orderBy(): this {
    return this;
  }

  limit(): this {
    return this;
  }

  where(column: string, operator: string, value: unknown): FakeQuery {
    return this.#with({ where: [...this.#statement.where, [column, operator, value]] });
  }

  values(values: Readonly<Record<string, unknown>>): FakeQuery {
    return this.#with({ values });
  }

  set(values: Readonly<Record<string, unknown>>): FakeQuery {
    return this.#with({ values });
  }

  forUpdate(): FakeQuery {
    return this.#with({ locks: true });
  }

  forShare(): FakeQuery {
    return this.#with({ locks: true });
  }

  /** Its parameters are what columns are compared with. */
  compile(): Compiled {
    return { statement: this.#statement, parameters: this.#statement.where.map(([, , value]) => value) };
  }

  execute(): Promise<readonly Row[]> {
    return this.#run(this.#statement);
  }

  async executeTakeFirst(): Promise<Row | undefined> {
    const [row] = await this.execute();
    return row;
  }

  async executeTakeFirstOrThrow(): Promise<Row> {
    const row = await this.executeTakeFirst();
    if (row === undefined) throw new Error('no result');
    return row;
  }

  #with(changes: Partial<Statement>): FakeQuery {
    return new FakeQuery(this.#run, { ...this.#statement, ...changes });
  }
}

/** What stands for the query builder itself. */
export const fakeDb = (run: Run) => {
  const start = (kind: Statement['kind'], locks: boolean) => (table: string) =>
    new FakeQuery(run, { kind, table, where: [], values: {}, locks });
  return {
    selectFrom: start('select', false),
    insertInto: start('insert', true),
    updateTable: start('update', true),
    deleteFrom: start('delete', true),
    /** Nobody watches the statements. */
    getExecutor: () => ({ plugins: [] }),
    executeQuery: async ({ statement, parameters }: Compiled) => ({
      rows: await run({
        ...statement,
        where: statement.where.map(([column, operator], index) => [column, operator, parameters[index]]),
      }),
    }),
    /** Only for `pg_notify`. */
    selectNoFrom: (
      expression: (eb: typeof expressions) => { readonly values: readonly [string, string] },
    ) => {
      const [channel, payload] = expression(expressions).values;
      return new FakeQuery(run, {
        kind: 'notify',
        table: channel,
        where: [],
        values: { payload },
        locks: false,
      });
    },
  };
};

const expressions = {
  val: (value: string): string => value,
  fn: (_name: string, values: readonly [string, string]) => ({ as: () => ({ values }) }),
};
