import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createInMemorySlotwise, seedBoard, settableClock } from '../../../src/testing/index.ts';
import { bookingIn, slotIn } from '../domain/subjects.ts';
import { rowsOf, stepNames, steps, type Run, type Step, type World } from './board-model.ts';
import { broken } from './invariants.ts';

/** Without these nothing else has anything to work on. */
const often = ['publish', 'reserve', 'approve', 'wait'] as const;
const number = fc.nat({ max: 10_000 });
const step: fc.Arbitrary<Step> = fc.record({
  name: fc.constantFrom(...stepNames, ...often),
  a: number,
  b: number,
});

async function newWorld(approval: 'manual' | 'auto'): Promise<World> {
  const clock = settableClock();
  const sdk = createInMemorySlotwise({ clock, policies: { booking: { approval, approvalMinutes: 30 } } });
  const board = (await seedBoard(sdk, { recruiters: 2, candidates: 3 }))._unsafeUnwrap();
  return { sdk, clock, board, slots: new Set(board.slots.map(({ id }) => id)), bookings: new Set() };
}

/** Runs random commands on boards of their own, checks every invariant after each, and says which states came up. */
async function explore(
  approval: 'manual' | 'auto',
  parameters: { numRuns: number; seed?: number },
): Promise<readonly string[]> {
  const reached = new Set<string>();
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 30, maxLength: 80 }), async (commands) => {
      const world = await newWorld(approval);
      let before = await rowsOf(world);
      for (const { name, a, b } of commands) {
        await (steps[name] as Run)(world, a, b);
        const after = await rowsOf(world);
        expect(broken(after, before)).toEqual([]);
        for (const { status } of after.slots) reached.add(status);
        for (const { state } of after.bookings) reached.add(`booking ${state}`);
        before = after;
      }
    }),
    parameters,
  );
  return [...reached];
}

describe('whatever is tried in whatever order', () => {
  const approvals = ['manual', 'auto'] as const;

  it.each(approvals)('every invariant holds after every step (%s approval)', async (approval) => {
    const reached = await explore(approval, { numRuns: 60 });
    // A run that never gets anywhere would prove nothing.
    expect(reached).toEqual(expect.arrayContaining(['free', 'booked', 'canceled']));
  });

  // The same commands every time, so that what they reach does not depend on luck.
  it.each(approvals)('every invariant holds in every state there is (%s approval)', async (approval) => {
    const reached = await explore(approval, { numRuns: 100, seed: 20_300_107 });
    const slots = ['free', 'pending', 'booked', 'confirmed', 'canceled', 'completed'];
    expect(reached).toEqual(expect.arrayContaining([...slots, 'booking expired', 'booking held']));
  });
});

describe('the check of the invariants', () => {
  const none = { slots: [], bookings: [] };

  it('finds nothing on an empty board or a sound one', () => {
    const sound = { slots: [slotIn('booked')], bookings: [bookingIn('booked')] };
    expect([broken(none, none), broken(sound, sound)]).toEqual([[], []]);
  });

  it.each([
    [
      'I1',
      { slots: [slotIn('booked')], bookings: [bookingIn('booked'), bookingIn('held', { id: 6 as never })] },
    ],
    ['I2', { slots: [slotIn('free'), slotIn('free', { id: 9 as never })], bookings: [] }],
    [
      'I3',
      {
        slots: [slotIn('booked'), slotIn('booked', { id: 9 as never, recruiterId: 8 as never })],
        bookings: [],
      },
    ],
    ['I4', { slots: [slotIn('booked'), slotIn('booked', { id: 9 as never })], bookings: [] }],
    ['I5', { slots: [slotIn('booked')], bookings: [bookingIn('canceled')] }],
    ['I5', { slots: [slotIn('free')], bookings: [bookingIn('held')] }],
    ['I6', { slots: [slotIn('confirmed')], bookings: [] }],
  ])('finds a broken %s', (name, rows) => {
    expect(broken(rows, none).some((message) => message.startsWith(name))).toBe(true);
  });
});
