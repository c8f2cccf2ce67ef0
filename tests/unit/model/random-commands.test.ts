import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createInMemorySlotwise, seedBoard, settableClock } from '../../../src/testing/index.ts';
import { bookingStates } from '../../../src/domain/booking/booking-state.ts';
import {
  RescheduleRequest,
  type RescheduleRequestProps,
} from '../../../src/domain/reschedule/reschedule-request.ts';
import type { BookingId, CandidateId, RescheduleRequestId } from '../../../src/domain/shared/id.ts';
import { rescheduleStates } from '../../../src/domain/reschedule/reschedule-state.ts';
import { bookingIn, now, slotIn } from '../domain/subjects.ts';
import { rowsOf, stepNames, steps, type Rows, type Run, type Step, type World } from './board-model.ts';
import { broken } from './invariants.ts';

/** Without these nothing else has anything to work on. */
const often = ['publish', 'reserve', 'approve', 'wait'] as const;
/** On a machine that is busy with other tests. */
const RUN_MS = 30_000;
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
  return {
    sdk,
    clock,
    board,
    slots: new Set(board.slots.map(({ id }) => id)),
    bookings: new Set(),
    requests: new Set(),
  };
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
        for (const { state } of after.requests) reached.add(`request ${state}`);
        before = after;
      }
    }),
    parameters,
  );
  return [...reached];
}

describe('whatever is tried in whatever order', () => {
  const approvals = ['manual', 'auto'] as const;

  it.each(approvals)(
    'every invariant holds after every step (%s approval)',
    { timeout: RUN_MS },
    async (approval) => {
      const reached = await explore(approval, { numRuns: 60 });
      // A run that never gets anywhere would prove nothing.
      expect(reached).toEqual(expect.arrayContaining(['free', 'booked', 'canceled']));
    },
  );

  // The same commands every time, so that what they reach does not depend on luck.
  it.each(approvals)(
    'every invariant holds in every state there is (%s approval)',
    { timeout: RUN_MS },
    async (approval) => {
      const reached = await explore(approval, { numRuns: 100, seed: 20_300_107 });
      const slots = ['free', 'pending', 'booked', 'confirmed', 'canceled', 'completed'];
      // Without approval there is nothing to request.
      const states = bookingStates.filter((state) => approval === 'manual' || state !== 'requested');
      const bookings = states.map((state) => `booking ${state}`);
      const requests = rescheduleStates.map((state) => `request ${state}`);
      expect(reached).toEqual(expect.arrayContaining([...slots, ...bookings, ...requests]));
    },
  );
});

const NONE: Rows = { slots: [], bookings: [], requests: [] };

describe('the check of the invariants', () => {
  const request = (props: Partial<RescheduleRequestProps> = {}) =>
    new RescheduleRequest({
      id: 7 as RescheduleRequestId,
      bookingId: 5 as BookingId,
      candidateId: 3 as CandidateId,
      state: 'pending',
      awaiting: 'recruiter',
      slotId: undefined,
      from: undefined,
      until: undefined,
      comment: undefined,
      requestedBy: { kind: 'system' },
      createdAt: now,
      decidedAt: undefined,
      decidedBy: undefined,
      decisionReason: undefined,
      version: 1,
      ...props,
    });

  it.each([
    ['R1', { ...NONE, bookings: [bookingIn('held')], requests: [request()] }, NONE],
    ['R2', { ...NONE, requests: [request(), request({ id: 8 as RescheduleRequestId })] }, NONE],
    ['R3', { ...NONE, requests: [request()] }, { ...NONE, requests: [request({ state: 'declined' })] }],
  ])('finds a broken %s', (name, rows, before) => {
    expect(broken(rows, before).some((message) => message.startsWith(name))).toBe(true);
  });

  it('finds nothing on an empty board or a sound one', () => {
    const sound = { slots: [slotIn('booked')], bookings: [bookingIn('booked')], requests: [] };
    expect([broken(NONE, NONE), broken(sound, sound)]).toEqual([[], []]);
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
    ['I9', { slots: [], bookings: [bookingIn('moved', { movedToId: 6 as never })] }],
    [
      'I9',
      {
        slots: [],
        bookings: [bookingIn('held'), bookingIn('held', { id: 6 as never, movedFromId: 5 as never })],
      },
    ],
  ])('finds a broken %s', (name, rows) => {
    expect(broken({ requests: [], ...rows }, NONE).some((message) => message.startsWith(name))).toBe(true);
  });
});
