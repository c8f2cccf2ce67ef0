import { describe, expect, it } from 'vitest';
import { CircuitBreaker } from '../../../src/infrastructure/cache/redis/circuit-breaker.ts';
import { turn } from './support.ts';

async function failInTurns(breaker: CircuitBreaker, times: number): Promise<void> {
  for (let index = 0; index < times; index += 1) {
    breaker.failed();
    await turn();
  }
}

describe('the circuit breaker', () => {
  it('is open until a probe has closed it', () => {
    const breaker = new CircuitBreaker(5, () => undefined);
    expect(breaker.closed).toBe(false);
    breaker.close();
    expect(breaker.closed).toBe(true);
  });

  it('opens after five failures in a row, and says so once', async () => {
    let opened = 0;
    const breaker = new CircuitBreaker(5, () => (opened += 1));
    breaker.close();
    await failInTurns(breaker, 4);
    expect(breaker.closed).toBe(true);
    await failInTurns(breaker, 3);
    expect(breaker.closed).toBe(false);
    expect(opened).toBe(1);
  });

  it('forgets failures when something succeeds', async () => {
    const breaker = new CircuitBreaker(5, () => undefined);
    breaker.close();
    await failInTurns(breaker, 4);
    breaker.succeeded();
    await failInTurns(breaker, 4);
    expect(breaker.closed).toBe(true);
  });

  it('counts everything that fails in one turn of the event loop as one failure', async () => {
    const breaker = new CircuitBreaker(5, () => undefined);
    breaker.close();
    for (let index = 0; index < 100; index += 1) breaker.failed();
    await turn();
    expect(breaker.closed).toBe(true);
  });
});
