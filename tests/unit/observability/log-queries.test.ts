import { err } from 'neverthrow';
import { describe, expect, it } from 'vitest';
import { collectQueries } from '../../../src/infrastructure/observability/statements/collect-queries.ts';
import {
  logQueries,
  logQueriesOf,
} from '../../../src/infrastructure/observability/statements/log-queries.ts';
import { compiledFixture } from '../../support/compiled-fixture.ts';
import { ask } from './fixtures/logged-board.ts';
import type * as Fixture from './fixtures/logged-board.ts';

const compiled = compiledFixture<typeof Fixture>('tests/unit/observability/fixtures/logged-board.ts');

function logged() {
  const lines: Record<string, unknown>[] = [];
  return { lines, logger: { info: (fields: object) => void lines.push({ ...fields }) } };
}

describe.each([
  ['standard, compiled by tsc', () => compiled('standard', false)],
  ['legacy, compiled by tsc', () => compiled('legacy', true)],
  ['legacy, as the test runner compiles them', () => import('./fixtures/logged-board.ts')],
] as const)('logQueries (%s)', (_name, load) => {
  const opened = load();

  it('logs what each call has caused, whatever it answers', async () => {
    const { lines, logger } = logged();
    const board = new (await opened).LoggedBoard(logger);
    expect(await board.open(3)).toBe(6);
    expect(await board.reserve(false).mapErr((type) => ({ type }))).toEqual(err({ type: 'taken' }));
    expect((await board.reserve(true))._unsafeUnwrap()).toBe(1);
    expect(lines).toMatchObject([
      { name: 'board.open', statements: 3, statementMs: 6, operations: { 'slots.find': 3 }, failed: false },
      { name: 'board.reserve', statements: 0, statementMs: 0, operations: {}, failed: true },
      { name: 'board.reserve', statements: 0, failed: false },
    ]);
    expect(lines[0]?.['durationMs']).toBeGreaterThan(0);
    expect(board.open.name).toBe('open');
    expect(board.open.length).toBe(1);
  });

  it('finds the logger where it is told, and does without', async () => {
    const { lines, logger } = logged();
    const { LoggedBoard } = await opened;
    expect(new LoggedBoard(undefined, { log: logger }).elsewhere()).toBe(1);
    expect(lines).toMatchObject([{ name: 'board.elsewhere' }]);
    expect(await new LoggedBoard().open(1)).toBe(4);
    expect(lines).toHaveLength(1);
  });
});

describe('the queries of work', () => {
  it('are told apart from those of work that runs at the same time, and belong to all work around them', async () => {
    const counts: Record<string, number> = {};
    const counted = <T>(name: string, work: () => T): T =>
      collectQueries(work, ({ count }) => void (counts[name] = count));
    await counted('outer', () =>
      Promise.all([counted('one', () => ask()), counted('two', async () => (await ask()) + (await ask()))]),
    );
    await ask();
    expect(counts).toEqual({ one: 1, two: 2, outer: 3 });
  });

  it('are kept in a thousand texts at most, and counted beyond', async () => {
    await collectQueries(
      async () => {
        for (let time = 0; time < 1_005; time += 1) await ask();
      },
      ({ count, statements, totalMs }) => {
        expect({ count, totalMs }).toEqual({ count: 1_005, totalMs: 2_010 });
        expect(statements).toHaveLength(1_000);
      },
    );
    expect.assertions(2);
  });

  it('are told when it throws, and it throws all the same', async () => {
    const { lines, logger } = logged();
    const failing = async (): Promise<never> => {
      await ask();
      throw new Error('of the work');
    };
    await expect(logQueriesOf('failing', failing, logger)).rejects.toThrow('of the work');
    expect(lines).toMatchObject([{ name: 'failing', statements: 1, failed: true }]);
  });
});

it('logQueries decorates nothing but methods', () => {
  const decorate = logQueries('field') as unknown as (value: unknown, context: unknown) => unknown;
  expect(() => decorate(undefined, { kind: 'field' })).toThrow(TypeError);
});
