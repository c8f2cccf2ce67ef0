import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Actor, Candidate, Slot } from '../../src/index.ts';
import { seedBoard } from '../../src/testing/seeds/seed-board.ts';
import { seedBooking } from '../../src/testing/seeds/seed-booking.ts';
import { seedSlot } from '../../src/testing/seeds/seed-slot.ts';
import { brokenInvariants } from '../support/booking-invariants.ts';
import { describeWithPostgres } from '../support/services.ts';
import { Score, StartingLine } from './races/starting-line.ts';
import type { Command } from './races/racer.ts';

const ROUNDS = 25;
const RUN_MS = 120_000;
const MINUTE = 60_000;
/** Before the start, around it, and long after it. */
const LAPSES_MS = [1, 30, 45, 60, 10_000];
const admin: Actor = { kind: 'admin', id: 1 };

const reserve = (slot: Slot, { id }: Candidate): Command => ({
  of: 'booking',
  name: 'reserve',
  input: { slotId: slot.id, candidateId: id },
});

const onBooking = (name: 'approve' | 'cancel', bookingId: number): Command => ({
  of: 'booking',
  name,
  input: { bookingId, actor: admin, reason: 'race' },
});

const reschedule = (bookingId: number, slotId: number): Command => ({
  of: 'booking',
  name: 'reschedule',
  input: { bookingId, slotId, actor: admin },
});

const sweep: Command = { of: 'booking', name: 'expireDue', input: {} };

/** Runs rounds of a race, prints its figures, and checks the rows. */
async function races(
  line: StartingLine,
  name: string,
  round: (score: Score, turn: number) => Promise<void>,
  rounds = ROUNDS,
): Promise<Score> {
  const score = new Score();
  for (let turn = 0; turn < rounds; turn += 1) await round(score, turn);
  score.print(name);
  expect(await brokenInvariants(line.database)).toEqual([]);
  expect(score.deadlocksOut).toBe(0);
  return score;
}

const typesOf = (score: Score): readonly string[] => score.losers.map(([type]) => type).toSorted();

describeWithPostgres('three processes that race on PostgreSQL', () => {
  let line: StartingLine;

  beforeAll(async () => {
    line = await StartingLine.open();
  }, RUN_MS);

  afterAll(() => line?.[Symbol.asyncDispose]());

  const seed = async (wanted: Parameters<typeof seedBoard>[1] = {}) =>
    (await seedBoard(line.sdk, wanted))._unsafeUnwrap();
  const booked = async (
    slot: Slot,
    candidate: Candidate,
    state: 'requested' | 'booked' = 'booked',
    lapsesInMs?: number,
  ) => {
    const now = (await line.sdk.transaction((uow) => uow.now()))._unsafeUnwrap();
    const expiresAt = lapsesInMs === undefined ? {} : { expiresAt: now.plus(lapsesInMs) };
    return (await seedBooking(line.sdk, { slot, candidate, state, ...expiresAt }))._unsafeUnwrap();
  };
  const liveOf = async (...candidates: readonly Candidate[]) => {
    const counts = [];
    for (const { id } of candidates) {
      const page = await line.sdk.transaction((uow) => uow.bookings.listForCandidate(id));
      counts.push(page._unsafeUnwrap().items.filter(({ live }) => live).length);
    }
    return counts;
  };

  it('reserve against withdraw: a slot is gone or somebody’s, never both', { timeout: RUN_MS }, async () => {
    const score = await races(line, 'race, reserve against withdraw', async (running) => {
      const { slot, candidates } = await seed({ candidates: 5 });
      const withdraw: Command = {
        of: 'slots',
        name: 'withdraw',
        input: { slotId: slot.id, actor: admin, reason: 'race' },
      };
      await line.race(running, [...candidates.map((one) => reserve(slot, one)), withdraw]);
      const after = (await line.sdk.read.slots.get(slot.id))._unsafeUnwrap();
      expect(after.status).toBe('canceled');
      expect(await liveOf(...candidates)).toEqual(candidates.map(() => 0));
    });
    // One who comes after the withdrawal finds no way from `canceled`.
    expect(['SlotTaken', 'InvalidTransition']).toEqual(expect.arrayContaining([...typesOf(score)]));
  });

  it('approve against expiry: one of them, and no booking that is both', { timeout: RUN_MS }, async () => {
    const outcomes = new Set<string>();
    const score = await races(line, 'race, approve against expiry', async (running, turn) => {
      const { slot, candidate } = await seed();
      const { booking } = await booked(slot, candidate, 'requested', LAPSES_MS[turn % LAPSES_MS.length]);
      const approve = onBooking('approve', booking.id);
      const answers = await line.race(running, [approve, sweep, sweep]);
      const { state } = (await line.sdk.transaction((uow) => uow.bookings.get(booking.id)))._unsafeUnwrap();
      expect(state).toBe(answers[0] === 'ok' ? 'booked' : state === 'expired' ? 'expired' : 'requested');
      outcomes.add(state);
    });
    expect([...outcomes]).toEqual(expect.arrayContaining(['booked', 'expired']));
    expect(['HoldExpired', 'InvalidTransition']).toEqual(expect.arrayContaining([...typesOf(score)]));
  });

  it('double approve: one goes through, the others are told', { timeout: RUN_MS }, async () => {
    const score = await races(line, 'race, double approve', async (running) => {
      const { slot, candidate } = await seed();
      const { booking } = await booked(slot, candidate, 'requested');
      const answers = await line.race(
        running,
        Array.from({ length: 6 }, () => onBooking('approve', booking.id)),
      );
      expect(answers.filter((answer) => answer === 'ok')).toHaveLength(1);
      const { items } = (
        await line.sdk.transaction((uow) => uow.audit.listFor({ entity: 'slot', id: slot.id }))
      )._unsafeUnwrap();
      expect(items.map(({ action }) => action)).toEqual(['approve']);
    });
    expect(typesOf(score)).toEqual(['InvalidTransition']);
  });

  it('two who swap their slots, and a third slot: each has exactly one', { timeout: RUN_MS }, async () => {
    const score = await races(line, 'race, two-way swap', async (running) => {
      const { slots, candidates } = await seed({ slotsPerRecruiter: 3, candidates: 2 });
      const [[a, b, c], [ann, ben]] = [slots, candidates];
      if (!a || !b || !c || !ann || !ben) throw new Error('three slots and two candidates were asked for');
      const [one, two] = [(await booked(a, ann)).booking.id, (await booked(b, ben)).booking.id];
      await line.race(running, [
        reschedule(one, b.id),
        reschedule(two, a.id),
        reschedule(one, c.id),
        reschedule(two, c.id),
        reschedule(one, b.id),
        reschedule(two, a.id),
      ]);
      expect(await liveOf(ann, ben)).toEqual([1, 1]);
    });
    expect(score.winners).toBeGreaterThanOrEqual(ROUNDS);
    expect(['SlotTaken', 'InvalidTransition']).toEqual(expect.arrayContaining([...typesOf(score)]));
  });

  it(
    'a reschedule against a cancel and a withdrawal: one slot or none, never two',
    { timeout: RUN_MS },
    async () => {
      await races(line, 'race, reschedule against cancel and withdraw', async (running) => {
        const { slots, candidate } = await seed({ slotsPerRecruiter: 3 });
        const [a, b, c] = slots;
        if (!a || !b || !c) throw new Error('three slots were asked for');
        const { booking } = await booked(a, candidate);
        const withdraw: Command = {
          of: 'slots',
          name: 'withdraw',
          input: { slotId: b.id, actor: admin, reason: 'race' },
        };
        const answers = await line.race(running, [
          reschedule(booking.id, b.id),
          onBooking('cancel', booking.id),
          withdraw,
          reschedule(booking.id, c.id),
        ]);
        const [live = 0] = await liveOf(candidate);
        expect(live).toBeLessThanOrEqual(answers[1] === 'ok' ? 0 : 1);
      });
    },
  );

  it('the capacity of a candidate: as many bookings as the policy allows', { timeout: RUN_MS }, async () => {
    const score = await races(
      line,
      'race, capacity of a candidate',
      async (running) => {
        const { city, recruiter, candidate } = await seed();
        const now = (await line.sdk.transaction((uow) => uow.now()))._unsafeUnwrap();
        const slots = [];
        for (let index = 0; index < 6; index += 1) {
          const startsAt = now.plus((48 * 60 + index * 40) * MINUTE);
          const own = { startsAt, purpose: 'intro_day', policy: { maxActivePerCandidate: 2 } };
          slots.push((await seedSlot(line.sdk, { recruiter, city, ...own }))._unsafeUnwrap());
        }
        await line.race(running, [
          ...slots.map((slot) => reserve(slot, candidate)),
          {
            of: 'booking',
            name: 'reserveAny',
            input: { cityId: city.id, candidateId: candidate.id, purpose: 'intro_day', strategy: 'earliest' },
          },
        ]);
        expect(await liveOf(candidate)).toEqual([2]);
      },
      15,
    );
    expect(['TooManyBookings', 'NoSlotFree', 'SlotTaken']).toEqual(
      expect.arrayContaining([...typesOf(score)]),
    );
  });

  it('as many who take any slot as there are slots: each gets one', { timeout: RUN_MS }, async () => {
    const size = 24;
    const score = await races(
      line,
      'race, any slot',
      async (running, turn) => {
        const { slots, city, candidates } = await seed({
          recruiters: 4,
          slotsPerRecruiter: 6,
          candidates: size,
        });
        const strategy = turn % 2 === 0 ? 'earliest' : 'leastLoaded';
        await line.race(
          running,
          candidates.map(({ id }) => ({
            of: 'booking',
            name: 'reserveAny',
            input: { cityId: city.id, candidateId: id, strategy },
          })),
        );
        const after = (await line.sdk.read.slots.getMany(slots.map(({ id }) => id)))._unsafeUnwrap();
        expect([...after.values()].map(({ status }) => status)).toEqual(slots.map(() => 'pending'));
      },
      6,
    );
    expect([score.winners, score.losers]).toEqual([size * 6, []]);
  });
});
