/** A bot that answers nobody more often than it wants to. */
import assert from 'node:assert/strict';
import { createSlotwise } from '../src/index.ts';
import { orThrow } from './support/or-throw.ts';
import { settableClock } from '../src/testing/index.ts';

const clock = settableClock();
const sdk = orThrow(await createSlotwise({ clock }));

// #region guide
const perUser = orThrow(
  sdk.rateLimiter({ name: 'commands', limit: 20, perMs: 60_000, burst: 5, onUnavailable: 'open' }),
);

async function onCommand(telegramId: string, answer: () => Promise<string>): Promise<string> {
  const decision = orThrow(await perUser.take(telegramId));
  if (!decision.allowed) return `Slow down, please: ${Math.ceil(decision.retryAfterMs / 1_000)} s`;
  return answer();
}
// #endregion

const offer = (): Promise<string> => Promise.resolve('These are free: …');
for (let times = 0; times < 5; times += 1)
  assert.equal(await onCommand('7000000001', offer), 'These are free: …');
const refused = await onCommand('7000000001', offer);
console.log(refused);
assert.equal(refused, 'Slow down, please: 3 s');
assert.equal(await onCommand('7000000002', offer), 'These are free: …');

clock.advance(3_000);
assert.equal(await onCommand('7000000001', offer), 'These are free: …');

// An export is worth ten looks: it costs as much.
const exports = orThrow(
  sdk.rateLimiter({ name: 'exports', limit: 100, perMs: 3_600_000, onUnavailable: 'closed' }),
);
const { allowed, remaining } = orThrow(await exports.take('desk-1', 10));
assert.deepEqual([allowed, remaining], [true, 90]);
orThrow(await sdk.close());
