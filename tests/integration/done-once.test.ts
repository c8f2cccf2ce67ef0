import { afterAll, beforeAll, expect, it } from 'vitest';
import { createSlotwise, type Slotwise } from '../../src/index.ts';
import { seedBoard } from '../../src/testing/seeds/seed-board.ts';
import { seedBooking } from '../../src/testing/seeds/seed-booking.ts';
import { ScratchDatabase } from '../support/scratch-database.ts';
import { describeWithPostgres } from '../support/services.ts';

const RETRIES = 20;
const ROUNDS = 5;
const MINUTE = 60_000;

describeWithPostgres('what is to be done once, on a PostgreSQL server', () => {
  const database = new ScratchDatabase();
  let sdks: readonly [Slotwise, Slotwise];

  const open = async (): Promise<Slotwise> =>
    (await createSlotwise({ database: database.options, cache: false }))._unsafeUnwrap();

  beforeAll(async () => {
    sdks = [await open(), await open()];
    (await sdks[0].migrate())._unsafeUnwrap();
  });

  afterAll(async () => {
    for (const sdk of sdks) await sdk.close().unwrapOr(undefined);
    await database[Symbol.asyncDispose]();
  });

  it('is done once by any number of retries at the same moment, and all of them answer the same', async () => {
    const { recruiter, city, slot } = (await seedBoard(sdks[0]))._unsafeUnwrap();
    for (let round = 0; round < ROUNDS; round += 1) {
      const startsAt = slot.endsAt.plus((60 + round * 60) * MINUTE);
      const command = {
        recruiterId: recruiter.id,
        cityId: city.id,
        startsAt,
        endsAt: startsAt.plus(30 * MINUTE),
      };
      const options = { idempotencyKey: `round ${round}` };
      const answers = await Promise.all(
        Array.from({ length: RETRIES }, async (_, index) =>
          (index % 2 === 0 ? sdks[0] : sdks[1]).slots.publish(command, options),
        ),
      );
      const slots = answers.map((answer) => answer._unsafeUnwrap());
      expect(new Set(slots.map(({ id }) => id)).size).toBe(1);
      for (const answer of slots) expect(answer).toEqual(slots[0]);
    }
    const [row] = await database.rows<{ slots: number; keys: number }>(
      `select (select count(*)::int from $schema.slot where recruiter_id = ${recruiter.id}) as slots,
        (select count(*)::int from $schema.idempotency_record) as keys`,
    );
    expect(row).toEqual({ slots: 1 + ROUNDS, keys: ROUNDS });
    console.log(`idempotency: ${ROUNDS} keys, ${ROUNDS * RETRIES} calls, ${ROUNDS} executions`);
  });

  it('may be done again when the time of its key is over, also before the key is swept up', async () => {
    const [sdk] = sdks;
    const { slot, candidate } = (await seedBoard(sdk))._unsafeUnwrap();
    const hold = () =>
      sdk.booking.hold({ slotId: slot.id, candidateId: candidate.id }, { idempotencyKey: 'for a day' });
    const first = (await hold())._unsafeUnwrap();
    (await sdk.booking.release({ bookingId: first.id, actor: { kind: 'system' } }))._unsafeUnwrap();
    expect((await hold())._unsafeUnwrap().id).toBe(first.id);
    const [row] = await database.rows<{ hours: number }>(
      `select round(extract(epoch from expires_at - created_at) / 3600)::int as hours
       from $schema.idempotency_record where key = 'for a day'`,
    );
    expect(row?.hours).toBe(24);
    await database.rows(
      `update $schema.idempotency_record set expires_at = clock_timestamp() where key = 'for a day'`,
    );
    const second = (await hold())._unsafeUnwrap();
    expect(second.id).not.toBe(first.id);
    expect((await hold())._unsafeUnwrap()).toEqual(second);

    await database.rows(
      `insert into $schema.idempotency_record (operation, key, fingerprint, expires_at)
       select 'x', 'old ' || i, '', clock_timestamp() - interval '1 min' from generate_series(1, 2500) i`,
    );
    expect((await sdk.idempotency.sweep())._unsafeUnwrap()).toEqual({ removed: 2500 });
    expect((await hold())._unsafeUnwrap()).toEqual(second);
  });

  it('is refused, and not made up, when a remembered answer was changed past the SDK', async () => {
    const [sdk] = sdks;
    const { slot, candidate } = (await seedBoard(sdk))._unsafeUnwrap();
    const hold = () =>
      sdk.booking.hold({ slotId: slot.id, candidateId: candidate.id }, { idempotencyKey: 'damaged' });
    (await hold())._unsafeUnwrap();
    for (const response of [
      null,
      '{"answer": {"$kind": "slot", "record": {}}}',
      '{"answer": {"$kind": "planet"}}',
    ]) {
      await database.rows(`update $schema.idempotency_record set response = $1 where key = 'damaged'`, [
        response,
      ]);
      expect((await hold())._unsafeUnwrapErr().type).toBe('CorruptRecord');
    }
  });

  it('forgets updates when they are two days old', async () => {
    const [sdk] = sdks;
    const receive = (updateId: number) => sdk.inbox.once({ source: 'bot', updateId }, (uow) => uow.now());
    for (const id of [1, 2]) (await receive(id))._unsafeUnwrap();
    await database.rows(
      `update $schema.inbox_update set received_at = received_at - interval '49 hours' where key = '1'`,
    );
    expect((await sdk.inbox.sweep())._unsafeUnwrap()).toEqual({ removed: 1 });
    expect((await receive(1))._unsafeUnwrap().duplicate).toBe(false);
    expect((await receive(2))._unsafeUnwrap()).toEqual({ duplicate: true });
  });

  it('keeps of a token, and of what somebody sent, only a hash', async () => {
    const [sdk] = sdks;
    const { slot, candidate } = (await seedBoard(sdk))._unsafeUnwrap();
    const { booking } = (await seedBooking(sdk, { slot, candidate }))._unsafeUnwrap();
    const { token } = (
      await sdk.tokens.issue({ action: 'confirm', bookingId: booking.id, ttlMs: 60_000 })
    )._unsafeUnwrap();
    const contentKey = 'something private that was said';
    (await sdk.inbox.once({ source: 'bot', contentKey }, (uow) => uow.now()))._unsafeUnwrap();
    const redeem = { action: 'confirm' };
    (await sdk.tokens.redeem(token, redeem, { idempotencyKey: 'once' }))._unsafeUnwrap();
    for (const table of [
      'action_token',
      'inbox_update',
      'idempotency_record',
      'audit_entry',
      'event_message',
    ]) {
      const rows = await database.rows<{ text: string }>(`select t::text as text from $schema.${table} t`);
      for (const { text } of rows) {
        expect(text).not.toContain(token);
        expect(text).not.toContain(contentKey);
      }
    }
    const [kept] = await database.rows<{ hash: string }>(
      'select token_hash as hash from $schema.action_token',
    );
    expect(kept?.hash).toMatch(/^[0-9a-f]{64}$/);
  });
});
