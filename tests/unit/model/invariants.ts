import type { Booking } from '../../../src/domain/booking/booking.ts';
import type { Slot } from '../../../src/domain/slot/slot.ts';
import type { Rows } from './board-model.ts';

const active: readonly string[] = ['pending', 'booked', 'confirmed'];
const live: readonly string[] = ['held', 'offered', 'requested', 'booked', 'confirmed'];
const movable: readonly string[] = ['requested', 'booked', 'confirmed'];
const statusOf: Readonly<Record<string, string>> = {
  held: 'pending',
  offered: 'pending',
  requested: 'pending',
  booked: 'booked',
  confirmed: 'confirmed',
  completed: 'completed',
};

/** Statuses that can follow each other in one step, where a step may expire a hold and take the slot again. */
const follows: Readonly<Record<string, readonly string[]>> = {
  free: ['free', 'pending', 'booked', 'canceled'],
  pending: ['pending', 'free', 'booked', 'confirmed', 'canceled'],
  booked: ['booked', 'confirmed', 'free', 'completed', 'canceled'],
  confirmed: ['confirmed', 'free', 'completed', 'canceled'],
  completed: ['completed'],
  canceled: ['canceled'],
};

const overlap = (a0: number, a1: number, b0: number, b1: number): boolean => a0 < b1 && b0 < a1;

const pairs = <T>(items: readonly T[]): readonly (readonly [T, T])[] =>
  items.flatMap((a, index) => items.slice(index + 1).map((b) => [a, b] as const));

const displayedOverlap = (a: Slot, b: Slot): boolean =>
  overlap(
    a.startsAt.epochMilliseconds,
    a.endsAt.epochMilliseconds,
    b.startsAt.epochMilliseconds,
    b.endsAt.epochMilliseconds,
  );

const occupiedOverlap = (a: Slot, b: Slot): boolean =>
  overlap(
    a.occupiedFrom.epochMilliseconds,
    a.occupiedUntil.epochMilliseconds,
    b.occupiedFrom.epochMilliseconds,
    b.occupiedUntil.epochMilliseconds,
  );

/** Every rule that must hold whatever was tried, by name, with what breaks it. */
export function broken({ slots, bookings, requests }: Rows, before: Rows): readonly string[] {
  const ahead = slots.filter(({ status }) => active.includes(status));
  const exclusive = slots.filter(({ status, purpose }) => status !== 'canceled' && purpose !== 'intro_day');
  const current = (slot: Slot): Booking | undefined =>
    bookings.find(({ id }) => id === slot.currentBookingId);
  return [
    ...slots
      .filter(({ id }) => bookings.filter((b) => b.slotId === id && live.includes(b.state)).length > 1)
      .map(({ id }) => `I1: slot ${id} has two live bookings`),
    ...pairs(exclusive)
      .filter(([a, b]) => a.recruiterId === b.recruiterId && occupiedOverlap(a, b))
      .map(([a, b]) => `I2: slots ${a.id} and ${b.id} of one recruiter overlap`),
    ...pairs(ahead)
      .filter(([a, b]) => a.candidateId === b.candidateId && displayedOverlap(a, b))
      .map(([a, b]) => `I3: slots ${a.id} and ${b.id} of one candidate overlap`),
    ...pairs(ahead.filter(({ purpose }) => purpose !== 'intro_day'))
      .filter(([a, b]) => a.candidateId === b.candidateId)
      .filter(([a, b]) => a.recruiterId === b.recruiterId && a.purpose === b.purpose)
      .map(([a, b]) => `I4: slots ${a.id} and ${b.id} are one meeting twice`),
    ...slots
      .filter((slot) => !agrees(slot, current(slot)))
      .map(({ id, status }) => `I5: slot ${id} is ${status}, its booking says otherwise`),
    ...bookings
      .filter(
        ({ state, slotId, id }) =>
          live.includes(state) && slots.find((s) => s.id === slotId)?.currentBookingId !== id,
      )
      .map(({ id }) => `I5: booking ${id} is live and its slot points elsewhere`),
    ...slots
      .filter(
        ({ id, status }) =>
          !(follows[before.slots.find((s) => s.id === id)?.status ?? 'free'] ?? []).includes(status),
      )
      .map(({ id, status }) => `I6: slot ${id} cannot have become ${status}`),
    ...before.bookings
      .filter(({ state }) => !live.includes(state))
      .filter((ended) =>
        changed(
          ended,
          bookings.find(({ id }) => id === ended.id),
        ),
      )
      .map(({ id }) => `I6: booking ${id} had ended and was changed`),
    ...bookings
      .filter(({ id, state }) => (state === 'moved' ? 1 : 0) !== successorsOf(id, bookings).length)
      .map(({ id }) => `I9: booking ${id} has not exactly the one that took over from it, if it was moved`),
    ...bookings
      .filter(({ state, movedToId, id }) => {
        const [successor] = successorsOf(id, bookings);
        return state === 'moved' && (successor?.id !== movedToId || bornEnded(successor, before));
      })
      .map(({ id }) => `I9: whoever had booking ${id} was left without one`),
    ...requests
      .filter(({ state }) => state === 'pending')
      .filter(({ bookingId }) => !movable.includes(bookings.find(({ id }) => id === bookingId)?.state ?? ''))
      .map(({ id }) => `R1: request ${id} waits although its booking cannot be moved`),
    ...pairs(requests.filter(({ state }) => state === 'pending'))
      .filter(([a, b]) => a.bookingId === b.bookingId)
      .map(([a, b]) => `R2: requests ${a.id} and ${b.id} wait for one booking`),
    ...before.requests
      .filter(({ state }) => state !== 'pending')
      .filter((decided) =>
        changed(
          decided,
          requests.find(({ id }) => id === decided.id),
        ),
      )
      .map(({ id }) => `R3: request ${id} was decided and was changed`),
  ];
}

const successorsOf = (id: number, bookings: readonly Booking[]): readonly Booking[] =>
  bookings.filter(({ movedFromId }) => movedFromId === id);

/** Whether a booking that took over in this step had ended with it already. */
const bornEnded = (booking: Booking | undefined, before: Rows): boolean =>
  booking !== undefined && !booking.live && !before.bookings.some(({ id }) => id === booking.id);

/** Whether it is not what it was, but for an outcome that nobody had recorded. */
function changed(before: object & { readonly outcome?: unknown }, after: object | undefined): boolean {
  const rest = (row: object | undefined): string =>
    JSON.stringify({ ...row, ...(before.outcome === undefined ? { outcome: 0, version: 0 } : {}) });
  return rest(before) !== rest(after);
}

function agrees(slot: Slot, booking: Booking | undefined): boolean {
  if (slot.status === 'free' || slot.status === 'canceled')
    return (
      slot.candidateId === undefined &&
      slot.currentBookingId === undefined &&
      slot.holdExpiresAt === undefined
    );
  return (
    booking !== undefined &&
    booking.slotId === slot.id &&
    booking.candidateId === slot.candidateId &&
    statusOf[booking.state] === slot.status &&
    booking.expiresAt?.epochMilliseconds === slot.holdExpiresAt?.epochMilliseconds
  );
}
