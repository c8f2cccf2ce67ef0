import { describe, expect, it } from 'vitest';
import { parseTortureOptions, shortPace, usage } from '../../torture/options.ts';
import { besideRedis, proofs, redisAlone, toldByDatabase } from '../../torture/settings.ts';

describe('the command line of the torture run', () => {
  it('takes every fault for twenty seconds, and then every broken engine', () => {
    expect(parseTortureOptions([])).toMatchObject({
      faults: besideRedis.faults,
      aloneFaults: redisAlone.faults,
      notifyFaults: toldByDatabase.faults,
      pace: { faultMs: 20_000 },
      flaw: undefined,
      proofs,
    });
  });

  it('takes what it is told', () => {
    const args = ['--seconds', '3', '--fault', 'freeze', '--fault', 'flushall', '--seed', '7'];
    const chosen = parseTortureOptions([...args, '--broken', 'stamp-after-load']);
    expect(chosen).toMatchObject({ pace: { faultMs: 3000 }, seed: 7, flaw: 'stamp-after-load', proofs: [] });
    expect(chosen?.faults.map(({ name }) => name)).toEqual(['freeze', 'flushall']);
    expect(chosen).toMatchObject({ aloneFaults: [], notifyFaults: [] });
  });

  it('takes a fault of one setting without those of the other', () => {
    const chosen = parseTortureOptions(['--fault', 'notify-silent']);
    expect(chosen).toMatchObject({ faults: [], aloneFaults: [] });
    expect(chosen?.notifyFaults.map(({ name }) => name)).toEqual(['notify-silent']);
  });

  it('has a short form', () => {
    expect(parseTortureOptions(['--short'])?.pace).toEqual(shortPace);
  });

  it('refuses what it does not know', () => {
    expect(() => parseTortureOptions(['--fault', 'earthquake'])).toThrow('--fault must be one of');
    expect(() => parseTortureOptions(['--seconds', 'many'])).toThrow('--seconds must be a positive number');
    expect(() => parseTortureOptions(['--faults', 'freeze'])).toThrow('--faults');
  });

  it('explains every fault', () => {
    expect(parseTortureOptions(['--help'])).toBeUndefined();
    for (const { name, description } of [
      ...besideRedis.faults,
      ...redisAlone.faults,
      ...toldByDatabase.faults,
    ])
      expect(usage).toContain(`${name.padEnd(20)}${description}`);
  });
});
