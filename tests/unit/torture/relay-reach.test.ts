import { describe, expect, it } from 'vitest';
import { relayedBy, timesInReach } from '../../torture/judge/relay-reach.ts';

const samples = (up: string, everyMs = 100) =>
  [...up].map((state, index) => ({ at: index * everyMs, up: state === '#' }));

describe('the times in which a process could relay', () => {
  it('are those between looks at a link that was up', () => {
    expect(timesInReach(samples('-##--###'), [])).toEqual([
      { from: 100, to: 200 },
      { from: 500, to: 700 },
    ]);
  });

  it('leave out when a fault was between it and Redis, whatever it believed itself', () => {
    expect(timesInReach(samples('########'), [{ from: 250, to: 450 }])).toEqual([
      { from: 0, to: 250 },
      { from: 450, to: 700 },
    ]);
  });

  it('leave out when the process was stopped', () => {
    expect(
      timesInReach([...samples('###'), ...samples('###').map(({ at, up }) => ({ at: at + 2000, up }))], []),
    ).toEqual([
      { from: 0, to: 200 },
      { from: 2000, to: 2200 },
    ]);
  });
});

describe('the moment by which a deferred commit must be seen', () => {
  it('is as long after it as the protocol takes when a relay was there all the time', () => {
    expect(relayedBy([[{ from: 0, to: 9000 }]], 1000)).toBe(2500);
  });

  it('counts from when the first process could relay', () => {
    expect(relayedBy([[{ from: 5000, to: 9000 }], [{ from: 3000, to: 9000 }]], 1000)).toBe(4500);
  });

  it('needs the time without a break', () => {
    const flapping = [
      { from: 0, to: 2000 },
      { from: 2100, to: 3000 },
      { from: 4000, to: 9000 },
    ];
    expect(relayedBy([flapping], 1000)).toBe(5500);
  });

  it('is never while nobody could relay for long enough', () => {
    expect(relayedBy([[{ from: 0, to: 2000 }]], 1000)).toBe(Number.POSITIVE_INFINITY);
    expect(relayedBy([], 1000)).toBe(Number.POSITIVE_INFINITY);
  });
});
