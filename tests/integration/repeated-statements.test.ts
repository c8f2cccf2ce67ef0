import { okAsync } from 'neverthrow';
import { describe, expect, it } from 'vitest';
import {
  createSlotwise,
  type QueryLog,
  type Slotwise,
  type SlotwiseOptions,
  type TransactionOptions,
  type UnitOfWork,
} from '../../src/index.ts';
import { ScratchDatabase } from '../support/scratch-database.ts';
import { ScratchPrefix } from '../support/scratch-prefix.ts';
import { describeWithServers } from '../support/services.ts';

interface Warning {
  readonly fields: Readonly<Record<string, unknown>>;
  readonly message: string;
}

async function open(stack: AsyncDisposableStack, options: SlotwiseOptions = {}) {
  const warnings: Warning[] = [];
  const ignore = (): void => undefined;
  const warn = (fields: object, message: string): void =>
    void warnings.push({ fields: { ...fields }, message });
  const logger = { debug: ignore, info: ignore, error: ignore, warn };
  const opened = await createSlotwise({ logger, queries: { repeats: { atLeast: 3 } }, ...options });
  const sdk = stack.use(opened._unsafeUnwrap());
  (await sdk.migrate())._unsafeUnwrap();
  return { sdk, warnings };
}

/** Reads recruiters one by one, as a loop over a list does. */
async function readOneByOne(uow: UnitOfWork, ids: readonly number[]): Promise<void> {
  for (const id of ids) (await uow.recruiters.find(id))._unsafeUnwrap();
}

const inOneUnitOfWork = (
  sdk: Slotwise,
  work: (uow: UnitOfWork) => Promise<void>,
  options: TransactionOptions = {},
) => sdk.transaction((uow) => okAsync(work(uow)).map((done) => done), options);

describe('statements that one unit of work repeats', () => {
  it('are reported once for each unit of work, with how often and from where', async () => {
    await using stack = new AsyncDisposableStack();
    const { sdk, warnings } = await open(stack);
    (await inOneUnitOfWork(sdk, (uow) => readOneByOne(uow, [1, 2, 3, 4, 5])))._unsafeUnwrap();
    (await inOneUnitOfWork(sdk, (uow) => readOneByOne(uow, [11, 12, 13])))._unsafeUnwrap();
    expect(sdk.diagnostics.repeatedStatements()).toEqual([
      {
        operation: 'recruiters.find',
        sql: expect.stringMatching(/from "slotwise"\."recruiter" where "id" = \?$/) as string,
        unitsOfWork: 2,
        most: 5,
        stack: expect.any(Array) as string[],
        lastAt: expect.stringMatching(/^20.*Z$/) as string,
      },
    ]);
    expect(warnings[0]).toMatchObject({
      fields: { operation: 'recruiters.find', times: 3 },
      message: 'one unit of work sends the statement of recruiters.find again and again',
    });
    const frames = sdk.diagnostics.repeatedStatements()[0]?.stack ?? [];
    expect(frames[0]).toMatch(/readOneByOne .*repeated-statements\.test\.ts/);
    expect(frames.filter((frame) => /src\/infrastructure/.test(frame))).toEqual([]);

    sdk.diagnostics.resetRepeatedStatements();
    expect(sdk.diagnostics.repeatedStatements()).toEqual([]);
  });

  it('are found behind an open transaction as well', async () => {
    await using stack = new AsyncDisposableStack();
    const { sdk } = await open(stack, { cache: false });
    const written = await inOneUnitOfWork(sdk, async (uow) => {
      (await uow.cities.add({ name: 'Berlin', timeZone: 'Europe/Berlin' }))._unsafeUnwrap();
      await readOneByOne(uow, [1, 2, 3]);
    });
    written._unsafeUnwrap();
    expect(sdk.diagnostics.repeatedStatements()).toMatchObject([{ operation: 'recruiters.find', most: 3 }]);
  });

  it('are found in statements of the host that are sent in one call, whatever its logger does', async () => {
    await using stack = new AsyncDisposableStack();
    const refuse = (): never => {
      throw new Error('of the logger');
    };
    const logger = { debug: () => undefined, info: () => undefined, warn: refuse, error: refuse };
    const { sdk } = await open(stack, { logger });
    const read = await sdk.transaction((uow) =>
      sdk.rows().read(
        'host.loop',
        async (db) => {
          for (const value of [1, 2, 3]) await db.selectNoFrom((eb) => eb.val(value).as('one')).execute();
        },
        { uow },
      ),
    );
    expect(read.isOk()).toBe(true);
    const [repeated] = sdk.diagnostics.repeatedStatements();
    expect(repeated).toMatchObject({ operation: 'host.loop', most: 3 });
    expect(repeated?.stack[0]).toMatch(/repeated-statements\.test\.ts/);
  });

  it('are none when the cache answers, when it is one list, or when each is in a unit of work of its own', async () => {
    await using stack = new AsyncDisposableStack();
    const { sdk, warnings } = await open(stack);
    const city = (
      await sdk.transaction((uow) => uow.cities.add({ name: 'Berlin', timeZone: 'Europe/Berlin' }))
    )._unsafeUnwrap();
    const again = async (uow: UnitOfWork): Promise<void> => {
      for (let round = 0; round < 10; round += 1) (await uow.cities.get(city.id))._unsafeUnwrap();
    };
    (await inOneUnitOfWork(sdk, again))._unsafeUnwrap();
    (await sdk.transaction((uow) => uow.recruiters.getMany([1, 2, 3, 4, 5])))._unsafeUnwrap();
    for (const id of [1, 2, 3, 4]) (await sdk.transaction((uow) => uow.bookings.find(id)))._unsafeUnwrap();
    expect(sdk.diagnostics.repeatedStatements()).toEqual([]);
    expect(warnings).toEqual([]);
  });

  it('are not looked for unless told so', async () => {
    await using stack = new AsyncDisposableStack();
    const { sdk, warnings } = await open(stack, { queries: {} });
    (await inOneUnitOfWork(sdk, (uow) => readOneByOne(uow, [1, 2, 3, 4, 5, 6])))._unsafeUnwrap();
    expect(sdk.diagnostics.repeatedStatements()).toEqual([]);
    expect(warnings).toEqual([]);
  });
});

describe('the queries of a unit of work', () => {
  it('are told once it has ended, in their order, and the cache makes none', async () => {
    await using stack = new AsyncDisposableStack();
    const { sdk } = await open(stack);
    const logs: QueryLog[] = [];
    const onQueries = (log: QueryLog): void => void logs.push(log);
    const cold = await sdk.transaction((uow) => uow.cities.getActive(), { onQueries });
    const warm = await sdk.transaction((uow) => uow.cities.getActive(), { onQueries });
    const written = await sdk.transaction(
      (uow) =>
        uow.cities.add({ name: 'Berlin', timeZone: 'Europe/Berlin' }).andThen(() => uow.bookings.find(1)),
      { onQueries },
    );
    for (const outcome of [cold, warm, written]) expect(outcome.isOk()).toBe(true);
    expect(logs.map(({ statements }) => statements.map(({ operation }) => operation))).toEqual([
      ['cities.getActive'],
      [],
      ['cities.add', 'bookings.find'],
    ]);
    expect(logs.map(({ count, failed }) => ({ count, failed }))).toEqual([
      { count: 1, failed: 0 },
      { count: 0, failed: 0 },
      { count: 2, failed: 0 },
    ]);
    expect(logs[2]?.totalMs).toBeGreaterThan(0);
  });

  it('name what has failed', async () => {
    await using stack = new AsyncDisposableStack();
    const { sdk } = await open(stack);
    const logs: QueryLog[] = [];
    const twice = await sdk.transaction(
      (uow) =>
        uow.cities
          .add({ name: 'Berlin', timeZone: 'Europe/Berlin' })
          .andThen(() => uow.cities.add({ name: 'Berlin', timeZone: 'Europe/Berlin' })),
      { onQueries: (log) => logs.push(log) },
    );
    expect(twice._unsafeUnwrapErr()).toMatchObject({ type: 'CityExists' });
    expect(logs).toMatchObject([{ failed: 1, statements: [{ failed: false }, { failed: true }] }]);
  });

  it('do not matter to it when the listener throws', async () => {
    await using stack = new AsyncDisposableStack();
    const { sdk } = await open(stack);
    const read = await sdk.transaction((uow) => uow.cities.getActive(), {
      onQueries: () => {
        throw new Error('listener');
      },
    });
    expect(read.isOk()).toBe(true);
  });
});

describeWithServers('behind Redis', () => {
  it('what is loaded for the cache is found as well, and known to belong to the unit of work', async () => {
    await using stack = new AsyncDisposableStack();
    const database = stack.use(new ScratchDatabase());
    const { options: cache } = stack.use(new ScratchPrefix());
    const { sdk } = await open(stack, { database: database.options, cache: { ...cache, l1: false } });
    const logs: QueryLog[] = [];
    const read = await inOneUnitOfWork(sdk, (uow) => readOneByOne(uow, [1, 2, 3, 4]), {
      onQueries: (log) => logs.push(log),
    });
    read._unsafeUnwrap();
    expect(sdk.diagnostics.repeatedStatements()).toMatchObject([{ operation: 'recruiters.find', most: 4 }]);
    expect(logs).toMatchObject([{ count: 4 }]);
  });
});
