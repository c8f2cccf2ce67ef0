import assert from 'node:assert/strict';
import { err } from 'neverthrow';
import type { AuditEntry } from '../../../domain/audit/audit-entry.ts';
import type { BookingState } from '../../../domain/booking/booking-state.ts';
import type { DomainEvent, EventType } from '../../../domain/event/domain-event.ts';
import type { Actor } from '../../../domain/shared/actor.ts';
import { MINUTE } from '../../../domain/shared/time-range.ts';
import type { Booking } from '../../../domain/booking/booking.ts';
import type { Slot } from '../../../domain/slot/slot.ts';
import type { UseCaseOptions } from '../../../application/use-case.ts';
import type { Slotwise } from '../../../infrastructure/slotwise.ts';
import { seedBoard, type Board } from '../../seeds/seed-board.ts';
import { seedBooking } from '../../seeds/seed-booking.ts';
import { unique } from '../../seeds/unique.ts';
import { contractSuite, type ContractSuite } from '../contract-subject.ts';
import { refusedIds, refusedTexts } from '../hostile-texts.ts';
import { expectErr, expectOk, type Outcome } from '../outcome.ts';

interface Tagged {
  readonly type: string;
}

type Run = (options: UseCaseOptions) => Outcome<Slot | Booking, Tagged>;

/** A board, as far as a command needs it. */
interface Arranged {
  readonly sdk: Slotwise;
  readonly board: Board;
  readonly slot: Slot;
  readonly booking: Booking | undefined;
}

/** A command as it is given, and what it must leave behind; written down apart from what is examined. */
interface Expected {
  /** State of the booking that is there before. */
  readonly given?: BookingState;
  readonly accept: (arranged: Arranged) => Run;
  /** The same command from somebody who may not, or about what is not possible. */
  readonly refuse: (arranged: Arranged) => Run;
  readonly entry: Partial<AuditEntry>;
  readonly events: readonly EventType[];
}

const admin: Actor = { kind: 'admin', id: 7 };
const reason = 'because of that';

const onBooking = (
  command: 'release' | 'approve' | 'reject' | 'confirm' | 'cancel',
  given: BookingState,
  entry: Partial<AuditEntry>,
  events: readonly EventType[],
): Expected => {
  const run =
    (actor: Actor) =>
    ({ sdk, booking }: Arranged): Run =>
    (options) =>
      sdk.booking[command]({ bookingId: booking?.id ?? 0, actor, reason }, options);
  const stranger: Actor = { kind: 'candidate', id: 2_000_000_000_000 };
  return {
    given,
    accept: run(admin),
    refuse: run(stranger),
    entry: { action: command, actor: admin, reason, ...entry },
    events,
  };
};

const take = (command: 'hold' | 'reserve', entry: Partial<AuditEntry>, event: EventType): Expected => ({
  accept:
    ({ sdk, board, slot }) =>
    (options) =>
      sdk.booking[command]({ slotId: slot.id, candidateId: board.candidate.id, actor: admin }, options),
  refuse:
    ({ sdk, board, slot }) =>
    (options) =>
      sdk.booking[command](
        { slotId: slot.id, candidateId: board.candidate.id, actor: { kind: 'candidate', id: 2 ** 40 } },
        options,
      ),
  entry: { from: 'free', to: 'pending', bookingFrom: undefined, actor: admin, reason: undefined, ...entry },
  events: [event],
});

const withdraw = (
  given: BookingState | undefined,
  entry: Partial<AuditEntry>,
  events: readonly EventType[],
) => {
  const run =
    (actor: Actor) =>
    ({ sdk, slot }: Arranged): Run =>
    (options) =>
      sdk.slots.withdraw({ slotId: slot.id, actor, reason }, options);
  return {
    ...(given === undefined ? {} : { given }),
    accept: run(admin),
    refuse: run({ kind: 'candidate', id: 1 }),
    entry: { to: 'canceled', actor: admin, reason, ...entry },
    events,
  } satisfies Expected;
};

const commands: Readonly<Record<string, Expected>> = {
  hold: take('hold', { action: 'hold', bookingTo: 'held' }, 'booking.held'),
  reserve: take('reserve', { action: 'request', bookingTo: 'requested' }, 'booking.requested'),
  'reserve of a hold': {
    ...take('reserve', {}, 'booking.requested'),
    given: 'held',
    entry: {
      action: 'requestHeld',
      from: 'pending',
      to: 'pending',
      bookingFrom: 'held',
      bookingTo: 'requested',
    },
  },
  release: onBooking(
    'release',
    'held',
    { from: 'pending', to: 'free', bookingFrom: 'held', bookingTo: 'canceled' },
    ['booking.canceled', 'slot.freed'],
  ),
  approve: onBooking(
    'approve',
    'requested',
    { from: 'pending', to: 'booked', bookingFrom: 'requested', bookingTo: 'booked' },
    ['booking.approved'],
  ),
  reject: onBooking(
    'reject',
    'requested',
    { from: 'pending', to: 'free', bookingFrom: 'requested', bookingTo: 'rejected' },
    ['booking.rejected', 'slot.freed'],
  ),
  confirm: onBooking(
    'confirm',
    'booked',
    { from: 'booked', to: 'confirmed', bookingFrom: 'booked', bookingTo: 'confirmed' },
    ['booking.confirmed'],
  ),
  cancel: onBooking(
    'cancel',
    'confirmed',
    { from: 'confirmed', to: 'free', bookingFrom: 'confirmed', bookingTo: 'canceled' },
    ['booking.canceled', 'slot.freed'],
  ),
  withdraw: withdraw(undefined, { action: 'withdraw', from: 'free', bookingId: undefined }, [
    'slot.withdrawn',
  ]),
  'withdraw of a slot somebody has': withdraw(
    'booked',
    { action: 'withdrawOccupied', from: 'booked', bookingFrom: 'booked', bookingTo: 'canceled' },
    ['booking.canceled', 'slot.withdrawn'],
  ),
};

async function arrange(sdk: Slotwise, given: BookingState | undefined): Promise<Arranged> {
  const board = await expectOk(seedBoard(sdk));
  if (given === undefined) return { sdk, board, slot: board.slot, booking: undefined };
  const { slot, candidate } = board;
  const standing = await expectOk(seedBooking(sdk, { slot, candidate, state: given }));
  return { sdk, board, ...standing };
}

/** What was written down and told of one slot while `work` ran. */
async function recorded(
  sdk: Slotwise,
  slotId: number,
  work: () => Promise<void>,
): Promise<{ entries: readonly AuditEntry[]; events: readonly DomainEvent[] }> {
  const events: DomainEvent[] = [];
  const end = sdk.events.onAny((event) => void (event.data.slotId === slotId && events.push(event)));
  try {
    await work();
  } finally {
    end();
  }
  const { items } = await expectOk(sdk.audit.listFor({ entity: 'slot', id: slotId }));
  return { entries: items, events };
}

const nothing = { entries: [], events: [] };

/** One entry and the events of each accepted command, in its transaction, or nothing at all. */
export const auditContract: ContractSuite = contractSuite('the audit trail', (test) => {
  for (const [name, { given, accept, refuse, entry, events }] of Object.entries(commands)) {
    test(`${name}: one entry says who, why, from where and to where; the events are told`, async (sdk) => {
      const arranged = await arrange(sdk, given);
      const { slot, board } = arranged;
      const correlationId = unique('request');
      const seen = await recorded(sdk, slot.id, async () => {
        await expectOk(accept(arranged)({ correlationId }));
      });
      const [written] = seen.entries;
      assert.equal(seen.entries.length, 1);
      const wanted: Partial<AuditEntry> = { entity: 'slot', entityId: slot.id, correlationId, ...entry };
      for (const [field, value] of Object.entries(wanted))
        assert.deepEqual(written?.[field as keyof AuditEntry], value, field);
      const booking = await expectOk(
        sdk.transaction((uow) => uow.bookings.listForCandidate(board.candidate.id)),
      );
      if (name !== 'withdraw') {
        assert.equal(written?.candidateId, board.candidate.id);
        assert.equal(written?.bookingId, booking.items[0]?.id);
      }
      assert.deepEqual(
        seen.events.map(({ type }) => type),
        events,
      );
      for (const event of seen.events) {
        assert.equal(event.correlationId, correlationId);
        assert.deepEqual(event.actor, admin);
        assert.equal(event.occurredAt, written?.at.toJSON());
      }
    });

    test(`${name}: leaves nothing when it is refused`, async (sdk) => {
      const arranged = await arrange(sdk, given);
      const seen = await recorded(sdk, arranged.slot.id, async () => {
        assert.ok((await refuse(arranged)({})).isErr());
      });
      assert.deepEqual(seen, nothing);
    });

    test(`${name}: leaves nothing when it is rolled back, also with a savepoint`, async (sdk, open) => {
      const arranged = await arrange(sdk, given);
      const seen = await recorded(sdk, arranged.slot.id, async () => {
        const lost = open();
        await expectOk(accept(arranged)({ uow: lost }));
        await expectOk(lost.rollback());
        const uow = open();
        const undone = await uow.savepoint(async () => {
          await expectOk(accept(arranged)({ uow }));
          return err({ type: 'ChangedMyMind' } as const);
        });
        assert.ok(undone.isErr());
        await expectOk(uow.commit());
      });
      assert.deepEqual(seen, nothing);
    });
  }

  test('publish: is where the trail of a slot begins', async (sdk, open) => {
    const { recruiter, city, slot: first } = await expectOk(seedBoard(sdk));
    const publish = (hours: number, options: UseCaseOptions = {}) => {
      const startsAt = first.endsAt.plus(hours * 60 * MINUTE);
      const times = { startsAt, endsAt: startsAt.plus(30 * MINUTE) };
      return sdk.slots.publish({ recruiterId: recruiter.id, cityId: city.id, ...times }, options);
    };
    const told: DomainEvent[] = [];
    const end = sdk.events.on('slot.published', (event) => {
      if (event.data.recruiterId === recruiter.id) told.push(event);
    });
    const slot = await expectOk(publish(1, { correlationId: 'the form' }));
    await expectErr(publish(1), 'SlotOverlap');
    const lost = open();
    const never = await expectOk(publish(3, { uow: lost }));
    await expectOk(lost.rollback());
    end();
    const { items } = await expectOk(sdk.audit.listFor({ entity: 'slot', id: slot.id }));
    const [entry] = items;
    assert.deepEqual(
      [items.length, entry?.action, entry?.from, entry?.to, entry?.actor, entry?.correlationId],
      [1, 'publish', undefined, 'free', { kind: 'recruiter', id: recruiter.id }, 'the form'],
    );
    assert.deepEqual(
      told.map(({ aggregate, correlationId }) => [aggregate, correlationId]),
      [[`slot:${slot.id}`, 'the form']],
    );
    assert.deepEqual((await expectOk(sdk.audit.listFor({ entity: 'slot', id: never.id }))).items, []);
  });

  test('takes the correlation id of the unit of work that is joined', async (sdk, open) => {
    const { slot, candidate } = await expectOk(seedBoard(sdk));
    const uow = open({ correlationId: 'outer' });
    await expectOk(
      sdk.booking.hold({ slotId: slot.id, candidateId: candidate.id }, { uow, correlationId: 'inner' }),
    );
    await expectOk(uow.commit());
    const { items } = await expectOk(sdk.audit.listFor({ entity: 'slot', id: slot.id }));
    assert.deepEqual(
      items.map(({ correlationId }) => correlationId),
      ['outer'],
    );
  });

  test('refuses a correlation id that is none, and with it what would be written down', async (sdk) => {
    const { slot, candidate } = await expectOk(seedBoard(sdk));
    const command = { slotId: slot.id, candidateId: candidate.id };
    for (const correlationId of refusedTexts(200)) {
      const refused = { field: 'correlationId' };
      await expectErr(sdk.booking.hold(command, { correlationId }), 'Validation', refused);
      const inside = sdk.transaction((uow) => sdk.booking.hold(command, { uow }), { correlationId });
      await expectErr(inside, 'Validation', refused);
    }
    assert.deepEqual(await expectOk(sdk.read.slots.get(slot.id)), slot);
    assert.deepEqual((await expectOk(sdk.audit.listFor({ entity: 'slot', id: slot.id }))).items, []);
  });

  test('is read by page, of what there can be entries about', async (sdk) => {
    const { slot, candidate } = await expectOk(seedBoard(sdk));
    for (let times = 0; times < 2; times += 1) {
      const held = await expectOk(sdk.booking.hold({ slotId: slot.id, candidateId: candidate.id }));
      await expectOk(sdk.booking.release({ bookingId: held.id, actor: admin }));
    }
    const subject = { entity: 'slot', id: slot.id } as const;
    const first = await expectOk(sdk.audit.listFor(subject, { limit: 3 }));
    assert.ok(first.nextCursor !== undefined);
    const rest = await expectOk(sdk.audit.listFor(subject, { limit: 3, cursor: first.nextCursor }));
    assert.deepEqual(
      [...first.items, ...rest.items].map(({ action }) => action),
      ['hold', 'release', 'hold', 'release'],
    );
    assert.equal(rest.nextCursor, undefined);
    for (const id of refusedIds)
      await expectErr(sdk.audit.listFor({ entity: 'slot', id }), 'Validation', { field: 'subject.id' });
    await expectErr(sdk.audit.listFor({ entity: 'planet' as 'slot', id: 1 }), 'Validation', {
      field: 'subject.entity',
    });
    await expectErr(sdk.audit.listFor(subject, { limit: 0 }), 'Validation');
  });
});
