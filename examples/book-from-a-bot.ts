/**
 * A bot behind a webhook that may get everything twice: an inbox, signed buttons, single-use links, and events that reach
 * a queue. The chat network and the queue are in memory.
 */
import assert from 'node:assert/strict';
import {
  createSlotwise,
  decodeAction,
  encodeAction,
  okAsync,
  type ActionKey,
  type DomainEvent,
  type EventTransport,
  type Slot,
  type UnitOfWork,
} from '../src/index.ts';
import { slotTime } from './demo/local-time.ts';
import { orThrow } from './support/or-throw.ts';
import { seedBerlin } from './support/seed-berlin.ts';

/** What Telegram sends when somebody presses a button, as far as the example needs it. */
interface Press {
  readonly update_id: number;
  readonly from: { readonly id: number; readonly name: string };
  readonly message_id: number;
  readonly data: string;
}

const sdk = orThrow(await createSlotwise());
orThrow(await sdk.migrate());
const { city, recruiter } = await seedBerlin(sdk);

// #region buttons
/** From the configuration of the host. To rotate, put a new key in front; drop the old one when its buttons are gone. */
const keys: readonly ActionKey[] = [{ id: 1, secret: 'kept where the other secrets of the host are' }];

const button = (slot: Slot, userId: number): readonly [string, string] => [
  slotTime(slot),
  orThrow(
    encodeAction(
      { action: 'take', id: slot.id, expiresAt: slot.startsAt },
      { keys, boundTo: String(userId) },
    ),
  ),
];
// #endregion

const candidateOf = (uow: UnitOfWork, { id, name }: Press['from']) =>
  uow.candidates
    .findByTelegramId(String(id))
    .andThen((known) =>
      known ? okAsync(known) : uow.candidates.add({ fullName: name, telegramId: String(id) }),
    );

// #region webhook
/** Answers what to tell the user; `undefined` when they have been told already. */
async function onPress({ update_id: updateId, from, message_id, data }: Press): Promise<string | undefined> {
  const action = decodeAction(data, { keys, boundTo: String(from.id) });
  if (action.isErr())
    return action.error.type === 'ActionExpired' ? 'That time is over.' : 'Not your button.';
  const received = await sdk.inbox.once(
    // The same press under a new number is still the same press.
    { source: 'telegram', updateId, contentKey: `${from.id} ${message_id} ${data}` },
    (uow) =>
      candidateOf(uow, from).andThen(({ id: candidateId }) =>
        sdk.booking.reserve({ slotId: action.value.id, candidateId }, { uow }),
      ),
  );
  return received.match(
    (outcome) => (outcome.duplicate ? undefined : `Requested, number ${outcome.value.id}.`),
    (error) => (error.type === 'SlotTaken' ? 'Somebody was faster.' : 'Please try again.'),
  );
}
// #endregion

const ben = { id: 7_000_000_001, name: 'Ben' };
const eva = { id: 7_000_000_002, name: 'Eva' };
const free = orThrow(await sdk.read.slots.getFreeForCity(city.id));
const [first] = free;
assert.ok(first);
const [label, data] = button(first, ben.id);
assert.ok(Buffer.byteLength(data) <= 64);
console.log(`button "${label}" carries ${data}`);

const press: Press = { update_id: 1, from: ben, message_id: 12, data };
const answered = await onPress(press);
const redelivered = await onPress(press);
const renumbered = await onPress({ ...press, update_id: 2 });
const notHers = await onPress({ ...press, update_id: 3, from: eva });
const changed = await onPress({ ...press, update_id: 4, data: `${data.slice(0, -1)}x` });
console.log([answered, redelivered, renumbered, notHers, changed]);
assert.match(answered ?? '', /^Requested/);
assert.deepEqual([redelivered, renumbered], [undefined, undefined]);
assert.deepEqual([notHers, changed], ['Not your button.', 'Not your button.']);

// #region key
/** The recruiter's client asks again when it got no answer, with the key of the first time. */
const bookingId = Number(/\d+/.exec(answered ?? '')?.[0]);
const approve = () =>
  sdk.booking.approve(
    { bookingId, actor: { kind: 'recruiter', id: recruiter.id } },
    { idempotencyKey: `approve ${bookingId}, form 4711`, correlationId: 'request 42' },
  );
const approved = orThrow(await approve());
const again = orThrow(await approve());
assert.deepEqual(again, approved);
// #endregion

// #region link
/** A link in a reminder, which works once, for whoever opens it. */
const { token } = orThrow(
  await sdk.tokens.issue({ action: 'confirm', bookingId, ttlMs: 24 * 60 * 60 * 1000 }),
);
const openLink = (opened: string) =>
  sdk.transaction((uow) =>
    sdk.tokens
      .redeem(opened, { action: 'confirm' }, { uow })
      .andThen(({ bookingId: redeemed = 0 }) =>
        sdk.booking.confirm({ bookingId: redeemed, actor: { kind: 'system' } }, { uow }),
      ),
  );
const confirmed = orThrow(await openLink(token));
const twice = await openLink(token);
// #endregion
assert.equal(confirmed.state, 'confirmed');
assert.equal(twice.isErr() && twice.error.type, 'TokenUsed');

// #region relay
/** Stands for a message queue; what it has taken, it keeps. */
const queue: DomainEvent[] = [];
const transport: EventTransport = {
  deliver: (event) => {
    queue.push(event);
    return okAsync(undefined);
  },
};
const relay = orThrow(sdk.outbox.relay(transport));
// Everything there is, now: for a job that runs every so often.
const report = orThrow(await relay.drain());
// And from now on, as it is committed: for a process that stays.
relay.start();
// #endregion
await relay.stop();
console.log(report);
const told = queue.filter((event) => event.aggregate === `slot:${first.id}`).map(({ type }) => type);
console.log('the queue was told', told);
assert.deepEqual(told, ['slot.published', 'booking.requested', 'booking.approved', 'booking.confirmed']);
assert.equal((await sdk.health()).events.backlog, 0);

// #region audit
const trail = orThrow(await sdk.audit.listFor({ entity: 'slot', id: first.id }));
for (const { action, actor, correlationId } of trail.items)
  console.log(`${action} by ${actor.kind} (${correlationId ?? 'no correlation id'})`);
// #endregion
assert.deepEqual(
  trail.items.map(({ action, correlationId }) => [action, correlationId]),
  [
    ['publish', undefined],
    ['request', 'telegram:1'],
    ['approve', 'request 42'],
    ['confirm', undefined],
  ],
);
orThrow(await sdk.close());
