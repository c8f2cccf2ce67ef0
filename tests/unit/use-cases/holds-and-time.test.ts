import { describe, expect, it } from 'vitest';
import type { BookingPolicy, Candidate, City, Recruiter, Slot } from '../../../src/index.ts';
import { createInMemorySlotwise, seedBoard, seedSlot, settableClock } from '../../../src/testing/index.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** One slot that starts in an hour, and a clock that can be moved past it. */
async function board(policy: Partial<BookingPolicy> = {}) {
  const clock = settableClock();
  const sdk = createInMemorySlotwise({ clock, policies: { booking: policy } });
  const seeded = (await seedBoard(sdk, { candidates: 2 }))._unsafeUnwrap();
  const { city, recruiter, candidates } = seeded as {
    city: City;
    recruiter: Recruiter;
    candidates: readonly Candidate[];
  };
  const [candidate, other] = candidates;
  if (candidate === undefined || other === undefined) throw new Error('two candidates were asked for');
  const startsAt = clock.now().plus(HOUR);
  const slot: Slot = (await seedSlot(sdk, { recruiter, city, startsAt }))._unsafeUnwrap();
  return { sdk, clock, recruiter, city, candidate, other, slot };
}

describe('a hold that becomes a reservation', () => {
  it('is refused once the minimum notice has passed', async () => {
    const { sdk, clock, slot, candidate } = await board({ minNoticeMinutes: 30, holdMinutes: 600 });
    const take = { slotId: slot.id, candidateId: candidate.id };
    expect((await sdk.booking.hold(take)).isOk()).toBe(true);
    clock.advance(45 * MINUTE);
    expect((await sdk.booking.reserve(take))._unsafeUnwrapErr()).toMatchObject({ type: 'TooLate' });
  });

  it('is refused when the recruiter was archived meanwhile', async () => {
    const { sdk, slot, candidate, recruiter } = await board();
    const take = { slotId: slot.id, candidateId: candidate.id };
    (await sdk.booking.hold(take))._unsafeUnwrap();
    (await sdk.transaction((uow) => uow.recruiters.update(recruiter.archive())))._unsafeUnwrap();
    expect((await sdk.booking.reserve(take))._unsafeUnwrapErr()).toMatchObject({ type: 'RecruiterInactive' });
  });

  it('is refused after the slot has started, whatever the policy', async () => {
    const { sdk, clock, slot, candidate } = await board({ approval: 'auto', holdMinutes: 600 });
    const take = { slotId: slot.id, candidateId: candidate.id };
    (await sdk.booking.hold(take))._unsafeUnwrap();
    clock.advance(HOUR + MINUTE);
    expect((await sdk.booking.reserve(take))._unsafeUnwrapErr()).toMatchObject({ type: 'SlotInPast' });
  });
});

describe('a request nobody decides on', () => {
  it('lapses when its slot starts, and stands in nobody’s way afterwards', async () => {
    const { sdk, clock, slot, candidate, recruiter, city } = await board({ maxActivePerCandidate: 1 });
    const request = (
      await sdk.booking.reserve({ slotId: slot.id, candidateId: candidate.id })
    )._unsafeUnwrap();
    expect(request.expiresAt?.equals(slot.startsAt)).toBe(true);
    clock.advance(2 * HOUR);
    const next = (await seedSlot(sdk, { recruiter, city, startsAt: clock.now().plus(HOUR) }))._unsafeUnwrap();
    expect((await sdk.booking.reserve({ slotId: next.id, candidateId: candidate.id })).isOk()).toBe(true);
    const uow = sdk.unitOfWork();
    expect((await uow.bookings.get(request.id))._unsafeUnwrap().state).toBe('expired');
    (await uow.rollback())._unsafeUnwrap();
  });

  it('keeps the approval time of the policy when the slot is far away', async () => {
    const { sdk, clock, recruiter, city, candidate } = await board({ approvalMinutes: 60 });
    const startsAt = clock.now().plus(48 * HOUR);
    const far = (await seedSlot(sdk, { recruiter, city, startsAt }))._unsafeUnwrap();
    const request = (
      await sdk.booking.reserve({ slotId: far.id, candidateId: candidate.id })
    )._unsafeUnwrap();
    expect(request.expiresAt?.equals(clock.now().plus(HOUR))).toBe(true);
  });
});

describe('withdrawing a slot that somebody has', () => {
  it('is too late once the slot has started, so that the interview stays in the history', async () => {
    const { sdk, clock, slot, candidate } = await board({ approval: 'auto' });
    (await sdk.booking.reserve({ slotId: slot.id, candidateId: candidate.id }))._unsafeUnwrap();
    clock.advance(2 * HOUR);
    const withdrawn = await sdk.slots.withdraw({ slotId: slot.id, actor: { kind: 'admin' }, reason: 'late' });
    expect(withdrawn._unsafeUnwrapErr()).toMatchObject({ type: 'TooLate' });
  });

  it('stays possible for a free slot of the past', async () => {
    const { sdk, clock, slot } = await board();
    clock.advance(2 * HOUR);
    const withdrawn = await sdk.slots.withdraw({ slotId: slot.id, actor: { kind: 'admin' }, reason: 'tidy' });
    expect(withdrawn._unsafeUnwrap().status).toBe('canceled');
  });
});
