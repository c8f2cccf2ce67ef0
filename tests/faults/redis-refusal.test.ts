import { expect, it } from 'vitest';
import { describeRedisFault } from './redis-fault-promises.ts';
import type { FaultyRedis } from './redis-fault.ts';

/** Takes effect for connections that are open already. */
const scripts = ({ redis }: FaultyRedis, rule: '+eval' | '-eval'): Promise<unknown> =>
  redis.ask((client) => client.call('ACL', 'SETUSER', 'default', rule));

describeRedisFault(
  'Redis answers reads but refuses to invalidate',
  {
    inject: async (faulty) => void (await scripts(faulty, '-eval')),
    heal: async (faulty) => void (await scripts(faulty, '+eval')),
  },
  (run) => {
    it('answers deferred as long as nobody can be told', () => {
      const [, during] = run().phases;
      expect(during?.deferred).toBeGreaterThan(20);
    });
  },
);
