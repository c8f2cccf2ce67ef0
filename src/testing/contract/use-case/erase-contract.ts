import assert from 'node:assert/strict';
import type { Candidate } from '../../../domain/candidate/candidate.ts';
import type { Recruiter } from '../../../domain/recruiter/recruiter.ts';
import type { CandidateId } from '../../../domain/shared/id.ts';
import { MINUTE } from '../../../domain/shared/time-range.ts';
import { textLimits } from '../../../domain/shared/text.ts';
import type { Slot } from '../../../domain/slot/slot.ts';
import { seedBoard } from '../../seeds/seed-board.ts';
import { seedBooking } from '../../seeds/seed-booking.ts';
import { seedCandidate } from '../../seeds/seed-candidate.ts';
import { seedSlot } from '../../seeds/seed-slot.ts';
import { contractSuite, type ContractSuite } from '../contract-subject.ts';
import { refusedIds, refusedTexts, UNKNOWN_ID } from '../hostile-texts.ts';
import { assertSame, expectErr, expectOk } from '../outcome.ts';
import { telegramId } from '../telegram-ids.ts';

const admin = { kind: 'admin' } as const;

export const eraseContract: ContractSuite = contractSuite('erasing a candidate', (test) => {
  test('forgets what keys have answered about them, and tokens of their bookings, and no others', async (sdk) => {
    const { slots, candidates } = await expectOk(seedBoard(sdk, { recruiters: 2, candidates: 2 }));
    const press = (index: number) => {
      const command = { slotId: slots[index]?.id ?? 0, candidateId: candidates[index]?.id ?? 0 };
      return sdk.booking.hold(command, { idempotencyKey: `${command.slotId} ${command.candidateId}` });
    };
    const tokens: string[] = [];
    for (const index of [0, 1]) {
      const { id: bookingId } = await expectOk(press(index));
      const issued = sdk.tokens.issue({ action: 'confirm', bookingId, ttlMs: 60_000 });
      tokens.push((await expectOk(issued)).token);
      await expectOk(sdk.booking.release({ bookingId, actor: { kind: 'system' } }));
    }
    await expectOk(sdk.candidates.erase({ candidateId: candidates[0]?.id ?? 0, actor: admin }));
    await expectErr(press(0), 'CandidateInactive');
    await expectErr(sdk.tokens.redeem(tokens[0] ?? '', { action: 'confirm' }), 'TokenNotFound');
    assert.equal((await expectOk(press(1))).state, 'held');
    await expectOk(sdk.tokens.redeem(tokens[1] ?? '', { action: 'confirm' }));
  });

  test('forgets who it was, everywhere, and keeps what happened', async (sdk) => {
    const { slot, city, recruiter } = await expectOk(seedBoard(sdk));
    const id = telegramId();
    const candidate = await expectOk(
      seedCandidate(sdk, { fullName: 'Ben', telegramId: id, username: 'ben', phone: '1', timeZone: 'UTC' }),
    );
    const other = await expectOk(seedCandidate(sdk));
    const taken = { slotId: slot.id, candidateId: candidate.id };
    const { id: bookingId } = await expectOk(sdk.booking.reserve(taken));
    const reason = 'moves to Paris to live with Cleo';
    const actor = { kind: 'recruiter', id: recruiter.id } as const;
    await expectOk(sdk.booking.reject({ bookingId, actor, reason }));
    const kept = await expectOk(sdk.booking.reserve({ slotId: slot.id, candidateId: other.id }));
    await expectOk(sdk.booking.reject({ bookingId: kept.id, actor, reason: 'is ill' }));
    // Everything about the candidate may be in a cache now.
    await expectOk(sdk.read.candidates.get(candidate.id));
    await expectOk(sdk.read.candidates.findByTelegramId(id));
    const before = await expectOk(sdk.transaction((uow) => uow.bookings.get(bookingId)));
    assert.equal(before.endReason, reason);

    const erased = await expectOk(
      sdk.candidates.erase({ candidateId: candidate.id, actor: admin, reason: 'by letter' }),
    );
    const { fullName, telegramId: telegram, username, phone, timeZone, active, version } = erased;
    assert.deepEqual(
      [erased.id, fullName, telegram, username, phone, timeZone, active, version],
      [candidate.id, '(erased)', undefined, undefined, undefined, undefined, false, 2],
    );
    assert.deepEqual(await expectOk(sdk.read.candidates.get(candidate.id)), erased);
    assert.equal(await expectOk(sdk.read.candidates.findByTelegramId(id)), undefined);

    const after = await expectOk(sdk.transaction((uow) => uow.bookings.get(bookingId)));
    assertSame(after, { ...before, endReason: undefined, version: before.version + 1 });
    const audited = await expectOk(
      sdk.transaction((uow) => uow.audit.listFor({ entity: 'slot', id: slot.id })),
    );
    const entries = audited.items.map((entry) => [entry.action, entry.candidateId, entry.to, entry.reason]);
    assert.deepEqual(entries.slice(-4), [
      ['request', candidate.id, 'pending', undefined],
      ['reject', candidate.id, 'free', undefined],
      ['request', other.id, 'pending', undefined],
      ['reject', other.id, 'free', 'is ill'],
    ]);
    const own = await expectOk(
      sdk.transaction((uow) => uow.audit.listFor({ entity: 'candidate', id: candidate.id })),
    );
    assert.deepEqual(
      own.items.map((entry) => [entry.action, entry.actor, entry.reason]),
      [['erase', admin, 'by letter']],
    );

    // The Telegram account belongs to nobody now, and whoever comes with it is somebody new.
    const { candidate: newcomer, created } = await expectOk(
      sdk.transaction((uow) => uow.candidates.upsertByTelegramId({ telegramId: id, fullName: 'Ben' })),
    );
    assert.deepEqual([created, newcomer.id === candidate.id], [true, false]);
    await expectErr(sdk.booking.reserve({ slotId: slot.id, candidateId: candidate.id }), 'CandidateInactive');
    assert.equal((await expectOk(sdk.read.cities.get(city.id))).id, city.id);
  });

  test('ends all they waited for, and leaves the others their place', async (sdk) => {
    const { slot, city, candidates } = await expectOk(seedBoard(sdk, { candidates: 2 }));
    const [gone, stays] = candidates as [Candidate, Candidate];
    const join = (candidateId: CandidateId, purpose: string) =>
      expectOk(sdk.waitlist.join({ candidateId, cityId: city.id, purpose }));
    const interview = await join(gone.id, slot.purpose);
    const introduction = await join(gone.id, 'intro_day');
    const next = await join(stays.id, slot.purpose);
    await expectOk(sdk.candidates.erase({ candidateId: gone.id, actor: admin, reason: 'by letter' }));
    const { items } = await expectOk(sdk.waitlist.list({ candidateId: gone.id }));
    assert.deepEqual(
      items.map((entry) => [entry.id, entry.status]),
      [
        [interview.id, 'left'],
        [introduction.id, 'left'],
      ],
    );
    assert.equal((await expectOk(sdk.waitlist.offerNext({ slotId: slot.id })))?.entry.id, next.id);
  });

  test('may be asked for again, and by the candidate', async (sdk) => {
    const candidate = await expectOk(seedCandidate(sdk));
    const actor = { kind: 'candidate', id: candidate.id } as const;
    await expectOk(sdk.candidates.erase({ candidateId: candidate.id, actor }));
    const again = await expectOk(sdk.candidates.erase({ candidateId: candidate.id, actor }));
    assert.deepEqual([again.fullName, again.active], ['(erased)', false]);
  });

  test('is refused while there are bookings ahead, and changes nothing', async (sdk) => {
    for (const state of ['held', 'offered', 'requested', 'booked', 'confirmed'] as const) {
      const { slot, candidate } = await expectOk(seedBoard(sdk));
      const { booking } = await expectOk(seedBooking(sdk, { slot, candidate, state }));
      await expectErr(
        sdk.candidates.erase({ candidateId: candidate.id, actor: admin }),
        'CandidateHasBookings',
        {
          candidateId: candidate.id,
          bookingIds: [booking.id],
        },
      );
      assert.deepEqual(await expectOk(sdk.read.candidates.get(candidate.id)), candidate);
      const { items } = await expectOk(
        sdk.transaction((uow) => uow.audit.listFor({ entity: 'candidate', id: candidate.id })),
      );
      assert.deepEqual(items, []);
    }
  });

  test('is not kept from by bookings that have lapsed, are over or have ended', async (sdk) => {
    const board = await expectOk(seedBoard(sdk, { recruiters: 3 }));
    const { city, candidate, slots } = board;
    const [slot, canceled] = slots as readonly [Slot, Slot, Slot];
    const [, , recruiter] = board.recruiters as readonly [Recruiter, Recruiter, Recruiter];
    const now = await expectOk(sdk.transaction((uow) => uow.now()));
    const past = await expectOk(seedSlot(sdk, { recruiter, city, startsAt: now.plus(-60 * MINUTE) }));
    await expectOk(seedBooking(sdk, { slot: past, candidate, state: 'booked' }));
    await expectOk(seedBooking(sdk, { slot: canceled, candidate, state: 'canceled' }));
    await expectOk(seedBooking(sdk, { slot, candidate, state: 'requested', expiresAt: now.plus(-MINUTE) }));
    await expectOk(sdk.candidates.erase({ candidateId: candidate.id, actor: admin }));
    // What others do next does not stumble over it.
    const other = await expectOk(seedCandidate(sdk));
    await expectOk(sdk.booking.reserve({ slotId: slot.id, candidateId: other.id }));
  });

  test('is undone with the unit of work it has joined', async (sdk, open) => {
    const candidate = await expectOk(seedCandidate(sdk, { telegramId: telegramId() }));
    const uow = open();
    await expectOk(sdk.candidates.erase({ candidateId: candidate.id, actor: admin }, { uow }));
    await expectOk(uow.rollback());
    assert.deepEqual(await expectOk(sdk.read.candidates.get(candidate.id)), candidate);
  });

  test('is refused to others, and with input that is wrong', async (sdk) => {
    const { candidate, recruiter } = await expectOk(seedBoard(sdk, { candidates: 2 }));
    const candidateId = candidate.id;
    for (const actor of [
      { kind: 'recruiter', id: recruiter.id },
      { kind: 'candidate', id: candidateId + 1 },
    ] as const)
      await expectErr(sdk.candidates.erase({ candidateId, actor }), 'Forbidden', { command: 'erase', actor });
    await expectErr(sdk.candidates.erase({ candidateId: UNKNOWN_ID, actor: admin }), 'CandidateNotFound');
    for (const wrong of refusedIds)
      await expectErr(sdk.candidates.erase({ candidateId: wrong, actor: admin }), 'Validation', {
        field: 'candidateId',
      });
    for (const text of refusedTexts(textLimits.reason))
      await expectErr(sdk.candidates.erase({ candidateId, actor: admin, reason: text }), 'Validation', {
        field: 'reason',
      });
    await expectErr(
      sdk.candidates.erase({ candidateId, actor: { kind: 'nobody' as 'admin' } }),
      'Validation',
    );
    assert.deepEqual(await expectOk(sdk.read.candidates.get(candidateId)), candidate);
  });
});
