import { expect, it } from 'vitest';
import { createSlotwise } from '../../src/index.ts';
import { seedBoard } from '../../src/testing/seeds/seed-board.ts';
import { seedCandidate } from '../../src/testing/seeds/seed-candidate.ts';
import { ScratchDatabase } from '../support/scratch-database.ts';
import { describeWithPostgres } from '../support/services.ts';

const person = {
  fullName: 'Zebulon Quartermain',
  username: 'zebulon_q',
  phone: '+49 30 7654321',
  telegramId: '8123456789012345',
};
const reason = 'moves to Timbuktu';
const ROUNDS = 20;

/** Names the tables in which one of these texts is found anywhere. */
async function tablesWith(database: ScratchDatabase, texts: readonly string[]): Promise<readonly string[]> {
  const tables = await database.rows<{ relname: string }>(
    `select relname from pg_class where relnamespace = '$schema'::regnamespace and relkind = 'r' order by 1`,
  );
  const found: string[] = [];
  for (const { relname } of tables) {
    const rows = await database.rows<{ row: string }>(
      `select to_jsonb(t)::text as row from $schema.${relname} t`,
    );
    if (rows.some(({ row }) => texts.some((text) => row.includes(text)))) found.push(relname);
  }
  return found;
}

describeWithPostgres('a candidate who was erased', () => {
  it('is found in no table, nor is what was written about them', async () => {
    await using stack = new AsyncDisposableStack();
    const database = stack.use(new ScratchDatabase());
    const options = { database: database.options, cache: false } as const;
    const sdk = stack.use((await createSlotwise(options))._unsafeUnwrap());
    (await sdk.migrate())._unsafeUnwrap();
    const { slot, recruiter } = (await seedBoard(sdk))._unsafeUnwrap();
    const candidate = (await seedCandidate(sdk, person))._unsafeUnwrap();
    const booked = (
      await sdk.booking.reserve({ slotId: slot.id, candidateId: candidate.id })
    )._unsafeUnwrap();
    const asking = { kind: 'candidate', id: candidate.id } as const;
    const wish = { bookingId: booked.id, comment: reason, actor: asking };
    (await sdk.booking.requestReschedule(wish, { idempotencyKey: 'ask' }))._unsafeUnwrap();
    const actor = { kind: 'recruiter', id: recruiter.id } as const;
    const command = { bookingId: booked.id, actor, reason };
    (await sdk.booking.reject(command, { idempotencyKey: 'reject' }))._unsafeUnwrap();

    expect(await tablesWith(database, [reason])).toEqual([
      'audit_entry',
      'booking',
      'event_message',
      'idempotency_record',
      'reschedule_request',
    ]);
    expect(await tablesWith(database, [person.fullName])).toEqual(['candidate']);

    const erased = await sdk.candidates.erase({ candidateId: candidate.id, actor: { kind: 'admin' } });
    expect(erased.isOk()).toBe(true);
    const { telegramId, ...others } = person;
    expect(await tablesWith(database, [reason, ...Object.values(others)])).toEqual([]);
    // A cache that has not been told yet is told by this id which answer to forget; then the row goes.
    expect((await tablesWith(database, [telegramId])).filter((table) => table !== 'invalidation')).toEqual(
      [],
    );
    const [counts] = await database.rows(
      `select (select count(*)::int from $schema.booking) as bookings,
              (select count(*)::int from $schema.audit_entry) as entries,
              (select count(*)::int from $schema.event_message) as events`,
    );
    expect(counts).toEqual({ bookings: 1, entries: 5, events: 4 });
  });

  it('never has a booking ahead, however closely a reservation and the erasure race', async () => {
    await using stack = new AsyncDisposableStack();
    const database = stack.use(new ScratchDatabase());
    const options = { database: database.options, cache: false } as const;
    const [sdk, other] = [
      stack.use((await createSlotwise(options))._unsafeUnwrap()),
      stack.use((await createSlotwise(options))._unsafeUnwrap()),
    ];
    (await sdk.migrate())._unsafeUnwrap();
    const { slots } = (await seedBoard(sdk, { recruiters: ROUNDS }))._unsafeUnwrap();
    const outcomes: string[] = [];
    for (const slot of slots) {
      const { id: candidateId } = (await seedCandidate(sdk))._unsafeUnwrap();
      const reserve = () => other.booking.reserve({ slotId: slot.id, candidateId });
      const erase = () => sdk.candidates.erase({ candidateId, actor: { kind: 'admin' } });
      // Whoever is started first has a head start.
      const [erased, reserved] =
        outcomes.length % 2 === 0
          ? await Promise.all([erase(), reserve()])
          : (await Promise.all([reserve(), erase()])).toReversed();
      const types = [erased, reserved].map((outcome) =>
        outcome === undefined || outcome.isOk() ? 'ok' : outcome.error.type,
      );
      outcomes.push(types.join(' '));
    }
    const possible = ['ok CandidateInactive', 'CandidateHasBookings ok'];
    expect(outcomes.filter((outcome) => !possible.includes(outcome))).toEqual([]);
    const stray = await database.rows(
      `select booking.id from $schema.booking join $schema.candidate on candidate.id = booking.candidate_id
       where not candidate.active and booking.ended_at is null`,
    );
    expect(stray).toEqual([]);
  });

  it('cannot be brought back by writing what was forgotten into history', async () => {
    await using stack = new AsyncDisposableStack();
    const database = stack.use(new ScratchDatabase());
    const options = { database: database.options, cache: false } as const;
    const sdk = stack.use((await createSlotwise(options))._unsafeUnwrap());
    (await sdk.migrate())._unsafeUnwrap();
    const { slot, candidate, recruiter } = (await seedBoard(sdk))._unsafeUnwrap();
    const booked = (
      await sdk.booking.reserve({ slotId: slot.id, candidateId: candidate.id })
    )._unsafeUnwrap();
    const actor = { kind: 'recruiter', id: recruiter.id } as const;
    (await sdk.booking.reject({ bookingId: booked.id, actor, reason }))._unsafeUnwrap();

    const change = (set: string) =>
      database.rows(`update $schema.booking set ${set} where id = ${booked.id}`);
    for (const set of [
      `end_reason = 'another'`,
      `version = version + 1`,
      `end_reason = null, state = 'canceled'`,
      `end_reason = null, candidate_id = candidate_id + 1`,
    ])
      await expect(change(set)).rejects.toMatchObject({ constraint: 'booking_history_is_final' });
    await change('end_reason = null, version = version + 1');
    await expect(change(`end_reason = 'x'`)).rejects.toMatchObject({
      constraint: 'booking_history_is_final',
    });
  });
});
