import type { Result, ResultAsync } from 'neverthrow';
import { bookingOutcomes } from '../../../src/domain/booking/booking-state.ts';
import type { Booking } from '../../../src/domain/booking/booking.ts';
import type { Recruiter } from '../../../src/domain/recruiter/recruiter.ts';
import type { RescheduleRequest } from '../../../src/domain/reschedule/reschedule-request.ts';
import type { Slot } from '../../../src/domain/slot/slot.ts';
import type { Slotwise } from '../../../src/infrastructure/slotwise.ts';
import type { Board, SettableClock } from '../../../src/testing/index.ts';

/** Everything the random commands work on. */
export interface World {
  readonly sdk: Slotwise;
  readonly clock: Pick<SettableClock, 'now'> & { advance(milliseconds: number): void | Promise<void> };
  readonly board: Board;
  /** Ids of everything that was ever answered. */
  readonly slots: Set<number>;
  readonly bookings: Set<number>;
  readonly requests: Set<number>;
}

export interface Rows {
  readonly slots: readonly Slot[];
  readonly bookings: readonly Booking[];
  readonly requests: readonly RescheduleRequest[];
}

const pick = <T>(items: Iterable<T>, index: number): T | undefined => {
  const all = [...items];
  return all[index % Math.max(all.length, 1)];
};

const MINUTE = 60_000;

/** An id that nothing has, in any world. */
const NOBODY = 2_000_000_000_000;

/** One random step; the numbers choose among what is there when it runs. */
export interface Step {
  readonly name: keyof typeof steps;
  readonly a: number;
  readonly b: number;
}

/** One step on a world: what is stored afterwards is what matters, and where two worlds run side by side, its answer. */
export type Run = (world: World, a: number, b: number) => Promise<unknown>;

const system = { kind: 'system' } as const;

const ids = (world: World, a: number, b: number) => ({
  slotId: pick(world.slots, a) ?? NOBODY,
  candidateId: pick(world.board.candidates, b)?.id ?? NOBODY,
});

const onBooking = (world: World, a: number) => ({
  bookingId: pick(world.bookings, a) ?? NOBODY,
  actor: system,
  reason: 'random',
});

const onRequest = (world: World, a: number) => ({
  requestId: pick(world.requests, a) ?? NOBODY,
  actor: system,
  reason: 'random',
});

async function taken<E extends { readonly type: string }>(
  world: World,
  outcome: ResultAsync<Booking, E>,
): Promise<Result<Booking, E>> {
  const answer = await outcome;
  if (answer.isOk()) world.bookings.add(answer.value.id);
  return answer;
}

async function asked<E extends { readonly type: string }>(
  world: World,
  outcome: ResultAsync<RescheduleRequest, E>,
): Promise<Result<RescheduleRequest, E>> {
  const answer = await outcome;
  if (answer.isOk()) world.requests.add(answer.value.id);
  return answer;
}

/** Publishing chooses starts on a grid that is narrower than a slot, so that many of them collide. */
async function publish({ sdk, clock, board, slots }: World, a: number, b: number) {
  const recruiter = pick<Recruiter>(board.recruiters, a);
  const startsAt = clock.now().plus((b % 40) * 10 * MINUTE);
  const published = await sdk.slots.publish({
    recruiterId: recruiter?.id ?? NOBODY,
    cityId: board.city.id,
    startsAt,
    endsAt: startsAt.plus((20 + (a % 3) * 10) * MINUTE),
    purpose: ['interview', 'interview', 'review', 'intro_day'][b % 4] ?? 'interview',
    bufferAfterMinutes: a % 5,
  });
  if (published.isOk()) slots.add(published.value.id);
  return published;
}

/** A third of the requests name a window, and a third name nothing. */
function wish(world: World, a: number, b: number) {
  if (b % 3 === 0) return { slotId: pick(world.slots, b) ?? NOBODY };
  const from = world.clock.now().plus((a % 10) * 10 * MINUTE);
  return b % 3 === 1 ? { from, until: from.plus(60 * MINUTE) } : {};
}

const strategies = ['earliest', 'leastLoaded', 'preferred'] as const;

function claim({ board }: World, a: number, b: number) {
  const strategy = strategies[a % 3] ?? 'earliest';
  const favourite = pick<Recruiter>(board.recruiters, b)?.id ?? NOBODY;
  return {
    cityId: board.city.id,
    candidateId: pick(board.candidates, b)?.id ?? NOBODY,
    purpose: a % 4 === 0 ? 'review' : 'interview',
    strategy,
    ...(strategy === 'preferred' ? { preferredRecruiterIds: [favourite] } : {}),
  };
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
  reserveAny: (world, a, b) => taken(world, world.sdk.booking.reserveAny(claim(world, a, b))),
  offer: (world, a, b) => taken(world, world.sdk.booking.offer({ ...ids(world, a, b), actor: system })),
  approve: async (world, a) => world.sdk.booking.approve(onBooking(world, a)),
  reject: async (world, a) => world.sdk.booking.reject(onBooking(world, a)),
  confirm: async (world, a) => world.sdk.booking.confirm(onBooking(world, a)),
  cancel: async (world, a) => world.sdk.booking.cancel(onBooking(world, a)),
  release: async (world, a) => world.sdk.booking.release(onBooking(world, a)),
  reschedule: (world, a, b) =>
    taken(
      world,
      world.sdk.booking.reschedule({ ...onBooking(world, a), slotId: pick(world.slots, b) ?? NOBODY }),
    ),
  requestReschedule: (world, a, b) =>
    asked(world, world.sdk.booking.requestReschedule({ ...onBooking(world, a), ...wish(world, a, b) })),
  approveReschedule: (world, a, b) =>
    taken(
      world,
      world.sdk.booking.approveReschedule({
        ...onRequest(world, a),
        ...(b % 2 === 0 ? {} : { slotId: pick(world.slots, b) ?? NOBODY }),
      }),
    ),
  declineReschedule: async (world, a) => world.sdk.booking.declineReschedule(onRequest(world, a)),
  proposeAlternative: async (world, a, b) =>
    world.sdk.booking.proposeAlternative({ ...onRequest(world, a), slotId: pick(world.slots, b) ?? NOBODY }),
  recordOutcome: async (world, a, b) =>
    world.sdk.booking.recordOutcome({
      ...onBooking(world, a),
      outcome: bookingOutcomes[b % bookingOutcomes.length] ?? 'attended',
    }),
  expireDue: async (world, a) => world.sdk.booking.expireDue({ limit: 1 + (a % 3) }),
  withdraw: async (world, a) =>
    world.sdk.slots.withdraw({ slotId: pick(world.slots, a) ?? NOBODY, actor: system }),
  wait: async ({ clock }, a) => clock.advance((a % 120) * MINUTE),
} as const satisfies Readonly<Record<string, Run>>;

export const stepNames = Object.keys(steps) as readonly (keyof typeof steps)[];

/** Everything that is stored, read past no cache because there is none. */
export async function rowsOf({ sdk, slots, requests, board }: World): Promise<Rows> {
  const found = (await sdk.read.slots.getMany([...slots]))._unsafeUnwrap();
  const bookings: Booking[] = [];
  for (const { id } of board.candidates) {
    const page = await sdk.transaction((uow) => uow.bookings.listForCandidate(id, { limit: 100 }));
    bookings.push(...page._unsafeUnwrap().items);
  }
  const asking: RescheduleRequest[] = [];
  for (const id of requests)
    asking.push((await sdk.transaction((uow) => uow.reschedules.get(id)))._unsafeUnwrap());
  return {
    slots: [...slots].flatMap((id) => [...found.values()].filter((slot) => slot.id === id)),
    bookings,
    requests: asking,
  };
}
