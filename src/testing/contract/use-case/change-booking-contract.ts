import assert from 'node:assert/strict';
import type { ApproveBookingError } from '../../../application/booking/approve-booking.ts';
import type { CancelBookingError } from '../../../application/booking/cancel-booking.ts';
import { bookingStates, type BookingState } from '../../../domain/booking/booking-state.ts';
import type { Booking } from '../../../domain/booking/booking.ts';
import type { Actor, ActorKind } from '../../../domain/shared/actor.ts';
import { textLimits } from '../../../domain/shared/text.ts';
import type { SlotStatus } from '../../../domain/slot/slot-status.ts';
import type { Slotwise } from '../../../infrastructure/slotwise.ts';
import { seedBoard, type Board } from '../../seeds/seed-board.ts';
import { seedBooking } from '../../seeds/seed-booking.ts';
import { seedCandidate } from '../../seeds/seed-candidate.ts';
import { seedRecruiter } from '../../seeds/seed-recruiter.ts';
import { contractSuite, type ContractSuite, type Test } from '../contract-subject.ts';
import { hostileTexts, refusedIds, refusedTexts, UNKNOWN_ID } from '../hostile-texts.ts';
import { expectOk, type Outcome } from '../outcome.ts';
import { refuses } from './unchanged.ts';

interface Expected {
  readonly from: readonly BookingState[];
  readonly to: BookingState;
  readonly slot: SlotStatus;
  /** Beside admins and the system. */
  readonly by: readonly ActorKind[];
}

/** The commands on an existing booking, written down apart from the state machine that is examined. */
const expected = {
  approve: [{ from: ['requested'], to: 'booked', slot: 'booked', by: ['recruiter'] }],
  reject: [
    { from: ['requested'], to: 'rejected', slot: 'free', by: ['recruiter'] },
    { from: ['offered'], to: 'rejected', slot: 'free', by: ['candidate'] },
  ],
  confirm: [{ from: ['booked', 'offered'], to: 'confirmed', slot: 'confirmed', by: ['candidate'] }],
  cancel: [{ from: ['booked', 'confirmed'], to: 'canceled', slot: 'free', by: ['candidate', 'recruiter'] }],
  release: [
    { from: ['held', 'requested'], to: 'canceled', slot: 'free', by: ['candidate'] },
    { from: ['offered'], to: 'canceled', slot: 'free', by: ['recruiter'] },
  ],
} as const satisfies Readonly<Record<string, readonly Expected[]>>;

type Command = keyof typeof expected;

const admin: Actor = { kind: 'admin', id: 1 };
const reason = 'because';

/** Approving, rejecting, confirming, canceling and releasing a booking. */
export const changeBookingContract: ContractSuite = contractSuite('a command on a booking', (test) => {
  for (const command of Object.keys(expected) as Command[]) {
    for (const row of expected[command]) acceptsContract(command, row, test);
    refusesContract(command, test);
  }

  test('cancel: needs a reason from a recruiter or an admin, not from a candidate or the system', async (sdk) => {
    for (const kind of ['recruiter', 'admin', 'candidate', 'system'] as const) {
      const { slot: free, recruiter, candidate } = await expectOk(seedBoard(sdk));
      const { slot, booking } = await expectOk(seedBooking(sdk, { slot: free, candidate, state: 'booked' }));
      const actor = { kind, id: kind === 'recruiter' ? recruiter.id : candidate.id };
      const cancel = () => sdk.booking.cancel({ bookingId: booking.id, actor });
      if (kind === 'recruiter' || kind === 'admin')
        await refuses(sdk, { slots: [slot], candidates: [candidate] }, cancel, 'Validation', {
          field: 'reason',
        });
      else assert.equal((await expectOk(cancel())).endReason, undefined);
    }
  });

  test('cancel: keeps any text as the reason', async (sdk) => {
    for (const text of [...hostileTexts, '👩'.repeat(textLimits.reason)]) {
      const { slot, candidate } = await expectOk(seedBoard(sdk));
      const { booking } = await expectOk(seedBooking(sdk, { slot, candidate, state: 'booked' }));
      await expectOk(sdk.booking.cancel({ bookingId: booking.id, actor: admin, reason: text }));
      const stored = await expectOk(sdk.transaction((uow) => uow.bookings.get(booking.id)));
      assert.deepEqual([stored.endReason, stored.endedBy], [text, admin]);
    }
  });
});

/** A board on which the first candidate has the first slot, by a booking in this state. */
async function standingIn(sdk: Slotwise, state: BookingState) {
  const board = await expectOk(seedBoard(sdk));
  const { candidate } = board;
  return { ...board, ...(await expectOk(seedBooking(sdk, { slot: board.slot, candidate, state }))) };
}

const run = (
  sdk: Slotwise,
  command: Command,
  bookingId: number,
  actor: Actor = admin,
  why: string = reason,
): Outcome<Booking, ApproveBookingError | CancelBookingError> =>
  sdk.booking[command]({ bookingId, actor, reason: why });

function acceptsContract(command: Command, { from, to, slot: slotStatus, by }: Expected, test: Test): void {
  for (const state of from)
    test(`${command}: moves a ${state} booking to ${to} and its slot to ${slotStatus}`, async (sdk) => {
      const { slot, booking, candidate } = await standingIn(sdk, state);
      const moved = await expectOk(run(sdk, command, booking.id));
      assert.deepEqual([moved.state, moved.version], [to, 2]);
      assert.deepEqual(await expectOk(sdk.transaction((uow) => uow.bookings.get(booking.id))), moved);
      const stored = await expectOk(sdk.read.slots.get(slot.id));
      const owner = slotStatus === 'free' ? [undefined, undefined] : [candidate.id, booking.id];
      assert.deepEqual(
        [stored.status, stored.version, stored.holdExpiresAt, stored.candidateId, stored.currentBookingId],
        [slotStatus, 3, undefined, ...owner],
      );
      assert.deepEqual(moved.endedBy, moved.live ? undefined : admin);
      assert.equal(moved.endedAt === undefined, moved.live);
      const free = await expectOk(sdk.read.slots.getFreeForRecruiter(slot.recruiterId));
      assert.equal(free.length, slotStatus === 'free' ? 1 : 0);
    });

  test(`${command}: of a ${from.join(' or ')} booking is for ${by.join(' and ')}, admins and the system`, async (sdk) => {
    for (const kind of ['candidate', 'recruiter', 'admin', 'system'] as const) {
      const [first = 'held'] = from;
      const { slot, booking, candidates, recruiter, candidate } = await standingIn(sdk, first);
      const own = { kind, id: kind === 'recruiter' ? recruiter.id : candidate.id };
      const allowed = by.includes(kind) || kind === 'admin' || kind === 'system';
      for (const actor of allowed ? await strangers(sdk, by) : [own])
        await refuses(
          sdk,
          { slots: [slot], candidates },
          () => run(sdk, command, booking.id, actor),
          'Forbidden',
          { command, actor },
        );
      if (allowed) await expectOk(run(sdk, command, booking.id, own));
    }
  });
}

function refusesContract(command: Command, test: Test): void {
  const rows: readonly Expected[] = expected[command];
  const accepted = rows.flatMap(({ from }) => from);
  const [{ to }] = expected[command];
  const [first = 'held'] = accepted;

  for (const state of bookingStates.filter((one) => !accepted.includes(one)))
    test(`${command}: refuses a ${state} booking`, async (sdk) => {
      const { slot, booking, candidates } = await standingIn(sdk, state);
      const attempt = () => run(sdk, command, booking.id);
      await refuses(sdk, { slots: [slot], candidates }, attempt, 'InvalidTransition', { from: state, to });
    });

  test(`${command}: refuses input that is wrong`, async (sdk) => {
    const { slot, booking, candidates } = await standingIn(sdk, first);
    const witnesses = { slots: [slot], candidates };
    await refuses(sdk, witnesses, () => run(sdk, command, UNKNOWN_ID), 'BookingNotFound');
    for (const id of refusedIds)
      await refuses(sdk, witnesses, () => run(sdk, command, id), 'Validation', { field: 'bookingId' });
    for (const text of refusedTexts(textLimits.reason))
      await refuses(sdk, witnesses, () => run(sdk, command, booking.id, admin, text), 'Validation', {
        field: 'reason',
      });
    for (const actor of [
      { kind: 'candidate' },
      { kind: 'recruiter', id: 0 },
      { kind: 'admin', id: 1.5 },
    ] as const)
      await refuses(sdk, witnesses, () => run(sdk, command, booking.id, actor), 'Validation', {
        field: 'actor.id',
      });
  });
}

/** Others of the kinds that may give the command on what is their own. */
async function strangers(sdk: Slotwise, kinds: readonly ActorKind[]): Promise<readonly Actor[]> {
  const ids: Readonly<Record<string, Board['recruiter' | 'candidate']>> = {
    recruiter: await expectOk(seedRecruiter(sdk)),
    candidate: await expectOk(seedCandidate(sdk)),
  };
  return kinds.map((kind) => ({ kind, id: ids[kind]?.id ?? 1 }));
}
