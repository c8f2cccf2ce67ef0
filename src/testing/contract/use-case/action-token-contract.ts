import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { err } from 'neverthrow';
import type { NewActionToken } from '../../../domain/token/action-token.ts';
import { seedBoard } from '../../seeds/seed-board.ts';
import { seedBooking } from '../../seeds/seed-booking.ts';
import { unique } from '../../seeds/unique.ts';
import { contractSuite, type ContractSuite } from '../contract-subject.ts';
import { hostileTexts, refusedIds, UNKNOWN_ID } from '../hostile-texts.ts';
import { expectErr, expectOk } from '../outcome.ts';

const HOUR_MS = 60 * 60 * 1000;
const newToken = { action: 'confirm', ttlMs: HOUR_MS } as const;

/** Tokens that let whoever has them do one thing. */
export const actionTokenContract: ContractSuite = contractSuite('an action token', (test) => {
  test('answers what it stands for, once', async (sdk) => {
    const { slot, candidate } = await expectOk(seedBoard(sdk));
    const { booking } = await expectOk(seedBooking(sdk, { slot, candidate }));
    const data = { note: hostileTexts, deep: { list: [1, null, true, { a: '' }] } };
    const { token, expiresAt } = await expectOk(
      sdk.tokens.issue({ ...newToken, bookingId: booking.id, data }),
    );
    assert.match(token, /^[A-Za-z0-9_-]{43}$/);
    const redeemed = await expectOk(sdk.tokens.redeem(token, { action: 'confirm' }));
    const { issuedAt, ...rest } = redeemed;
    assert.deepEqual(rest, { action: 'confirm', bookingId: booking.id, data });
    assert.deepEqual(issuedAt.plus(HOUR_MS), expiresAt);
    const { usedAt } = await expectErr(sdk.tokens.redeem(token, { action: 'confirm' }), 'TokenUsed');
    assert.ok(!usedAt.isBefore(issuedAt));
  });

  test('is another one each time', async (sdk) => {
    const tokens = new Set<string>();
    for (let times = 0; times < 5; times += 1) tokens.add((await expectOk(sdk.tokens.issue(newToken))).token);
    assert.equal(tokens.size, 5);
  });

  test('is good for its own action only, and not used up by others', async (sdk) => {
    const { token } = await expectOk(sdk.tokens.issue(newToken));
    await expectErr(sdk.tokens.redeem(token, { action: 'cancel' }), 'TokenMismatch', { action: 'cancel' });
    await expectOk(sdk.tokens.redeem(token, { action: 'confirm' }));
    await expectErr(sdk.tokens.redeem(token, { action: 'cancel' }), 'TokenMismatch');
  });

  test('expires', async (sdk) => {
    const { token, expiresAt } = await expectOk(sdk.tokens.issue({ ...newToken, ttlMs: 40 }));
    await sleep(80);
    await expectErr(sdk.tokens.redeem(token, { action: 'confirm' }), 'TokenExpired', {
      expiredAt: expiresAt,
    });
  });

  test('is unknown unless it was issued', async (sdk) => {
    const { token } = await expectOk(sdk.tokens.issue(newToken));
    const other = `${token.startsWith('A') ? 'B' : 'A'}${token.slice(1)}`;
    for (const text of [other, token.slice(1), `${token} `, '', "' or true --", undefined as never])
      await expectErr(sdk.tokens.redeem(text, { action: 'confirm' }), 'TokenNotFound');
    await expectOk(sdk.tokens.redeem(token, { action: 'confirm' }));
  });

  test('is had by one of several who try at once', async (sdk) => {
    const { token } = await expectOk(sdk.tokens.issue(newToken));
    const outcomes = await Promise.all(
      Array.from({ length: 5 }, async () => sdk.tokens.redeem(token, { action: 'confirm' })),
    );
    const errors = outcomes.flatMap((outcome) => (outcome.isErr() ? [outcome.error.type] : []));
    assert.deepEqual(errors, ['TokenUsed', 'TokenUsed', 'TokenUsed', 'TokenUsed']);
  });

  test('was not used when what it was for is undone', async (sdk, open) => {
    const { token } = await expectOk(sdk.tokens.issue(newToken));
    const undone = await sdk.transaction((uow) =>
      sdk.tokens
        .redeem(token, { action: 'confirm' }, { uow })
        .andThen(() => err({ type: 'ChangedMyMind' } as const)),
    );
    assert.equal(undone.isErr() && undone.error.type, 'ChangedMyMind');
    const uow = open();
    const issued = await expectOk(sdk.tokens.issue(newToken, { uow }));
    await expectOk(sdk.tokens.redeem(token, { action: 'confirm' }, { uow }));
    await expectOk(uow.rollback());
    await expectErr(sdk.tokens.redeem(issued.token, { action: 'confirm' }), 'TokenNotFound');
    await expectOk(sdk.tokens.redeem(token, { action: 'confirm' }));
  });

  test('can be redeemed again under the same idempotency key', async (sdk) => {
    const { token } = await expectOk(sdk.tokens.issue({ ...newToken, data: { a: 1 } }));
    const redeem = (idempotencyKey: string) =>
      sdk.tokens.redeem(token, { action: 'confirm' }, { idempotencyKey });
    const key = unique('key');
    const first = await expectOk(redeem(key));
    assert.deepEqual(await expectOk(redeem(key)), first);
    await expectErr(redeem(unique('key')), 'TokenUsed');
  });

  test('is not issued for what is wrong', async (sdk) => {
    const refuse = (token: Partial<NewActionToken>, field: string) =>
      expectErr(sdk.tokens.issue({ ...newToken, ...token }), 'Validation', { field });
    for (const action of ['', 'Confirm', 'a b', 'x'.repeat(65), 5 as never])
      await refuse({ action }, 'action');
    for (const bookingId of refusedIds) await refuse({ bookingId }, 'bookingId');
    for (const ttlMs of [0, -1, 1.5, Number.NaN, 1e15]) await refuse({ ttlMs }, 'ttlMs');
    await refuse({ expiresAt: '2100-01-01T00:00:00Z' }, 'expiresAt');
    const without: NewActionToken = { action: 'confirm' };
    await expectErr(sdk.tokens.issue(without), 'Validation', { field: 'expiresAt' });
    await expectErr(
      sdk.tokens.issue({ action: 'confirm', expiresAt: '2001-01-01T00:00:00Z' }),
      'Validation',
      { field: 'expiresAt' },
    );
    for (const data of [
      { text: 'x'.repeat(4_096) },
      { text: 'with \0 inside' },
      { text: 'lone \uD800 surrogate' },
      { '\0': 1 },
      { count: 1n },
      [] as never,
    ])
      await refuse({ data }, 'data');
    await expectErr(sdk.tokens.issue({ ...newToken, bookingId: UNKNOWN_ID }), 'BookingNotFound');
    const keyed = { idempotencyKey: unique('key') } as object;
    await expectErr(sdk.tokens.issue(newToken, keyed), 'Validation', { field: 'idempotencyKey' });
  });

  test('is forgotten some time after it expired', async (sdk) => {
    const { token } = await expectOk(sdk.tokens.issue({ ...newToken, ttlMs: 1 }));
    const { token: good } = await expectOk(sdk.tokens.issue(newToken));
    await sleep(20);
    await expectOk(sdk.tokens.sweep());
    await expectErr(sdk.tokens.redeem(token, { action: 'confirm' }), 'TokenExpired');
    assert.ok((await expectOk(sdk.tokens.sweep({ olderThanMs: 0 }))).removed >= 1);
    await expectErr(sdk.tokens.redeem(token, { action: 'confirm' }), 'TokenNotFound');
    await expectOk(sdk.tokens.redeem(good, { action: 'confirm' }));
  });
});
