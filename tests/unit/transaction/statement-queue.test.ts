import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { StatementQueue } from '../../../src/infrastructure/transaction/statement-queue.ts';

function recorded() {
  const queue = new StatementQueue();
  const log: string[] = [];
  const statement = (name: string, ms = 1) =>
    queue.run(async () => {
      log.push(`${name} starts`);
      await sleep(ms);
      log.push(`${name} ends`);
    });
  const savepoint = (name: string, work: () => Promise<unknown>) =>
    queue.group(async (inside) => {
      log.push(`${name} begins`);
      await inside(work);
      log.push(`${name} is over`);
    });
  return { queue, log, statement, savepoint };
}

describe('the statements of one unit of work', () => {
  it('run one after the other, in the order they were started in', async () => {
    const { log, statement } = recorded();
    await Promise.all([statement('slow', 20), statement('quick')]);
    expect(log).toEqual(['slow starts', 'slow ends', 'quick starts', 'quick ends']);
  });

  it('wait until a savepoint beside them has ended', async () => {
    const { log, statement, savepoint } = recorded();
    await Promise.all([savepoint('A', () => statement('inside', 10)), statement('beside')]);
    expect(log).toEqual([
      'A begins',
      'inside starts',
      'inside ends',
      'A is over',
      'beside starts',
      'beside ends',
    ]);
  });

  it('run in their savepoint however late its work starts them', async () => {
    const { log, statement, savepoint } = recorded();
    await Promise.all([
      savepoint('A', async () => {
        await sleep(10);
        await statement('late');
      }),
      statement('beside'),
    ]);
    expect(log.indexOf('late ends')).toBeLessThan(log.indexOf('A is over'));
    expect(log.indexOf('A is over')).toBeLessThan(log.indexOf('beside starts'));
  });

  it('belong to a savepoint also when its work does not wait for them', async () => {
    const { log, statement, savepoint } = recorded();
    await savepoint('A', async () => {
      void statement('not awaited', 10);
      await Promise.resolve();
    });
    expect(log).toEqual(['A begins', 'not awaited starts', 'not awaited ends', 'A is over']);
  });

  it('go on after one that failed', async () => {
    const { queue, log, statement } = recorded();
    const failing = queue.run(() => Promise.reject(new Error('no')));
    await expect(failing).rejects.toThrow('no');
    await statement('next');
    expect(log).toEqual(['next starts', 'next ends']);
    expect(queue.idle).toBe(true);
  });
});

describe('savepoints of one unit of work', () => {
  it('that are started together do not mix', async () => {
    const { log, statement, savepoint } = recorded();
    await Promise.all([savepoint('A', () => statement('a', 10)), savepoint('B', () => statement('b'))]);
    expect(log.indexOf('A is over')).toBeLessThan(log.indexOf('B begins'));
  });

  it('nest', async () => {
    const { log, statement, savepoint } = recorded();
    await savepoint('A', () => savepoint('B', () => statement('b')));
    expect(log).toEqual(['A begins', 'B begins', 'b starts', 'b ends', 'B is over', 'A is over']);
  });

  it('keep to their own unit of work when two of them are nested', async () => {
    const [first, second] = [recorded(), recorded()];
    await first.savepoint('A', () =>
      second.savepoint('B', async () => {
        await first.statement('of the first');
        await second.statement('of the second');
      }),
    );
    expect(first.log).toEqual(['A begins', 'of the first starts', 'of the first ends', 'A is over']);
    expect(second.log).toEqual(['B begins', 'of the second starts', 'of the second ends', 'B is over']);
  });

  it('do not keep what is started after they have ended', async () => {
    const { log, statement, savepoint } = recorded();
    let later: (() => Promise<unknown>) | undefined;
    await savepoint('A', () => {
      later = () => statement('later');
      return Promise.resolve();
    });
    await later?.();
    expect(log).toEqual(['A begins', 'A is over', 'later starts', 'later ends']);
  });
});
