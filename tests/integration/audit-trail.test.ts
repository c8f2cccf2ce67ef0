import { afterAll, beforeAll, expect, it } from 'vitest';
import { createSlotwise, type Slotwise } from '../../src/index.ts';
import { seedBoard, settableClock } from '../../src/testing/index.ts';
import { replayed, stated, trailOf } from '../support/audit-trail.ts';
import { ScratchDatabase } from '../support/scratch-database.ts';
import { describeWithPostgres } from '../support/services.ts';
import { rowsOf, stepNames, steps, type Run, type World } from '../unit/model/board-model.ts';

const STEPS = 150;

/** The same numbers every time (a linear congruential generator), so that what is reached does not depend on luck. */
function* numbers(seed: number): Generator<number, never> {
  for (let state = seed; ;) {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    yield state >> 8;
  }
}

describeWithPostgres('the audit trail on a PostgreSQL server', () => {
  const database = new ScratchDatabase();
  let sdk: Slotwise;

  beforeAll(async () => {
    sdk = (await createSlotwise({ database: database.options, cache: false }))._unsafeUnwrap();
    (await sdk.migrate())._unsafeUnwrap();
  });

  afterAll(async () => {
    await sdk.close().unwrapOr(undefined);
    await database[Symbol.asyncDispose]();
  });

  it('says what is stored, after commands in any order', async () => {
    const board = (await seedBoard(sdk, { recruiters: 2, candidates: 3 }))._unsafeUnwrap();
    const slots = new Set(board.slots.map(({ id }) => Number(id)));
    const world: World = {
      sdk,
      clock: settableClock(new Date()),
      board,
      slots,
      bookings: new Set(),
      requests: new Set(),
    };
    const random = numbers(20_300_107);
    const next = (): number => random.next().value;
    for (let step = 0; step < STEPS; step += 1) {
      const name = stepNames[next() % stepNames.length] ?? 'publish';
      await (steps[name] as Run)(world, next(), next());
    }
    const entries = await trailOf(sdk, world.slots);
    expect(replayed(entries)).toEqual(stated(await rowsOf(world), entries));
    expect(new Set(entries.map(({ action }) => action)).size).toBeGreaterThan(6);
    const [row] = await database.rows<{ entries: number }>(
      `select count(*)::int as entries from $schema.audit_entry where entity = 'slot'`,
    );
    expect(entries).toHaveLength(row?.entries ?? 0);
    console.log(`audit: ${STEPS} commands, ${entries.length} entries, replayed to the state that is stored`);
  });

  it('cannot be changed, and nothing of it deleted', async () => {
    const { slot, candidate } = (await seedBoard(sdk))._unsafeUnwrap();
    const held = (await sdk.booking.hold({ slotId: slot.id, candidateId: candidate.id }))._unsafeUnwrap();
    const release = {
      bookingId: held.id,
      actor: { kind: 'admin', id: 1 },
      reason: 'a private matter',
    } as const;
    (await sdk.booking.release(release))._unsafeUnwrap();
    const before = (await sdk.audit.listFor({ entity: 'slot', id: slot.id }))._unsafeUnwrap().items;
    const which = `entity = 'slot' and entity_id = ${slot.id}`;
    for (const change of [
      `at = now()`,
      `action = 'approve'`,
      `from_state = 'x'`,
      `to_state = 'booked'`,
      `actor_id = 2`,
      `actor_kind = 'system'`,
      `booking_id = 1`,
      `candidate_id = null`,
      `correlation_id = 'x'`,
      `entity_id = 1`,
      `id = id + 1000000`,
      `reason = 'another'`,
    ])
      await expect(
        database.rows(`update $schema.audit_entry set ${change} where ${which}`),
      ).rejects.toMatchObject({ code: '23514', constraint: 'audit_entry_is_final' });
    await expect(database.rows(`delete from $schema.audit_entry where ${which}`)).rejects.toMatchObject({
      code: '23514',
    });
    expect((await sdk.audit.listFor({ entity: 'slot', id: slot.id }))._unsafeUnwrap().items).toEqual(before);

    // What a person wrote may have to be forgotten; that something happened may not.
    await database.rows(`update $schema.audit_entry set reason = null where ${which}`);
    const after = (await sdk.audit.listFor({ entity: 'slot', id: slot.id }))._unsafeUnwrap().items;
    expect(after).toEqual(before.map((entry) => ({ ...entry, reason: undefined })));
  });
});
