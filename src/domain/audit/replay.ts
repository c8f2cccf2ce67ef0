import { err, ok, type Result } from 'neverthrow';
import type { BookingOutcome, BookingState } from '../booking/booking-state.ts';
import type { BookingId, CandidateId, SlotId } from '../shared/id.ts';
import { isOccupied, type SlotStatus } from '../slot/slot-status.ts';
import type { AuditEntry } from './audit-entry.ts';

/** What the trail says of a slot. */
export interface ReplayedSlot {
  readonly status: SlotStatus;
  readonly bookingId?: BookingId;
  readonly candidateId?: CandidateId;
}

/** What the trail says of a booking. */
export interface ReplayedBooking {
  readonly state: BookingState;
  readonly slotId: SlotId;
  readonly candidateId?: CandidateId;
  readonly outcome?: BookingOutcome;
}

export interface ReplayedState {
  readonly slots: ReadonlyMap<SlotId, ReplayedSlot>;
  readonly bookings: ReadonlyMap<BookingId, ReplayedBooking>;
}

/** An entry does not go on where those before it have ended: one is missing, or was made by hand. */
export interface BrokenTrail {
  readonly type: 'BrokenTrail';
  readonly entryId: number;
  /** What the entry claims the state was before it, and what it was. */
  readonly claimed: string;
  readonly found: string;
}

const NOTHING = 'none';

/**
 * The state of slots and bookings as the audit trail tells it. Entries come in the order they were written; a trail may
 * begin late, with slots that are there already, but it may not have gaps. What is about other entities is left out.
 */
export function replay(entries: Iterable<AuditEntry>): Result<ReplayedState, BrokenTrail> {
  const slots = new Map<SlotId, ReplayedSlot>();
  const bookings = new Map<BookingId, ReplayedBooking>();
  for (const entry of entries) {
    if (entry.entity !== 'slot') continue;
    const slotId = entry.entityId as SlotId;
    const broken =
      gap(entry, slots.get(slotId)?.status, entry.from) ??
      (entry.bookingId === undefined
        ? undefined
        : gap(entry, bookings.get(entry.bookingId)?.state, entry.bookingFrom));
    if (broken !== undefined) return err(broken);
    // What is purged is not in any state any more.
    if (entry.to === undefined) slots.delete(slotId);
    else slots.set(slotId, slotAfter(entry, slots.get(slotId)));
    if (entry.bookingId !== undefined && entry.bookingTo !== undefined)
      bookings.set(entry.bookingId, bookingAfter(entry, slotId));
  }
  return ok({ slots, bookings });
}

function gap(
  { id }: AuditEntry,
  found: string | undefined,
  claimed: string | undefined,
): BrokenTrail | undefined {
  // What is met for the first time may have been there before the trail began.
  if (found === undefined || found === claimed) return undefined;
  return { type: 'BrokenTrail', entryId: id, claimed: claimed ?? NOTHING, found };
}

function slotAfter(entry: AuditEntry, before: ReplayedSlot | undefined): ReplayedSlot {
  const status = entry.to as SlotStatus;
  if (!isOccupied(status)) return { status };
  const { bookingId = before?.bookingId, candidateId = before?.candidateId } = entry;
  return {
    status,
    ...(bookingId === undefined ? {} : { bookingId }),
    ...(candidateId === undefined ? {} : { candidateId }),
  };
}

function bookingAfter({ bookingTo, candidateId, data }: AuditEntry, slotId: SlotId): ReplayedBooking {
  const { outcome } = data as { readonly outcome?: BookingOutcome };
  return {
    state: bookingTo as BookingState,
    slotId,
    ...(candidateId === undefined ? {} : { candidateId }),
    ...(outcome === undefined ? {} : { outcome }),
  };
}
