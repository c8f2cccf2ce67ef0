import { afterEach, beforeEach, expect, it } from 'vitest';
import { createSlotwise, err, ok, type DomainEvent, type Slotwise } from '../../src/index.ts';
import { seedBoard } from '../../src/testing/seeds/seed-board.ts';
import { ChildWorker } from '../support/child-process.ts';
import { ScratchDatabase } from '../support/scratch-database.ts';
import { describeWithPostgres } from '../support/services.ts';
import { until } from '../support/until.ts';
import type { RelayWorker } from '../support/workers/relay-worker.ts';

const SLOTS = 20;
const PER_SLOT = 3;
const LIMIT_MS = 20_000;
const quick = { pollMs: 20, firstRetryMs: 10, longestRetryMs: 40, deliveryTimeoutMs: 200, concurrency: 3 };

interface Delivery {
  readonly event_id: string;
  readonly aggregate: string;
  readonly relay: string;
}

describeWithPostgres('the relay of events', () => {
  let stack: AsyncDisposableStack;
  let database: ScratchDatabase;
  let sdk: Slotwise;

  beforeEach(async () => {
    stack = new AsyncDisposableStack();
    database = stack.use(new ScratchDatabase());
    sdk = stack.use((await createSlotwise({ database: database.options, cache: false }))._unsafeUnwrap());
    (await sdk.migrate())._unsafeUnwrap();
    await database.rows(
      'create table $schema.delivery (id serial primary key, event_id bigint, aggregate text, relay text)',
    );
  });

  afterEach(() => stack.disposeAsync());

  /** Holds and releases slots: three events of each. */
  async function makeEvents(): Promise<void> {
    const { slots, candidate } = (await seedBoard(sdk, { slotsPerRecruiter: SLOTS }))._unsafeUnwrap();
    for (const { id: slotId } of slots) {
      const held = (await sdk.booking.hold({ slotId, candidateId: candidate.id }))._unsafeUnwrap();
      (await sdk.booking.release({ bookingId: held.id, actor: { kind: 'system' } }))._unsafeUnwrap();
    }
  }

  const worker = (): ChildWorker<RelayWorker> =>
    stack.use(new ChildWorker<RelayWorker>(new URL('../support/workers/relay-worker.ts', import.meta.url)));

  const deliveries = (): Promise<readonly Delivery[]> =>
    database.rows<Delivery>('select event_id, aggregate, relay from $schema.delivery order by id');

  const empty = async (): Promise<boolean> => (await sdk.health()).events.backlog === 0;

  /** Ids by aggregate, in the order in which each was delivered for the first time. */
  function firsts(all: readonly Delivery[]): ReadonlyMap<string, readonly number[]> {
    const byAggregate = new Map<string, number[]>();
    for (const { aggregate, event_id: id } of all) {
      const ids = byAggregate.get(aggregate) ?? [];
      if (!ids.includes(Number(id))) ids.push(Number(id));
      byAggregate.set(aggregate, ids);
    }
    return byAggregate;
  }

  function expectAllInOrder(all: readonly Delivery[]): void {
    const byAggregate = firsts(all);
    expect(byAggregate.size).toBe(SLOTS);
    for (const ids of byAggregate.values()) {
      expect(ids).toHaveLength(PER_SLOT);
      expect(ids).toEqual(ids.toSorted((one, other) => one - other));
    }
  }

  it('shares the work among processes: each event once, those of a slot in their order', async () => {
    await makeEvents();
    const workers = [worker(), worker()];
    await Promise.all(
      workers.map((one, index) =>
        one.call('start', {
          database: database.options,
          name: `relay ${index}`,
          options: { ...quick, deliveryTimeoutMs: 5_000 },
          hangs: false,
        }),
      ),
    );
    await until('everything is delivered', LIMIT_MS, empty);
    const all = await deliveries();
    expect(all).toHaveLength(SLOTS * PER_SLOT);
    expectAllInOrder(all);
    for (const one of workers) await one.call('stop', undefined);
    console.log(
      `relay: ${all.length} events, ${[0, 1].map((n) => all.filter(({ relay }) => relay === `relay ${n}`).length).join(' and ')} by each of two processes`,
    );
  });

  it('loses nothing when a process is killed in the middle of a delivery', async () => {
    await makeEvents();
    const doomed = worker();
    await doomed.call('start', { database: database.options, name: 'doomed', options: quick, hangs: true });
    await until('it is delivering', LIMIT_MS, async () => (await deliveries()).length >= quick.concurrency);
    await doomed.kill();
    const begun = await deliveries();
    expect((await sdk.health()).events.backlog).toBe(SLOTS * PER_SLOT);

    const heir = worker();
    const startedAt = performance.now();
    await heir.call('start', { database: database.options, name: 'heir', options: quick, hangs: false });
    await until('everything is delivered', LIMIT_MS, empty);
    const all = await deliveries();
    expectAllInOrder(all);
    // What was begun is delivered again: at least once means no more than that.
    const again = all.filter(({ relay }) => relay === 'heir').map(({ event_id: id }) => id);
    expect(again).toHaveLength(SLOTS * PER_SLOT);
    expect(again).toEqual(expect.arrayContaining(begun.map(({ event_id: id }) => id)));
    console.log(
      `relay: ${begun.length} deliveries of a killed process made again after ${((performance.now() - startedAt) / 1000).toFixed(1)} s`,
    );
    await heir.call('stop', undefined);
  });

  it('goes on where it was when the transport has failed for a while', async () => {
    let away = true;
    let attempts = 0;
    const delivered: DomainEvent[] = [];
    const transport = {
      deliver: (event: DomainEvent) => {
        attempts += 1;
        if (away) return Promise.resolve(err({ type: 'Away' }));
        delivered.push(event);
        return Promise.resolve(ok());
      },
    };
    const relay = sdk.outbox.relay(transport, { ...quick, maxAttempts: 1_000 })._unsafeUnwrap();
    relay.start();
    await makeEvents();
    await until('it has tried', LIMIT_MS, () => attempts >= 3 * SLOTS);
    expect((await sdk.health()).events).toMatchObject({ backlog: SLOTS * PER_SLOT, dead: 0 });
    away = false;
    await until('everything is delivered', LIMIT_MS, empty);
    await relay.stop();
    expect(delivered).toHaveLength(SLOTS * PER_SLOT);
    expectAllInOrder(
      delivered.map(({ id, aggregate }) => ({ event_id: String(id), aggregate, relay: 'own' })),
    );
  });

  it('is stopped by closing the SDK, which waits for what is being delivered', async () => {
    await makeEvents();
    const own = (await createSlotwise({ database: database.options, cache: false }))._unsafeUnwrap();
    const begun = Promise.withResolvers<void>();
    const answer = Promise.withResolvers<void>();
    const transport = {
      deliver: async () => {
        begun.resolve();
        await answer.promise;
        return ok();
      },
    };
    own.outbox
      .relay(transport, { ...quick, deliveryTimeoutMs: 5_000 })
      ._unsafeUnwrap()
      .start();
    await begun.promise;
    const closed = own.close();
    answer.resolve();
    expect((await closed).isOk()).toBe(true);
    expect((await sdk.health()).events.backlog).toBe(SLOTS * PER_SLOT - quick.concurrency);
  });

  it('gives up on an event that ends every process which delivers it', async () => {
    await makeEvents();
    await database.rows(
      'update $schema.event_message set attempts = 2 where id = (select min(id) from $schema.event_message)',
    );
    const tried: number[] = [];
    const transport = {
      deliver: ({ id }: DomainEvent) => {
        tried.push(id);
        return Promise.resolve(ok());
      },
    };
    const relay = sdk.outbox.relay(transport, { ...quick, maxAttempts: 2 })._unsafeUnwrap();
    expect((await relay.drain())._unsafeUnwrap()).toMatchObject({ dead: 1, delivered: SLOTS * PER_SLOT - 1 });
    const [dead] = (await sdk.outbox.listDead())._unsafeUnwrap().items;
    expect(dead?.lastError).toBe('none of 2 attempts came to an end');
    expect(tried).not.toContain(dead?.event.id);
  });
});
