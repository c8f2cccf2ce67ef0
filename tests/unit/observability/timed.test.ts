import { err } from 'neverthrow';
import { describe, expect, it } from 'vitest';
import { timed } from '../../../src/infrastructure/observability/metrics/timed.ts';
import { compiledFixture } from '../../support/compiled-fixture.ts';
import type * as Fixture from './fixtures/timed-board.ts';
import { metricsAlone } from './sdk-metrics.ts';

const compiled = compiledFixture<typeof Fixture>('tests/unit/observability/fixtures/timed-board.ts');

describe.each([
  ['standard, compiled by tsc', () => compiled('standard', false)],
  ['legacy, compiled by tsc', () => compiled('legacy', true)],
  ['legacy, as the test runner compiles them', () => import('./fixtures/timed-board.ts')],
] as const)('timed (%s)', (_name, load) => {
  const opened = load();

  it('times methods that answer values, promises and Results', async () => {
    const { metrics } = metricsAlone();
    const board = new (await opened).TimedBoard(metrics);
    expect(board.count(4)).toBe(7);
    expect(await board.load()).toBe('loaded');
    expect(await board.reserve(false).mapErr((type) => ({ type }))).toEqual(err({ type: 'taken' }));
    expect((await board.reserve(true))._unsafeUnwrap()).toBe(1);
    const { byName } = metrics.summary().timers;
    expect(byName['count']).toMatchObject({ count: 1, failed: 0 });
    expect(byName['load']).toMatchObject({ count: 1, failed: 0 });
    expect(byName['reserve']).toMatchObject({ count: 2, failed: 1 });
    expect(board.count.name).toBe('count');
    expect(board.count.length).toBe(1);
  });

  it('finds the metrics where it is told, and does without', async () => {
    const { metrics } = metricsAlone();
    const { TimedBoard } = await opened;
    expect(new TimedBoard(undefined, metrics).elsewhere()).toBe(1);
    expect(metrics.summary().timers.byName['elsewhere']?.count).toBe(1);
    expect(new TimedBoard().count(1)).toBe(4);
  });
});

it('timed decorates nothing but methods', () => {
  const decorate = timed('field') as unknown as (value: unknown, context: unknown) => unknown;
  expect(() => decorate(undefined, { kind: 'field' })).toThrow(TypeError);
});
