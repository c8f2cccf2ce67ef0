import { expect, it } from 'vitest';
import type { DomainEvent, EventBacklog } from '../../../src/index.ts';
import {
  outcomeOf,
  seededScene,
  startCommandLine,
  type CommandLineScene,
} from '../../support/command-line.ts';
import { describeWithServers } from '../../support/services.ts';

const eventsOf = (stdout: string): readonly DomainEvent[] =>
  stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as DomainEvent);

const bury = ({ database }: CommandLineScene, count: number): Promise<readonly { id: string }[]> =>
  database.rows<{ id: string }>(
    `update $schema.event_message set attempts = 10, dead_at = now(), last_error = 'the queue is full'
     where id in (select id from $schema.event_message order by id limit ${count}) returning id`,
  );

describeWithServers('slotwise outbox', () => {
  it('drains to stdout as JSON lines what then is gone', async () => {
    await using scene = await seededScene();
    const { waiting } = await scene.json<EventBacklog>('outbox', 'status');
    expect(waiting).toBeGreaterThan(10);

    const some = await scene.run('outbox', 'drain', '--limit', '5');
    expect(some).toMatchObject({ code: 0, stderr: 'Delivered 5 events, 0 failed, 0 dead.\n' });
    const first = eventsOf(some.stdout);
    expect(first.map(({ type }) => type)).toEqual(Array.from({ length: 5 }, () => 'slot.published'));

    const rest = await scene.run('outbox', 'drain', '--json');
    expect(JSON.parse(rest.stderr)).toEqual({ delivered: waiting - 5, failed: 0, dead: 0 });
    const ids = [...first, ...eventsOf(rest.stdout)].map(({ id }) => id);
    expect(new Set(ids).size).toBe(waiting);
    expect(await scene.json('outbox', 'status')).toEqual({ waiting: 0, oldestMs: 0, dead: 0 });
  });

  it('keeps what could not be written', async () => {
    await using scene = await seededScene();
    const before = await scene.json<EventBacklog>('outbox', 'status');
    const child = startCommandLine(['outbox', 'drain', '--limit', '3'], scene.env);
    child.stdout?.destroy();
    const { code, stderr } = await outcomeOf(child);
    expect(stderr).toBe('Delivered 0 events, 3 failed, 0 dead.\n');
    expect(code).toBe(1);
    expect(await scene.json('outbox', 'status')).toMatchObject({ waiting: before.waiting });
  });

  it('lists, retries and discards what is dead', async () => {
    await using scene = await seededScene();
    const buried = (await bury(scene, 3)).map(({ id }) => Number(id)).toSorted((a, b) => a - b);
    const [retried, discarded] = buried;

    const page = await scene.json<{ dead: readonly object[]; nextCursor: string }>(
      'outbox',
      'dead',
      '--limit',
      '2',
    );
    expect(page.dead).toHaveLength(2);
    expect(page.dead[0]).toMatchObject({ id: retried, attempts: 10, lastError: 'the queue is full' });
    const next = await scene.json<{ dead: readonly object[] }>('outbox', 'dead', '--cursor', page.nextCursor);
    expect(next.dead).toEqual([expect.objectContaining({ id: buried[2] })]);

    expect(await scene.json('outbox', 'retry', '--id', String(retried))).toEqual({ retried: 1 });
    expect(await scene.json('outbox', 'discard', '--id', String(discarded))).toEqual({ discarded: 1 });
    expect(await scene.json('outbox', 'status')).toMatchObject({ dead: 1 });
    expect(await scene.json('outbox', 'discard', '--all')).toEqual({ discarded: 1 });
    expect(await scene.json('outbox', 'status')).toMatchObject({ dead: 0 });
  });

  it('discards nothing unless it is told what', async () => {
    await using scene = await seededScene();
    await bury(scene, 1);
    expect(await scene.run('outbox', 'discard')).toMatchObject({ code: 2, stdout: '' });
    expect(await scene.run('outbox', 'discard', '--all', '--id', '1')).toMatchObject({ code: 2, stdout: '' });
    expect(await scene.json('outbox', 'status')).toMatchObject({ dead: 1 });
  });
});
