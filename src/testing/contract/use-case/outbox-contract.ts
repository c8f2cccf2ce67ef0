import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { err, ok, type Result } from 'neverthrow';
import type { EventTransport } from '../../../application/ports/event-transport.ts';
import type { DomainEvent } from '../../../domain/event/domain-event.ts';
import type { OutboxRelay } from '../../../infrastructure/events/event-relay.ts';
import type { RelayOptions } from '../../../infrastructure/events/relay-options.ts';
import type { Slotwise } from '../../../infrastructure/slotwise.ts';
import { seedBoard } from '../../seeds/seed-board.ts';
import { contractSuite, type ContractSuite } from '../contract-subject.ts';
import { expectErr, expectOk } from '../outcome.ts';

const admin = { kind: 'admin', id: 1 } as const;
const soon: RelayOptions = { firstRetryMs: 1, longestRetryMs: 2, maxAttempts: 3, pollMs: 20 };
const PAUSE_MS = 10;
const LIMIT_MS = 5_000;

/** A transport that remembers what it was given, and fails as long as `fails` says so. */
class Notes implements EventTransport {
  readonly delivered: DomainEvent[] = [];
  readonly tried: DomainEvent[] = [];
  fails: (event: DomainEvent) => unknown = () => undefined;

  deliver(event: DomainEvent): Promise<Result<void, unknown>> {
    this.tried.push(event);
    const reason = this.fails(event);
    if (reason !== undefined) return Promise.resolve(err(reason));
    this.delivered.push(event);
    return Promise.resolve(ok());
  }

  about(slotId: number): readonly string[] {
    return this.delivered.filter(({ data }) => data.slotId === slotId).map(({ type }) => type);
  }
}

function relayTo(sdk: Slotwise, transport: EventTransport, options: RelayOptions = soon): OutboxRelay {
  const relay = sdk.outbox.relay(transport, options);
  if (relay.isErr()) assert.fail(relay.error.message);
  return relay.value;
}

async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  const end = performance.now() + LIMIT_MS;
  while (!(await isSo())) {
    assert.ok(performance.now() < end, 'did not come about in time');
    await sleep(PAUSE_MS);
  }
}

/** Nothing that another test has left behind is waiting, and a slot that has been held and released: three events. */
async function heldAndReleased(sdk: Slotwise) {
  await expectOk(sdk.outbox.discardDead());
  await expectOk(relayTo(sdk, new Notes()).drain({ limit: 100_000 }));
  const { slot, candidate } = await expectOk(seedBoard(sdk));
  const held = await expectOk(sdk.booking.hold({ slotId: slot.id, candidateId: candidate.id }));
  await expectOk(sdk.booking.release({ bookingId: held.id, actor: admin }));
  return { slot, candidate };
}

const three = ['booking.held', 'booking.canceled', 'slot.freed'];

/** What a relay does with committed events. */
export const outboxContract: ContractSuite = contractSuite('the outbox', (test) => {
  test('hands every event over, in the order of its slot, and keeps none', async (sdk) => {
    const told: DomainEvent[] = [];
    const end = sdk.events.onAny((event) => void told.push(event));
    const { slot } = await heldAndReleased(sdk);
    end();
    const before = (await sdk.health()).events;
    assert.equal(before.backlog, 3);
    const notes = new Notes();
    const relay = relayTo(sdk, notes);
    assert.deepEqual(await expectOk(relay.drain()), { delivered: 3, failed: 0, dead: 0 });
    assert.deepEqual(notes.about(slot.id), three);
    // What is delivered is what handlers in this process were told.
    assert.deepEqual(notes.delivered, told);
    assert.deepEqual((await sdk.health()).events, { backlog: 0, oldestMs: 0, dead: 0 });
    assert.deepEqual(await expectOk(relay.drain()), { delivered: 0, failed: 0, dead: 0 });
  });

  test('hands over no more than it is asked for', async (sdk) => {
    const { slot } = await heldAndReleased(sdk);
    const notes = new Notes();
    const relay = relayTo(sdk, notes);
    assert.deepEqual(await expectOk(relay.drain({ limit: 2 })), { delivered: 2, failed: 0, dead: 0 });
    assert.deepEqual(notes.about(slot.id), three.slice(0, 2));
    assert.equal((await sdk.health()).events.backlog, 1);
    for (const limit of [0, -1, 1.5, Number.NaN])
      await expectErr(relay.drain({ limit }), 'Validation', { field: 'limit' });
    await expectOk(relay.drain());
  });

  test('knows nothing of what was rolled back', async (sdk, open) => {
    const { slot, candidate } = await heldAndReleased(sdk);
    const uow = open();
    await expectOk(sdk.booking.hold({ slotId: slot.id, candidateId: candidate.id }, { uow }));
    await expectOk(uow.rollback());
    const notes = new Notes();
    await expectOk(relayTo(sdk, notes).drain());
    assert.deepEqual(notes.about(slot.id), three);
  });

  test('lets the events of a slot wait for one that fails, and others go on', async (sdk) => {
    const { slot } = await heldAndReleased(sdk);
    const { slot: other, candidate } = await expectOk(seedBoard(sdk));
    await expectOk(sdk.booking.hold({ slotId: other.id, candidateId: candidate.id }));
    const notes = new Notes();
    notes.fails = ({ data }) => (data.slotId === slot.id ? { type: 'Away' } : undefined);
    const patient = relayTo(sdk, notes, { ...soon, firstRetryMs: 1_000, longestRetryMs: 1_000 });
    assert.deepEqual(await expectOk(patient.drain()), { delivered: 1, failed: 1, dead: 0 });
    assert.deepEqual([notes.about(slot.id), notes.about(other.id)], [[], ['booking.held']]);
    notes.fails = () => undefined;
    // Not due yet, and those behind it are not tried either.
    assert.deepEqual(await expectOk(patient.drain()), { delivered: 0, failed: 0, dead: 0 });
    assert.equal((await sdk.health()).events.backlog, 3);
    await until(async () => (await expectOk(patient.drain())).delivered > 0);
    assert.deepEqual(notes.about(slot.id), three);
  });

  test('tries again after a while, whatever way the transport has failed', async (sdk) => {
    const { slot } = await heldAndReleased(sdk);
    const notes = new Notes();
    let attempts = 0;
    const failing: EventTransport = {
      deliver: (event) => {
        attempts += 1;
        if (attempts === 1) throw new Error('thrown at once');
        if (attempts === 2) return new Promise(() => undefined);
        if (attempts === 3) return Promise.resolve(undefined as never);
        return attempts === 4 ? Promise.reject(new Error('later')) : notes.deliver(event);
      },
    };
    const options = { ...soon, maxAttempts: 9, deliveryTimeoutMs: 30 };
    const relay = relayTo(sdk, failing, options);
    await until(async () => {
      await expectOk(relay.drain());
      return notes.about(slot.id).length === 3;
    });
    assert.deepEqual(notes.about(slot.id), three);
    assert.equal(attempts, 7);
  });

  test('puts an event aside that fails too often; those behind it go on', async (sdk) => {
    const { slot } = await heldAndReleased(sdk);
    const notes = new Notes();
    notes.fails = ({ type }) => (type === 'booking.held' ? { type: 'Refused', message: 'no' } : undefined);
    const relay = relayTo(sdk, notes);
    await until(async () => {
      await expectOk(relay.drain());
      return notes.about(slot.id).length === 2;
    });
    assert.deepEqual(notes.about(slot.id), three.slice(1));
    assert.equal(notes.tried.length, 5);
    assert.deepEqual((await sdk.health()).events, { backlog: 0, oldestMs: 0, dead: 1 });
    const { items } = await expectOk(sdk.outbox.listDead());
    const [dead] = items;
    assert.deepEqual([items.length, dead?.attempts, dead?.lastError], [1, 3, 'Refused: no']);
    assert.deepEqual(dead?.event, notes.tried[0]);

    notes.fails = () => undefined;
    await expectOk(relay.drain());
    assert.equal(await expectOk(sdk.outbox.retryDead([1_000_000_000])), 0);
    assert.equal(await expectOk(sdk.outbox.retryDead([dead?.event.id ?? 0])), 1);
    assert.deepEqual(await expectOk(relay.drain()), { delivered: 1, failed: 0, dead: 0 });
    assert.deepEqual((await expectOk(sdk.outbox.listDead())).items, []);
  });

  test('lists dead events by page, and lets them be retried or discarded', async (sdk) => {
    const { slot } = await heldAndReleased(sdk);
    const notes = new Notes();
    notes.fails = () => 'no';
    const relay = relayTo(sdk, notes, { ...soon, maxAttempts: 1 });
    assert.deepEqual(await expectOk(relay.drain()), { delivered: 0, failed: 0, dead: 3 });
    const first = await expectOk(sdk.outbox.listDead({ limit: 2 }));
    assert.ok(first.nextCursor !== undefined);
    const rest = await expectOk(sdk.outbox.listDead({ limit: 2, cursor: first.nextCursor }));
    const dead = [...first.items, ...rest.items].map(({ event }) => event);
    assert.deepEqual(
      dead.map(({ type }) => type),
      three,
    );
    assert.deepEqual([first.items.length, rest.nextCursor], [2, undefined]);
    await expectErr(sdk.outbox.listDead({ limit: 0 }), 'Validation');
    for (const ids of [[0], [1.5], 'all' as never]) {
      await expectErr(sdk.outbox.retryDead(ids), 'Validation');
      await expectErr(sdk.outbox.discardDead(ids), 'Validation');
    }
    assert.equal(await expectOk(sdk.outbox.discardDead([dead[0]?.id ?? 0])), 1);
    assert.equal(await expectOk(sdk.outbox.retryDead([])), 0);
    assert.equal(await expectOk(sdk.outbox.retryDead()), 2);
    notes.fails = () => undefined;
    await expectOk(relay.drain());
    assert.deepEqual(notes.about(slot.id), three.slice(1));
  });

  test('is emptied by a relay that was started, until it is stopped', async (sdk) => {
    const { slot, candidate } = await heldAndReleased(sdk);
    const notes = new Notes();
    const relay = relayTo(sdk, notes);
    relay.start();
    relay.start();
    await until(() => notes.about(slot.id).length === 3);
    const again = await expectOk(sdk.booking.hold({ slotId: slot.id, candidateId: candidate.id }));
    await until(() => notes.about(slot.id).length === 4);
    await relay.stop();
    await relay.stop();
    await expectOk(sdk.booking.release({ bookingId: again.id, actor: admin }));
    await sleep(60);
    assert.equal(notes.about(slot.id).length, 4);
    relay.start();
    await until(() => notes.about(slot.id).length === 6);
    await relay.stop();
  });

  test('is shared by several relays: nothing is handed over twice', async (sdk) => {
    const { slot } = await heldAndReleased(sdk);
    const notes = new Notes();
    const relays = [1, 2, 3].map(() => relayTo(sdk, notes));
    await until(async () => {
      await Promise.all(relays.map(async (relay) => expectOk(relay.drain())));
      return (await sdk.health()).events.backlog === 0;
    });
    assert.deepEqual(notes.about(slot.id), three);
  });

  test('is not relayed with options that are none, or to what is no transport', async (sdk) => {
    const notes = new Notes();
    const refuse = (transport: unknown, options: unknown, field: string) =>
      expectErr(
        Promise.resolve(sdk.outbox.relay(transport as EventTransport, options as RelayOptions)),
        'Validation',
        { field },
      );
    for (const name of ['maxAttempts', 'firstRetryMs', 'longestRetryMs', 'deliveryTimeoutMs', 'pollMs'])
      for (const wrong of [0, -1, 1.5, 3e9, '5', null]) await refuse(notes, { [name]: wrong }, name);
    await refuse(notes, { maxAttempt: 1 }, 'maxAttempt');
    await refuse({}, {}, 'transport.deliver');
    await refuse(undefined, {}, 'transport');
  });

  test('can be cleared of what nobody wants', async (sdk) => {
    await heldAndReleased(sdk);
    await expectErr(sdk.outbox.sweep({ olderThanMs: 1_000 }), 'Validation', { field: 'olderThanMs' });
    assert.deepEqual(await expectOk(sdk.outbox.sweep()), { removed: 0 });
    assert.equal((await sdk.health()).events.backlog, 3);
  });
});
