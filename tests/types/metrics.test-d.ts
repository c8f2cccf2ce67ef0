import { okAsync, type Result, type ResultAsync } from 'neverthrow';
import { describe, expectTypeOf, it } from 'vitest';
import {
  timed,
  type Evaluation,
  type Metrics,
  type SlotwiseOptions,
  type ValidationError,
} from '../../src/index.ts';

declare const metrics: Metrics;

describe('metrics', () => {
  it('answer what is measured in its own type', () => {
    const check = () => {
      expectTypeOf(metrics.measure('work', () => 5)).toEqualTypeOf<number>();
      expectTypeOf(metrics.measure('work', async () => 'done')).toEqualTypeOf<Promise<string>>();
      expectTypeOf(metrics.measure('work', () => okAsync<number, 'busy'>(1))).toEqualTypeOf<
        ResultAsync<number, 'busy'>
      >();
      expectTypeOf(metrics.evaluate({ poolShare: false })).toEqualTypeOf<
        Result<Evaluation, ValidationError>
      >();
      // @ts-expect-error no measure
      return metrics.evaluate({ hitRatio: false });
    };
    expectTypeOf(check).toBeFunction();
  });

  it('can be switched off', () => {
    expectTypeOf<false>().toExtend<SlotwiseOptions['metrics']>();
    // @ts-expect-error on is what they are
    expectTypeOf<true>().toExtend<SlotwiseOptions['metrics']>();
  });

  it('decorate any method, and leave its type as it is', () => {
    class Board {
      @timed('count')
      count(more: number): number {
        return more;
      }

      // @ts-expect-error another object
      @timed('other', { metrics: (self: Date) => self as never })
      other(): number {
        return 1;
      }
    }
    expectTypeOf<Board['count']>().toEqualTypeOf<(more: number) => number>();
  });
});
