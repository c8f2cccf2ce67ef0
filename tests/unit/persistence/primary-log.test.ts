import { describe, expect, it } from 'vitest';
import { PrimaryLog } from '../../../src/infrastructure/persistence/replicas/primary-log.ts';
import type { Standing } from '../../../src/infrastructure/persistence/replicas/standing.ts';

const primary = (position: bigint, timeline = '00000001', system = '7'): Standing => ({
  system,
  timeline,
  inRecovery: false,
  position,
});
const standby = (position: bigint, system = '7'): Standing => ({
  system,
  timeline: undefined,
  inRecovery: true,
  position,
});

describe('the log of a primary', () => {
  it('knows the last moment at which there was no more than a standby has', () => {
    const log = new PrimaryLog();
    log.record(primary(100n), 1000);
    log.record(primary(200n), 2000);
    log.record(primary(300n), 3000);
    expect(log.lastAt(300n)).toBe(3000);
    expect(log.lastAt(299n)).toBe(2000);
    expect(log.lastAt(100n)).toBe(1000);
    expect(log.lastAt(99n)).toBeUndefined();
  });

  it('finds a standby of an idle primary as fresh as the last look', () => {
    const log = new PrimaryLog();
    log.record(primary(100n), 1000);
    log.record(primary(100n), 9000);
    expect(log.lastAt(100n)).toBe(9000);
  });

  it('remembers an hour, and no more', () => {
    const log = new PrimaryLog();
    for (let second = 0; second <= 3600; second += 1) log.record(primary(BigInt(second)), second * 1000);
    expect(log.lastAt(0n)).toBeUndefined();
    expect(log.lastAt(1n)).toBe(1000);
  });

  it('learns nothing from a standby under the name of the primary', () => {
    const log = new PrimaryLog();
    log.record(standby(500n), 1000);
    expect(log.lastAt(500n)).toBeUndefined();
  });

  it('starts over with another history', () => {
    const log = new PrimaryLog();
    log.record(primary(500n, '00000001'), 1000);
    log.record(primary(400n, '00000002'), 2000);
    expect(log.lastAt(450n)).toBe(2000);
    expect(log.lastAt(399n)).toBeUndefined();
  });

  it('objects to servers whose data is not that of the primary', () => {
    const log = new PrimaryLog();
    log.record(primary(100n), 1000);
    expect(log.objectionTo(standby(90n))).toBeUndefined();
    expect(log.objectionTo(primary(100n))).toBeUndefined();
    expect(log.objectionTo(primary(100n, '00000002'))).toBe('takes writes of its own');
    expect(log.objectionTo(standby(90n, '8'))).toBe('belongs to another database cluster');
  });

  it('takes a standby for what it is while the primary has never answered, and no server that takes writes', () => {
    const log = new PrimaryLog();
    expect(log.objectionTo(standby(90n))).toBeUndefined();
    expect(log.objectionTo(primary(90n))).toBe('takes writes of its own');
  });
});
