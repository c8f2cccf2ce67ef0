import { describe, expect, it } from 'vitest';
import { readClusterSlots } from '../../../../src/infrastructure/cache/redis/cluster-slots.ts';
import { natMapOf } from '../../../../src/infrastructure/cache/redis/redis-target.ts';

const asked = { host: 'seed', port: 7000 };
const asAnnounced = natMapOf(undefined);
const id = 'f'.repeat(40);

const read = (reply: unknown) => readClusterSlots(reply, asked, asAnnounced);

describe('the reply to CLUSTER SLOTS', () => {
  it('names the master of each range first, in any order of the ranges', () => {
    const reply = [
      [8192, 16_383, ['10.0.0.2', 7001, id, []], ['10.0.0.4', 7003, id, []]],
      [0, 8191, ['10.0.0.1', 7000, id, ['hostname', 'a']], ['10.0.0.3', 7002, id, []]],
    ];
    expect(read(reply)).toEqual({
      ranges: [
        { from: 0, to: 8191, master: { host: '10.0.0.1', port: 7000 } },
        { from: 8192, to: 16_383, master: { host: '10.0.0.2', port: 7001 } },
      ],
      servers: [
        { host: '10.0.0.2', port: 7001 },
        { host: '10.0.0.4', port: 7003 },
        { host: '10.0.0.1', port: 7000 },
        { host: '10.0.0.3', port: 7002 },
      ],
      covered: 16_384,
    });
  });

  it.each([[''], [null]])('means the server that was asked where it has %j for a host', (host) => {
    expect(read([[0, 0, [host, 7005, id]]])?.ranges).toEqual([
      { from: 0, to: 0, master: { host: 'seed', port: 7005 } },
    ]);
  });

  it('leaves out what nobody knows a host of, and counts what is left', () => {
    const reply = [
      [0, 99, ['?', 7000, id]],
      [100, 199, ['10.0.0.1', 7000, id], ['?', 7001, id]],
      [200, 200],
    ];
    expect(read(reply)).toEqual({
      ranges: [{ from: 100, to: 199, master: { host: '10.0.0.1', port: 7000 } }],
      servers: [{ host: '10.0.0.1', port: 7000 }],
      covered: 100,
    });
  });

  it('is translated where there is a map, and otherwise taken as it is', () => {
    const natMap = natMapOf({ '10.0.0.1:7000': { host: 'outside', port: 17_000 } });
    const reply = [
      [0, 0, ['10.0.0.1', 7000, id]],
      [1, 1, ['10.0.0.2', 7000, id]],
    ];
    expect(readClusterSlots(reply, asked, natMap)?.servers).toEqual([
      { host: 'outside', port: 17_000 },
      { host: '10.0.0.2', port: 7000 },
    ]);
  });

  it.each([
    [undefined],
    ['OK'],
    [['OK']],
    [[[0, 16_384, ['a', 1]]]],
    [[[5, 4, ['a', 1]]]],
    [[['0', '1', ['a', 1]]]],
  ])('is nothing when it has another form: %j', (reply) => {
    expect(read(reply)).toBeUndefined();
  });

  it('is an account of nothing when no server has slots', () => {
    expect(read([])).toEqual({ ranges: [], servers: [], covered: 0 });
  });
});
