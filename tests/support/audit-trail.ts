import { replay, type AuditEntry, type Booking, type Slot, type Slotwise } from '../../src/index.ts';

/** All entries about these slots, in the order they were written. */
export async function trailOf(sdk: Slotwise, slotIds: Iterable<number>): Promise<readonly AuditEntry[]> {
  const entries: AuditEntry[] = [];
  for (const id of slotIds) {
    for (let cursor: string | undefined, more = true; more;) {
      const page = cursor === undefined ? { limit: 100 } : { limit: 100, cursor };
      const { items, nextCursor } = (await sdk.audit.listFor({ entity: 'slot', id }, page))._unsafeUnwrap();
      entries.push(...items);
      cursor = nextCursor;
      more = nextCursor !== undefined;
    }
  }
  return entries.toSorted((one, other) => one.id - other.id);
}

interface Rows {
  readonly slots: readonly Slot[];
  readonly bookings: readonly Booking[];
}

const byId = (one: readonly [number, unknown], other: readonly [number, unknown]): number =>
  one[0] - other[0];

/** What the entries say, in a form that is compared with `stated`. */
export function replayed(entries: readonly AuditEntry[]) {
  const { slots, bookings } = replay(entries)._unsafeUnwrap();
  return { slots: [...slots].toSorted(byId), bookings: [...bookings].toSorted(byId) };
}

/** What is stored of everything the entries speak of. */
export function stated({ slots, bookings }: Rows, entries: readonly AuditEntry[]) {
  const spoken = new Set(entries.map(({ entityId }) => entityId));
  return {
    slots: slots
      .filter(({ id }) => spoken.has(id))
      .map(
        ({ id, status, currentBookingId, candidateId }) =>
          [
            id,
            {
              status,
              ...(currentBookingId === undefined ? {} : { bookingId: currentBookingId }),
              ...(candidateId === undefined ? {} : { candidateId }),
            },
          ] as const,
      )
      .toSorted(byId),
    bookings: bookings
      .map(
        ({ id, state, slotId, candidateId, outcome }) =>
          [id, { state, slotId, candidateId, ...(outcome === undefined ? {} : { outcome }) }] as const,
      )
      .toSorted(byId),
  };
}
