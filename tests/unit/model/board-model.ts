import type { Booking } from '../../../src/domain/booking/booking.ts';
import type { Recruiter } from '../../../src/domain/recruiter/recruiter.ts';
import type { Actor } from '../../../src/domain/shared/actor.ts';
import type { Slot } from '../../../src/domain/slot/slot.ts';
import type { Slotwise } from '../../../src/infrastructure/slotwise.ts';
import type { Board, SettableClock } from '../../../src/testing/index.ts';

/** Everything the random commands work on. */
export interface World {
  readonly sdk: Slotwise;
  readonly clock: SettableClock;
  readonly board: Board;
  /** Ids of all slots and bookings that were ever answered. */
  readonly slots: Set<number>;
  readonly bookings: Set<number>;
}

export interface Rows {
  readonly slots: readonly Slot[];
  readonly bookings: readonly Booking[];
}

const pick = <T>(items: Iterable<T>, index: number): T | undefined => {
  const all = [...items];
  return all[index % Math.max(all.length, 1)];
};

const MINUTE = 60_000;

/** One random step; the numbers choose among what is there when it runs. */
export interface Step {
  readonly name: keyof typeof steps;
  readonly a: number;
  readonly b: number;
}

/** What a step answers does not matter: only what is stored afterwards does. */
export type Run = (world: World, a: number, b: number) => unknown;

const ids = (world: World, a: number, b: number) => ({
  slotId: pick(world.slots, a) ?? 1,
  candidateId: pick(world.board.candidates, b)?.id ?? 1,
});

const onBooking = (world: World, a: number, actor: Actor = { kind: 'system' }) => ({
  bookingId: pick(world.bookings, a) ?? 1,
  actor,
  reason: 'random',
});

async function taken(world: World, outcome: ReturnType<Slotwise['booking']['hold']>): Promise<void> {
  const booking = (await outcome).unwrapOr(undefined);
  if (booking !== undefined) world.bookings.add(booking.id);
}

/** Publishing chooses starts on a grid that is narrower than a slot, so that many of them collide. */
async function publish({ sdk, clock, board, slots }: World, a: number, b: number): Promise<void> {
  const recruiter = pick<Recruiter>(board.recruiters, a);
  const startsAt = clock.now().plus((b % 40) * 10 * MINUTE);
  const published = await sdk.slots.publish({
    recruiterId: recruiter?.id ?? 1,
    cityId: board.city.id,
    startsAt,
    endsAt: startsAt.plus((20 + (a % 3) * 10) * MINUTE),
    purpose: ['interview', 'interview', 'review', 'intro_day'][b % 4] ?? 'interview',
    bufferAfterMinutes: a % 5,
  });
  if (published.isOk()) slots.add(published.value.id);
}

export const steps = {
  publish,
  hold: (world, a, b) => taken(world, world.sdk.booking.hold(ids(world, a, b))),
  reserve: (world, a, b) => taken(world, world.sdk.booking.reserve(ids(world, a, b))),
  reserveAtOnce: (world, a, b) =>
    Promise.all(
      world.board.candidates.map(({ id: candidateId }) =>
        taken(world, world.sdk.booking.reserve({ ...ids(world, a, b), candidateId })),
      ),
    ),
  approve: (world, a) => world.sdk.booking.approve(onBooking(world, a)),
  reject: (world, a) => world.sdk.booking.reject(onBooking(world, a)),
  confirm: (world, a) => world.sdk.booking.confirm(onBooking(world, a)),
  cancel: (world, a) => world.sdk.booking.cancel(onBooking(world, a)),
  release: (world, a) => world.sdk.booking.release(onBooking(world, a)),
  withdraw: (world, a) =>
    world.sdk.slots.withdraw({ slotId: pick(world.slots, a) ?? 1, actor: { kind: 'system' } }),
  wait: ({ clock }, a) => clock.advance((a % 120) * MINUTE),
} as const satisfies Readonly<Record<string, Run>>;

export const stepNames = Object.keys(steps) as readonly (keyof typeof steps)[];

/** Everything that is stored, read past no cache because there is none. */
export async function rowsOf({ sdk, slots, board }: World): Promise<Rows> {
  const found = (await sdk.read.slots.getMany([...slots]))._unsafeUnwrap();
  const bookings: Booking[] = [];
  for (const { id } of board.candidates) {
    const page = await sdk.transaction((uow) => uow.bookings.listForCandidate(id, { limit: 100 }));
    bookings.push(...page._unsafeUnwrap().items);
  }
  return { slots: [...found.values()], bookings };
}
