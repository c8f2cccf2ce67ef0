import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { checkConnections } from '../../../src/infrastructure/persistence/connection-checks.ts';

class FakeConnection {
  readonly asked: string[] = [];
  /** What it does when it is asked. */
  state: 'alive' | 'broken' | 'silent' = 'alive';
  closed = false;
  readonly #released: (connection: FakeConnection) => void;

  constructor(released: (connection: FakeConnection) => void) {
    this.#released = released;
  }

  query(sql: string): Promise<unknown> {
    this.asked.push(sql);
    if (this.state === 'silent') return new Promise(() => undefined);
    return this.state === 'alive' ? Promise.resolve() : Promise.reject(new Error('broken'));
  }

  release(destroy = false): void {
    this.closed = destroy;
    this.#released(this);
  }

  on(): void {}
}

/** Lends what was given back last, as the driver's pool does. */
class FakePool {
  readonly all: FakeConnection[] = [];
  readonly #idle: FakeConnection[] = [];
  readonly #listeners = { connect: [] as Listener[], release: [] as Listener[] };

  connect(): Promise<FakeConnection> {
    const idle = this.#idle.pop();
    if (idle !== undefined) return Promise.resolve(idle);
    const made = new FakeConnection((connection) => {
      for (const listener of this.#listeners.release) listener(undefined, connection);
      if (!connection.closed) this.#idle.push(connection);
    });
    this.all.push(made);
    for (const listener of this.#listeners.connect) listener(made, undefined);
    return Promise.resolve(made);
  }

  on(event: 'connect' | 'release', listener: unknown): void {
    this.#listeners[event].push(listener as Listener);
  }
}

type Listener = (first: unknown, second: unknown) => void;

const IDLE_MS = 1000;

describe('checkConnections', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  const poolWith = async (connections: number) => {
    const pool = new FakePool();
    const checks = checkConnections(pool, IDLE_MS);
    const taken = await Promise.all(Array.from({ length: connections }, () => pool.connect()));
    for (const connection of taken) connection.release();
    return { pool, checks };
  };

  it('lends a new connection and one that was just used as they are', async () => {
    const { pool } = await poolWith(1);
    vi.advanceTimersByTime(IDLE_MS - 1);
    const connection = await pool.connect();
    expect(connection.asked).toEqual([]);
    expect(pool.all).toEqual([connection]);
  });

  it('asks one that was idle for so long, each time', async () => {
    const { pool } = await poolWith(1);
    for (const times of [1, 2]) {
      vi.advanceTimersByTime(IDLE_MS);
      const connection = await pool.connect();
      expect(connection.asked).toHaveLength(times);
      connection.release();
    }
    expect(pool.all).toHaveLength(1);
  });

  it('closes those that are broken, and lends a new one when none is left', async () => {
    const { pool } = await poolWith(3);
    for (const connection of pool.all) connection.state = 'broken';
    vi.advanceTimersByTime(IDLE_MS);
    const lent = await pool.connect();
    expect(pool.all.map(({ closed }) => closed)).toEqual([true, true, true, false]);
    expect(lent).toBe(pool.all[3]);
  });

  it('gives one that says nothing a second', async () => {
    const { pool } = await poolWith(1);
    const [silent] = pool.all;
    if (silent !== undefined) silent.state = 'silent';
    vi.advanceTimersByTime(IDLE_MS);
    const lent = pool.connect();
    await vi.advanceTimersByTimeAsync(999);
    expect(silent?.closed).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    expect(await lent).toBe(pool.all[1]);
    expect(silent?.closed).toBe(true);
  });

  it('asks every one that was there when one broke, once, however lately it was used', async () => {
    const { pool, checks } = await poolWith(2);
    checks.distrust();
    vi.advanceTimersByTime(1);
    for (const expected of [
      [1, 1],
      [1, 1],
    ]) {
      const lent = [await pool.connect(), await pool.connect()];
      expect(lent.map(({ asked }) => asked.length)).toEqual(expected);
      for (const connection of lent) connection.release();
    }
  });
});
