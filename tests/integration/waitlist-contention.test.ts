import { afterAll, beforeAll, expect, it } from 'vitest';
import { createSlotwise, type Slotwise } from '../../src/index.ts';
import { seedBoard } from '../../src/testing/index.ts';
import { ScratchDatabase } from '../support/scratch-database.ts';
import { describeWithPostgres } from '../support/services.ts';

const ROUNDS = 12;

/** What must be true of the rows, whoever was faster. */
const broken = {
  'an open offer without its booking': `
    select entry.id from $schema.waitlist_entry entry join $schema.booking on booking.id = entry.booking_id
    where entry.status = 'offered' and booking.state <> 'offered'`,
  'an offer of a queue that no entry has': `
    select booking.id from $schema.booking left join $schema.waitlist_entry entry on entry.booking_id = booking.id
    where booking.state = 'offered' and entry.status is distinct from 'offered'`,
  'an offer to somebody else': `
    select entry.id from $schema.waitlist_entry entry join $schema.booking on booking.id = entry.booking_id
    where booking.candidate_id <> entry.candidate_id`,
  'an offered slot twice': `
    select slot_id from $schema.booking where state = 'offered' group by slot_id having count(*) > 1`,
  'a candidate with two offers': `
    select candidate_id from $schema.booking where state = 'offered' group by candidate_id having count(*) > 1`,
  'an entry whose trail does not end where it stands': `
    select entry.id from $schema.waitlist_entry entry, lateral (
      select to_state from $schema.audit_entry
      where entity = 'waitlist_entry' and entity_id = entry.id order by id desc limit 1) last
    where last.to_state <> entry.status`,
} as const;

describeWithPostgres('a waiting list under contention', () => {
  const stack = new AsyncDisposableStack();
  let database: ScratchDatabase;
  let sdk: Slotwise;

  beforeAll(async () => {
    database = stack.use(new ScratchDatabase());
    sdk = stack.use((await createSlotwise({ database: database.options, cache: false }))._unsafeUnwrap());
    (await sdk.migrate())._unsafeUnwrap();
  }, 60_000);

  afterAll(() => stack.disposeAsync());

  it('offers, reservations and goodbyes at once leave nothing half done', { timeout: 90_000 }, async () => {
    const counts = { offers: 0, nothing: 0, refused: new Map<string, number>() };
    for (let round = 0; round < ROUNDS; round += 1) {
      const board = (await seedBoard(sdk, { recruiters: 4, candidates: 6 }))._unsafeUnwrap();
      const { slots, candidates, city } = board;
      const entries = [];
      for (const { id } of candidates)
        entries.push((await sdk.waitlist.join({ candidateId: id, cityId: city.id }))._unsafeUnwrap());
      const leaving = entries.slice(4);
      const outcomes = await Promise.all([
        ...[...slots, ...slots, ...slots].map(async ({ id }) => sdk.waitlist.offerNext({ slotId: id })),
        ...candidates
          .slice(0, 1)
          .map(async ({ id }, index) =>
            sdk.booking.reserve({ slotId: slots[index]?.id ?? 0, candidateId: id }),
          ),
        ...leaving.map(async ({ id }) => sdk.waitlist.leave({ entryId: id, actor: { kind: 'system' } })),
      ]);
      for (const outcome of outcomes.slice(0, slots.length * 3))
        if (outcome.isOk()) counts[outcome.value === undefined ? 'nothing' : 'offers'] += 1;
      for (const outcome of outcomes)
        if (outcome.isErr()) {
          const { type } = outcome.error;
          counts.refused.set(type, (counts.refused.get(type) ?? 0) + 1);
        }
      for (const [what, query] of Object.entries(broken))
        expect(await database.rows(query), `${what}, round ${round}`).toEqual([]);
    }
    const refused = [...counts.refused.keys()];
    const expected = ['SlotTaken', 'CandidateBusy', 'DuplicateBooking'];
    expect(refused.filter((type) => !expected.includes(type))).toEqual([]);
    expect(counts.offers).toBeGreaterThan(ROUNDS);
    expect(counts.nothing).toBeGreaterThan(0);
    console.log(
      `waiting list: ${ROUNDS} rounds, ${counts.offers} offers, ${counts.nothing} calls that found nothing to offer, ` +
        `refused: ${[...counts.refused].map(([type, times]) => `${times} ${type}`).join(', ') || 'none'}`,
    );
  });
});
