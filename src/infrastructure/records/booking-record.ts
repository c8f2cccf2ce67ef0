import type { Result } from 'neverthrow';
import { bookingOutcomes, bookingStates } from '../../domain/booking/booking-state.ts';
import { Booking } from '../../domain/booking/booking.ts';
import type { BookingId, CandidateId, SlotId } from '../../domain/shared/id.ts';
import type { CorruptRecord } from '../../domain/shared/repository-error.ts';
import { readActor, readRecord } from './record-reader.ts';

/** Everything a booking is read from. */
export const bookingColumnNames = [
  'id',
  'slot_id',
  'candidate_id',
  'purpose',
  'state',
  'created_at',
  'expires_at',
  'approved_at',
  'confirmed_at',
  'ended_at',
  'ended_by_kind',
  'ended_by_id',
  'end_reason',
  'outcome',
  'moved_from_id',
  'moved_to_id',
  'reschedule_count',
  'version',
] as const;

export const bookingColumns = (booking: Booking) => ({
  slot_id: booking.slotId,
  candidate_id: booking.candidateId,
  purpose: booking.purpose,
  state: booking.state,
  created_at: booking.createdAt.toJSON(),
  expires_at: booking.expiresAt?.toJSON() ?? null,
  approved_at: booking.approvedAt?.toJSON() ?? null,
  confirmed_at: booking.confirmedAt?.toJSON() ?? null,
  ended_at: booking.endedAt?.toJSON() ?? null,
  ended_by_kind: booking.endedBy?.kind ?? null,
  ended_by_id: booking.endedBy?.id ?? null,
  end_reason: booking.endReason ?? null,
  outcome: booking.outcome ?? null,
  moved_from_id: booking.movedFromId ?? null,
  moved_to_id: booking.movedToId ?? null,
  reschedule_count: booking.rescheduleCount,
});

/** Bookings are never cached; a whole record of one is part of what a command has answered. */
export const bookingToRecord = (booking: Booking) => ({
  id: booking.id,
  version: booking.version,
  ...bookingColumns(booking),
});

/** Bookings as one JSON parameter. */
export const bookingsAsJson = (bookings: readonly Booking[]): string =>
  JSON.stringify(bookings.map(bookingToRecord));

export const bookingFromRecord = (record: unknown): Result<Booking, CorruptRecord> =>
  readRecord(
    'booking',
    record,
    (read) =>
      new Booking({
        id: read.integer('id') as BookingId,
        slotId: read.integer('slot_id') as SlotId,
        candidateId: read.integer('candidate_id') as CandidateId,
        purpose: read.text('purpose'),
        state: read.oneOf('state', bookingStates),
        createdAt: read.instant('created_at'),
        expiresAt: read.optionalInstant('expires_at'),
        approvedAt: read.optionalInstant('approved_at'),
        confirmedAt: read.optionalInstant('confirmed_at'),
        endedAt: read.optionalInstant('ended_at'),
        endedBy: readActor(read, 'ended_by'),
        endReason: read.optionalText('end_reason'),
        outcome: read.optionalOneOf('outcome', bookingOutcomes),
        movedFromId: read.optionalInteger('moved_from_id') as BookingId | undefined,
        movedToId: read.optionalInteger('moved_to_id') as BookingId | undefined,
        rescheduleCount: read.integer('reschedule_count'),
        version: read.integer('version'),
      }),
  );
