import { describe, expect, it } from 'vitest';
import {
  ClusterSlotFinder,
  type Connected,
} from '../../../../src/infrastructure/cache/redis/cluster-slot-finder.ts';
import type { NodeAddress } from '../../../../src/infrastructure/cache/redis/redis-target.ts';

/** What a server answers; `undefined` when it never does. */
type Account = readonly unknown[] | undefined;

const whole = (master: string): Account => [[0, 16_383, [master, 6379, 'id']]];

/** Servers that answer in their own way, and which of them were asked. */
function network(accounts: Readonly<Record<string, Account>>) {
  const asked: string[] = [];
  const made: string[] = [];
  const client = (host: string, status: string): Connected['client'] =>
    ({
      status,
      on: () => undefined,
      connect: () => Promise.resolve(),
      disconnect: () => undefined,
      cluster: () => {
        asked.push(host);
        const account = accounts[host];
        return account === undefined ? new Promise(() => undefined) : Promise.resolve(account);
      },
    }) as unknown as Connected['client'];
  const finder = (seeds: readonly string[]): ClusterSlotFinder =>
    new ClusterSlotFinder({
      seeds: () => seeds.map((host) => ({ host, port: 6379 })),
      natMap: (address) => address,
      connect: ({ host }: NodeAddress) => {
        made.push(host);
        return client(host, 'wait');
      },
      limitMs: 50,
    });
  const master = (host: string): Connected => ({
    address: { host, port: 6379 },
    client: client(host, 'ready'),
  });
  return { finder, master, asked, made };
}

describe('finding the masters of a Cluster', () => {
  it('asks one connected master, and the same one again', async () => {
    const { finder, master, asked, made } = network({ a: whole('a'), b: whole('b') });
    const slots = finder(['a']);
    const masters = [master('a'), master('b')];
    expect((await slots.find(masters, false))?.ranges[0]?.master.host).toBe('a');
    await slots.find(masters, false);
    expect(asked).toEqual(['a', 'a']);
    expect(made).toEqual([]);
  });

  it('asks another master when there is doubt: one that was cut off still gives its old account', async () => {
    const { finder, master, asked } = network({ a: whole('a'), b: whole('b') });
    const slots = finder(['a']);
    const masters = [master('a'), master('b')];
    await slots.find(masters, false);
    expect((await slots.find(masters, true))?.ranges[0]?.master.host).toBe('b');
    await slots.find(masters, false);
    expect(asked).toEqual(['a', 'b', 'b']);
  });

  it('asks the next one when a master does not answer, and stays with it', async () => {
    const { finder, master, asked } = network({ b: whole('b') });
    const slots = finder([]);
    const masters = [master('a'), master('b')];
    expect((await slots.find(masters, false))?.ranges[0]?.master.host).toBe('b');
    await slots.find(masters, false);
    expect(asked).toEqual(['a', 'b', 'b']);
  });

  it('asks all others at once when no master answers, replicas it has heard of included', async () => {
    const withReplica = [[0, 16_383, ['a', 6379, 'id'], ['replica', 6379, 'id']]];
    const accounts: Record<string, Account> = { seed: withReplica, replica: whole('replica') };
    const { finder, made } = network(accounts);
    const slots = finder(['silent', 'seed']);
    expect((await slots.find([], false))?.servers.map(({ host }) => host)).toEqual(['a', 'replica']);
    delete accounts['seed'];
    expect((await slots.find([], false))?.ranges[0]?.master.host).toBe('replica');
    expect(made).toEqual(['silent', 'seed', 'a', 'replica', 'silent', 'seed']);
  });

  it('takes the fullest account when none of them is complete', async () => {
    const part = (to: number): Account => [[0, to, ['a', 6379, 'id']]];
    const { finder, master } = network({ a: part(10), b: part(20), c: part(15) });
    expect((await finder(['b', 'c']).find([master('a')], false))?.covered).toBe(21);
    expect((await finder(['c']).find([master('b')], false))?.covered).toBe(21);
  });

  it('knows nothing when nobody knows of any master', async () => {
    const { finder, master } = network({ a: [], b: ['OK'] });
    expect(await finder(['b']).find([master('a')], false)).toBeUndefined();
  });
});
