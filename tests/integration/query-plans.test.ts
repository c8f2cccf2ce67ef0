import { Client } from 'pg';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { createSlotwise, type Result, type Slotwise } from '../../src/index.ts';
import { shapeOf } from '../../src/infrastructure/observability/statements/shape-of.ts';
import { ScratchDatabase } from '../support/scratch-database.ts';
import { describeWithPostgres } from '../support/services.ts';

interface Plan {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Index Name'?: string;
  readonly Plans?: readonly Plan[];
}

/** A plan and everything below it. */
const nodesOf = (plan: Plan): readonly Plan[] => [plan, ...(plan.Plans ?? []).flatMap(nodesOf)];

const RECRUITERS = 100;

/** A few years of 100 recruiters in ten cities: 8,000 slots, a twentieth of them ahead, half of the past ones booked. */
const history = [
  `insert into $schema.city (name, time_zone, active)
    select 'City ' || n, 'Europe/Berlin', true from generate_series(1, 10) n`,
  `insert into $schema.recruiter (name, time_zone, active)
    select 'Recruiter ' || n, 'Europe/Berlin', true from generate_series(1, ${RECRUITERS}) n`,
  `insert into $schema.candidate (full_name, active)
    select 'Candidate ' || n, true from generate_series(1, 500) n`,
  `insert into $schema.slot (recruiter_id, city_id, purpose, time_zone, starts_at, ends_at, occupied_from, occupied_until)
    select recruiter, 1 + recruiter % 10, 'interview', 'Europe/Berlin', at, at + interval '1 hour', at, at + interval '1 hour'
    from generate_series(1, ${RECRUITERS}) recruiter, generate_series(1, 80) week,
      lateral (select date_trunc('hour', now()) + (week - 76) * interval '7 days' + interval '1 hour' as at) time`,
  `insert into $schema.booking (slot_id, candidate_id, purpose, state, created_at, ended_at)
    select id, 1 + id % 500, purpose, (array['completed', 'canceled'])[1 + id % 2], starts_at, ends_at
    from $schema.slot where starts_at < now() and id % 2 = 0 or starts_at < now() and id % 3 = 0`,
  `with requested as (
      insert into $schema.booking (id, slot_id, candidate_id, purpose, state, created_at, expires_at)
      overriding system value select 1000000 + id, id, 1 + id % 500, purpose, 'requested', now(), starts_at
      from $schema.slot where starts_at > now() and id % 20 = 0 returning *)
    update $schema.slot set status = 'pending', candidate_id = requested.candidate_id,
      current_booking_id = requested.id, hold_expires_at = requested.expires_at
    from requested where requested.slot_id = slot.id`,
  'analyze $schema.city, $schema.recruiter, $schema.candidate, $schema.slot, $schema.booking',
];

describeWithPostgres('on thousands of rows', () => {
  const stack = new AsyncDisposableStack();
  const operations: string[] = [];
  let database: ScratchDatabase;
  let sdk: Slotwise;

  beforeAll(async () => {
    database = stack.use(new ScratchDatabase());
    const options = {
      database: database.options,
      cache: false,
      instrumentation: { statement: ({ operation }: { operation: string }) => operations.push(operation) },
    } as const;
    sdk = stack.use((await createSlotwise(options))._unsafeUnwrap());
    (await sdk.migrate())._unsafeUnwrap();
    for (const statement of history) await database.rows(statement);
  }, 60_000);

  afterAll(() => stack.disposeAsync());

  /** The statements that the driver is given while the SDK is asked, as they are. */
  async function sent(ask: (asked: Slotwise) => Promise<unknown>): Promise<readonly [string, unknown[]][]> {
    const query = vi.spyOn(Client.prototype, 'query');
    try {
      operations.length = 0;
      await ask(sdk);
      return query.mock.calls
        .map(([text, values]) => [text, values] as unknown as [string, unknown[]])
        .filter(
          ([text]) => (typeof text === 'string' && text.startsWith('select')) || text.startsWith('with'),
        );
    } finally {
      query.mockRestore();
    }
  }

  async function planOf([text, values]: readonly [string, unknown[]]): Promise<readonly Plan[]> {
    const [row] = await database.rows<{ 'QUERY PLAN': readonly { readonly Plan: Plan }[] }>(
      `explain (format json) ${text}`,
      values,
    );
    const [explained] = row?.['QUERY PLAN'] ?? [];
    if (explained === undefined) throw new Error('no plan came back');
    return nodesOf(explained.Plan);
  }

  const day = 24 * 60 * 60_000;
  const from = new Date(Date.now() - 30 * day);
  const until = new Date(Date.now() + 30 * day);

  const questions: Readonly<Record<string, (asked: Slotwise) => Promise<Result<unknown, unknown>>>> = {
    'an agenda': async ({ read }) => read.slots.getAgenda(7, { from, until }),
    'a search by recruiter and time': async ({ read }) =>
      read.slots.search({ recruiterIds: [7, 8], from, until }),
    'a search by city': async ({ read }) => read.slots.search({ cityIds: [3] }, { limit: 20 }),
    'a search by time alone': async ({ read }) => read.slots.search({ from, until }, { limit: 20 }),
    'a later page of everything': async ({ read }) =>
      read.slots.search({}, { limit: 20, cursor: `at:${from.getTime()}:5` }),
    'a summary by status': async ({ read }) => read.slots.statusSummary({ recruiterIds: [7], from, until }),
    'what a candidate has ahead': async ({ read }) => read.slots.getUpcomingForCandidate(21),
    'the summaries of 100 recruiters': async ({ read }) =>
      read.recruiters.freeSlotSummary(Array.from({ length: RECRUITERS }, (_, index) => index + 1)),
    'cities with availability': async ({ read }) => read.cities.withAvailability(),
    'a search of bookings by state': async (asked) =>
      asked.transaction((uow) => uow.bookings.search({ states: ['requested'] }, { limit: 20 })),
    'the bookings of a slot': async (asked) => asked.transaction((uow) => uow.bookings.listForSlot(6)),
    'the active bookings of a candidate': async (asked) =>
      asked.transaction((uow) => uow.bookings.countActive(21)),
    'a report of one recruiter': async ({ reports }) =>
      reports.bookings({ from, until, recruiterId: 7, groupBy: 'day' }),
    'the history of a booking': async (asked) =>
      asked.transaction((uow) => uow.bookings.historyOf(1_007_700)),
  };

  it.each(Object.entries(questions))(
    '%s is one statement, which finds its rows by an index',
    async (_name, ask) => {
      const statements = await sent(async (asked) => expect((await ask(asked)).isOk()).toBe(true));
      expect(operations).toHaveLength(1);
      expect(statements).toHaveLength(1);
      const [statement] = statements;
      if (statement === undefined) throw new Error('nothing was sent');
      const nodes = await planOf(statement);
      const onLargeTables = nodes.filter((node) => ['slot', 'booking'].includes(node['Relation Name'] ?? ''));
      expect(onLargeTables.filter((node) => node['Node Type'] === 'Seq Scan')).toEqual([]);
      expect(nodes.filter((node) => node['Index Name'] !== undefined)).not.toEqual([]);
    },
  );

  it('what nothing is indexed for is seen to read the whole table', async () => {
    const [statement] = await sent(async ({ read }) => read.slots.statusSummary({ purposes: ['intro_day'] }));
    if (statement === undefined) throw new Error('nothing was sent');
    expect((await planOf(statement)).map((node) => node['Node Type'])).toContain('Seq Scan');
  });

  it('explains every named query, none of which reads a large table from end to end', async () => {
    const explained = await Promise.all(
      sdk.diagnostics.namedQueries.map(async (name) => (await sdk.diagnostics.explain(name))._unsafeUnwrap()),
    );
    expect(explained.length).toBeGreaterThan(15);
    const whole = explained.flatMap(({ name, sequentialScans }) =>
      sequentialScans.map(({ table }) => `${name} ${table}`),
    );
    expect(whole.filter((scan) => / (slot|booking)$/.test(scan))).toEqual([]);
  });

  it('explains the statement that the repository sends, and with analyze what it comes to', async () => {
    const statements = await sent(async ({ read }) => read.slots.getAgenda(1, { from, until }));
    const { diagnostics } = sdk;
    const explained = (await diagnostics.explain('slots.getAgenda', { analyze: true }))._unsafeUnwrap();
    expect(explained).toMatchObject({ name: 'slots.getAgenda', operation: 'slots.getAgenda' });
    expect(explained.sql).toBe(shapeOf(statements[0]?.[0] ?? ''));
    expect(explained.executionMs).toBeGreaterThan(0);
    const agenda = (await sdk.read.slots.getAgenda(1, { from, until }))._unsafeUnwrap();
    expect(explained.plan.actualRows).toBe(agenda.length);
    expect(agenda.length).toBeGreaterThan(5);
  });

  it('the answers are right', async () => {
    const cities = (await sdk.read.cities.withAvailability())._unsafeUnwrap();
    const [{ free } = { free: 0 }] = await database.rows<{ free: number }>(
      `select count(*)::int as free from $schema.slot where status = 'free' and starts_at > now()`,
    );
    expect(free).toBeGreaterThan(300);
    expect(cities.reduce((sum, { count }) => sum + count, 0)).toBe(free);
    const agenda = (await sdk.read.slots.getAgenda(7, { from, until }))._unsafeUnwrap();
    expect(agenda.length).toBeGreaterThan(5);
  });

  it('explains a table that is read from end to end as such', async () => {
    await database.rows(
      'drop index $schema.slot_open_by_city, $schema.slot_open_by_start, $schema.slot_by_city',
    );
    await database.rows('drop index $schema.slot_by_start, $schema.slot_open_by_recruiter');
    const { sequentialScans } = (await sdk.diagnostics.explain('slots.getFreeForCity'))._unsafeUnwrap();
    const ofSlots = sequentialScans.find(({ table }) => table === 'slot');
    expect(ofSlots).toMatchObject({
      kind: 'Seq Scan',
      condition: expect.stringContaining('city_id') as string,
    });
    expect(ofSlots).not.toHaveProperty('actualRows');
  });
});
