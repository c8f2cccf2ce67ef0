import type { DoctorFinding } from '../../application/ports/diagnostics.ts';
import { liveBookingStates } from '../../domain/booking/booking-state.ts';
import { bookingStatesUnder } from '../../domain/booking/transition-booking.ts';
import { occupiedSlotStatuses } from '../../domain/slot/slot-status.ts';
import { foundOr, well, type Check } from './check.ts';

const SHOWN = 5;

/** Slots that do not agree with the booking they point at, that point at none, or that a live booking is not pointed at by. */
const drifted = (schema: string): string => `
  with drifted as (
    select slot.id
    from "${schema}".slot left join "${schema}".booking on booking.id = slot.current_booking_id
    where (slot.status = any($1)) <> (slot.current_booking_id is not null)
      or slot.current_booking_id is not null and (
        (booking.slot_id, booking.candidate_id, booking.purpose)
          is distinct from (slot.id, slot.candidate_id, slot.purpose)
        or not $3::jsonb -> slot.status @> to_jsonb(booking.state))
    union
    select slot.id
    from "${schema}".booking join "${schema}".slot on slot.id = booking.slot_id
    where booking.state = any($2) and slot.current_booking_id is distinct from booking.id
  )
  select id::float8 as id, (count(*) over ())::float8 as total from drifted order by id limit $4`;

interface Drifted {
  readonly id: number;
  /** Of all, not only of those that are shown. */
  readonly total: number;
}

/** Slot and booking say the same in two tables; the guards keep them in agreement, and this looks whether they did. */
export const checkDrift: Check = ({ catalogue }) =>
  catalogue
    .rows<Drifted>('drift', drifted(catalogue.schema), [
      [...occupiedSlotStatuses],
      [...liveBookingStates],
      JSON.stringify(bookingStatesUnder),
      SHOWN,
    ])
    .map((slots) =>
      foundOr(
        slots.slice(0, 1).map(({ total }) => finding(slots, total)),
        well('drift', 'every slot agrees with its booking'),
      ),
    );

const finding = (slots: readonly Drifted[], total: number): DoctorFinding => ({
  check: 'drift',
  level: 'critical',
  message: `slots that do not agree with their bookings: ${total} (ids ${slots.map(({ id }) => id).join(', ')}${total > slots.length ? ', …' : ''})`,
  remedy: 'compare them with sdk.audit, correct the rows by hand, and see which guard was missing',
});
