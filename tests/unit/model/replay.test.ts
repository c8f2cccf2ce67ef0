import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { replay, type AuditEntry } from '../../../src/index.ts';
import { createInMemorySlotwise, seedBoard, settableClock } from '../../../src/testing/index.ts';
import { replayed, stated, trailOf } from '../../support/audit-trail.ts';
import { now } from '../domain/subjects.ts';
import { rowsOf, stepNames, steps, type Run, type World } from './board-model.ts';

const often = ['publish', 'reserve', 'approve', 'wait'] as const;
const step = fc.record({
  name: fc.constantFrom(...stepNames, ...often),
  a: fc.nat({ max: 10_000 }),
  b: fc.nat({ max: 10_000 }),
});

async function newWorld(): Promise<World> {
  const clock = settableClock();
  const sdk = createInMemorySlotwise({ clock, policies: { booking: { approvalMinutes: 30 } } });
  const board = (await seedBoard(sdk, { recruiters: 2, candidates: 3 }))._unsafeUnwrap();
  return {
    sdk,
    clock,
    board,
    slots: new Set(board.slots.map(({ id }) => id)),
    bookings: new Set(),
    requests: new Set(),
  };
}

describe('the audit trail', () => {
  it('says what is stored, whatever was done in whatever order', async () => {
    const actions = new Set<string>();
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 20, maxLength: 60 }), async (commands) => {
        const world = await newWorld();
        for (const { name, a, b } of commands) await (steps[name] as Run)(world, a, b);
        const entries = await trailOf(world.sdk, world.slots);
        for (const { action } of entries) actions.add(action);
        expect(replayed(entries)).toEqual(stated(await rowsOf(world), entries));
      }),
      { numRuns: 60, seed: 20_300_107 },
    );
    // A run that never gets anywhere would prove nothing.
    const common = ['publish', 'hold', 'request', 'approve', 'expire', 'withdraw', 'withdrawOccupied'];
    expect([...actions]).toEqual(expect.arrayContaining(common));
  });
});

const entry = (id: number, rest: Partial<AuditEntry>): AuditEntry => ({
  id,
  at: now,
  entity: 'slot',
  entityId: 4,
  action: 'anything',
  actor: { kind: 'system' },
  correlationId: undefined,
  data: {},
  ...rest,
});

describe('a replay', () => {
  const published = entry(1, { action: 'publish', to: 'free' });
  const held = entry(2, {
    from: 'free',
    to: 'pending',
    bookingId: 5 as never,
    bookingTo: 'held',
    candidateId: 3 as never,
  });
  const booked = entry(3, {
    from: 'pending',
    to: 'booked',
    bookingId: 5 as never,
    bookingFrom: 'held',
    bookingTo: 'booked',
    candidateId: 3 as never,
  });

  it('of nothing is nothing', () => {
    expect(replayed([])).toEqual({ slots: [], bookings: [] });
  });

  it('ends where the last entry does', () => {
    expect(replayed([published, held, booked])).toEqual({
      slots: [[4, { status: 'booked', bookingId: 5, candidateId: 3 }]],
      bookings: [[5, { state: 'booked', slotId: 4, candidateId: 3 }]],
    });
  });

  it('may begin in the middle', () => {
    expect(replayed([booked]).slots).toEqual([[4, { status: 'booked', bookingId: 5, candidateId: 3 }]]);
  });

  it('knows nothing of a slot that was purged, as its table', () => {
    const purged = entry(2, { action: 'purge', from: 'free' });
    expect(replayed([published, purged])).toEqual({ slots: [], bookings: [] });
    expect(replay([published, held, purged])._unsafeUnwrapErr()).toMatchObject({
      claimed: 'free',
      found: 'pending',
    });
  });

  it('leaves other entities alone', () => {
    expect(replayed([entry(1, { entity: 'candidate', to: 'archived' })])).toEqual({
      slots: [],
      bookings: [],
    });
  });

  it('finds an entry that is missing, of a slot or of a booking', () => {
    expect(replay([published, booked])._unsafeUnwrapErr()).toEqual({
      type: 'BrokenTrail',
      entryId: 3,
      claimed: 'pending',
      found: 'free',
    });
    const other = entry(4, { ...booked, from: 'pending', bookingFrom: 'requested' });
    expect(replay([published, held, other])._unsafeUnwrapErr()).toMatchObject({
      claimed: 'requested',
      found: 'held',
    });
    expect(replay([published, published])._unsafeUnwrapErr()).toMatchObject({ claimed: 'none' });
  });
});
