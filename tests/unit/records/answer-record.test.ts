import { describe, expect, it } from 'vitest';
import { answerFromData, answerToData } from '../../../src/infrastructure/records/answer-record.ts';
import { fingerprintOf } from '../../../src/infrastructure/records/fingerprint.ts';
import { bookingStates } from '../../../src/domain/booking/booking-state.ts';
import { BlockedPeriod } from '../../../src/domain/blocked-period/blocked-period.ts';
import type { BlockedPeriodId, WaitlistEntryId } from '../../../src/domain/shared/id.ts';
import { slotStatuses } from '../../../src/domain/slot/slot-status.ts';
import { WaitlistEntry } from '../../../src/domain/waitlist/waitlist-entry.ts';
import { bookingIn, candidate, city, now, recruiter, slotIn } from '../domain/subjects.ts';

/** There and back through the JSON that is stored. */
const remembered = (answer: unknown): unknown =>
  answerFromData(
    (JSON.parse(JSON.stringify({ answer: answerToData(answer) })) as { answer?: unknown }).answer,
  )._unsafeUnwrap();

const period = new BlockedPeriod({
  id: 7 as BlockedPeriodId,
  recruiterId: recruiter.id,
  cityId: undefined,
  startsAt: now,
  endsAt: now.plus(60_000),
  reason: 'away',
  version: 1,
});

const entry = new WaitlistEntry({
  id: 8 as WaitlistEntryId,
  candidateId: candidate.id,
  cityId: city.id,
  recruiterId: undefined,
  purpose: 'interview',
  from: now,
  until: undefined,
  status: 'waiting',
  joinedAt: now,
  bookingId: undefined,
  endedAt: undefined,
  version: 2,
});

describe('an answer that is remembered', () => {
  const entities = [
    ...slotStatuses.map((status) => slotIn(status)),
    ...bookingStates.map((state) =>
      bookingIn(state, { endReason: state === 'canceled' ? 'ill' : undefined }),
    ),
    candidate,
    recruiter,
    city,
    period,
    entry,
    now,
  ];

  it.each(entities)('comes back as the same kind of thing with the same content: %o', (entity) => {
    const back = remembered(entity);
    expect(back).toStrictEqual(entity);
    expect(Object.isFrozen(back)).toBe(true);
  });

  it('comes back in any depth, with plain data around it', () => {
    const answer = {
      created: [slotIn('free'), slotIn('booked')],
      skipped: [{ index: 2, error: { type: 'SlotOverlap', recruiterId: 2 }, at: now }],
      moved: { before: bookingIn('moved', { movedToId: 6 as never }), after: null },
      count: 3,
      nothing: [],
      text: '$kind',
    };
    expect(remembered(answer)).toStrictEqual(answer);
    for (const plain of [undefined, null, 0, '', false, [], {}])
      expect(remembered(plain)).toStrictEqual(plain);
  });

  it.each([
    [new Map()],
    [new Date()],
    [1n],
    [{ deep: [() => 1] }],
    [Symbol('x')],
    [new URL('https://example.org')],
    [{ $kind: 'slot' }],
  ])('is refused when it could not come back: %o', (answer) => {
    expect(() => answerToData(answer)).toThrow(TypeError);
  });

  it.each([
    [{ $kind: 'slot', record: {} }],
    [{ $kind: 'planet', record: {} }],
    [{ $kind: 'instant', record: 'soon' }],
    [[{ deep: { $kind: 5 } }]],
  ])('is corrupt when what is stored cannot be read: %j', (data) => {
    expect(answerFromData(data)._unsafeUnwrapErr().type).toBe('CorruptRecord');
  });
});

describe('the fingerprint of a command', () => {
  const input = { slotId: 5, actor: { kind: 'admin', id: 1 }, at: now, note: undefined };

  it('is the same for what means the same', () => {
    const same = { at: now.toDate(), actor: { id: 1, kind: 'admin' }, slotId: 5 };
    expect(fingerprintOf('x', same)).toBe(fingerprintOf('x', input));
    expect(fingerprintOf('x', input)).toMatch(/^[0-9a-f]{64}$/);
  });

  it('is another one for anything else', () => {
    const others: readonly (readonly [string, unknown])[] = [
      ['y', input],
      ['x', { ...input, slotId: 6 }],
      ['x', { ...input, slotId: '5' }],
      ['x', { ...input, note: null }],
      ['x', { ...input, at: now.plus(1) }],
      ['x', { ...input, ids: [1, 2] }],
      ['x', { ...input, ids: [2, 1] }],
      ['x', { ...input, id: 12n }],
      ['x', null],
      ['x', undefined],
      ['x', 'text'],
    ];
    const all = [['x', input] as const, ...others].map(([operation, given]) =>
      fingerprintOf(operation, given),
    );
    // JSON knows no difference between nothing and null.
    expect(new Set(all).size).toBe(all.length - 1);
  });
});
