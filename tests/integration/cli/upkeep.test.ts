import { expect, it } from 'vitest';
import { createSlotwise } from '../../../src/index.ts';
import { commandLine, migratedScene, seededScene } from '../../support/command-line.ts';
import { describeWithServers } from '../../support/services.ts';

interface Benchmark {
  readonly places: readonly {
    readonly place: string;
    readonly reads: number;
    readonly answered: Readonly<Record<string, number>>;
    readonly p50Ms: number;
    readonly p95Ms: number;
    readonly p99Ms: number;
  }[];
}

describeWithServers('slotwise expire and sweep', () => {
  it('settle what time has decided', async () => {
    await using stack = new AsyncDisposableStack();
    const scene = stack.use(await seededScene());
    const sdk = stack.use(
      (await createSlotwise({ database: scene.database.options, cache: false }))._unsafeUnwrap(),
    );
    (await sdk.booking.hold({ slotId: 1, candidateId: 1 }))._unsafeUnwrap();
    expect(await scene.json('expire')).toEqual({ holds: 0, requests: 0, offers: 0, completed: 0 });
    await scene.database.rows(
      `update $schema.slot set hold_expires_at = now() - interval '1 minute' where id = 1`,
    );
    expect(await scene.json('expire')).toEqual({ holds: 1, requests: 0, offers: 0, completed: 0 });
    expect(await scene.json('expire')).toEqual({ holds: 0, requests: 0, offers: 0, completed: 0 });
  });

  it('remove what is useless, and events only when asked to', async () => {
    await using scene = await seededScene();
    await scene.database.rows(
      `update $schema.event_message set occurred_at = now() - interval '31 days' where id <= 4`,
    );
    expect(await scene.json('sweep')).toEqual({
      removed: { idempotencyKeys: 0, inboxUpdates: 0, tokens: 0 },
    });
    expect(await scene.json('sweep', '--events')).toMatchObject({ removed: { events: 4 } });
  });
});

describeWithServers('slotwise benchmark', () => {
  it('reads from each place, and counts who has answered', async () => {
    await using scene = await seededScene();
    const { places } = await scene.json<Benchmark>('benchmark', '--reads', '50');
    expect(places.map(({ place, reads, answered }) => ({ place, reads, answered }))).toEqual([
      { place: 'database', reads: 50, answered: { l1: 0, l2: 0, stale: 0, database: 50 } },
      { place: 'redis', reads: 50, answered: { l1: 0, l2: 50, stale: 0, database: 0 } },
      { place: 'memory', reads: 50, answered: { l1: 50, l2: 0, stale: 0, database: 0 } },
    ]);
    for (const { p50Ms, p95Ms, p99Ms } of places) {
      expect(p50Ms).toBeGreaterThan(0);
      expect([p50Ms, p95Ms, p99Ms]).toEqual([p50Ms, p95Ms, p99Ms].toSorted((a, b) => a - b));
    }
  });

  it('leaves Redis out where none is named', async () => {
    await using scene = await seededScene();
    const { REDIS_URL: _redis, ...env } = scene.env;
    const { stdout } = await commandLine(['benchmark', '--reads', '20', '--json'], env);
    const { places } = JSON.parse(stdout) as Benchmark;
    expect(places.map(({ place }) => place)).toEqual(['database', 'memory']);
  });

  it('has nothing to read in an empty schema', async () => {
    await using scene = await migratedScene();
    const { code, stderr } = await scene.run('benchmark');
    expect(code).toBe(1);
    expect(stderr).toMatch(/slotwise seed/);
  });
});
