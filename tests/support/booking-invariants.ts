import type { ScratchDatabase } from './scratch-database.ts';

const live = `('held', 'offered', 'requested', 'booked', 'confirmed')`;
const active = `('pending', 'booked', 'confirmed')`;

/** What must hold of the rows whatever happened, as queries that find what breaks it. */
const violations = {
  'I1 one live booking per slot': `
    select slot_id from $schema.booking where state in ${live} group by slot_id having count(*) > 1`,

  'I1 a live booking is the one its slot points at': `
    select booking.id from $schema.booking join $schema.slot on slot.id = booking.slot_id
    where booking.state in ${live} and slot.current_booking_id is distinct from booking.id`,

  'I2 no overlapping slots of one recruiter, buffers included': `
    select a.id from $schema.slot a join $schema.slot b
      on a.recruiter_id = b.recruiter_id and a.id < b.id
     and a.occupied_from < b.occupied_until and b.occupied_from < a.occupied_until
    where 'canceled' not in (a.status, b.status) and 'intro_day' not in (a.purpose, b.purpose)`,

  'I3 no overlapping active slots of one candidate': `
    select a.id from $schema.slot a join $schema.slot b
      on a.candidate_id = b.candidate_id and a.id < b.id
     and a.starts_at < b.ends_at and b.starts_at < a.ends_at
    where a.status in ${active} and b.status in ${active}`,

  'I4 one active slot per candidate, recruiter and purpose': `
    select candidate_id from $schema.slot where status in ${active} and purpose <> 'intro_day'
    group by candidate_id, recruiter_id, purpose having count(*) > 1`,

  'I5 an occupied slot names a candidate and a booking, any other neither': `
    select id from $schema.slot
    where (status in ('pending', 'booked', 'confirmed', 'completed'))
       is distinct from (candidate_id is not null and current_booking_id is not null)
       or (candidate_id is null) <> (current_booking_id is null)`,

  'I5 slot and booking agree on the candidate and on the state': `
    select slot.id from $schema.slot left join $schema.booking on booking.id = slot.current_booking_id
    where slot.current_booking_id is not null
      and (booking.slot_id, booking.candidate_id) is distinct from (slot.id, slot.candidate_id)
       or slot.status = 'pending' and booking.state not in ('held', 'offered', 'requested')
       or slot.status in ('booked', 'confirmed', 'completed') and booking.state <> slot.status`,
} as const;

/** Names every invariant that the rows of the schema break. */
export async function brokenInvariants(database: ScratchDatabase): Promise<readonly string[]> {
  const broken: string[] = [];
  for (const [name, query] of Object.entries(violations)) {
    const rows = await database.rows(query);
    if (rows.length > 0) broken.push(name);
  }
  return broken;
}

export const invariantNames: readonly string[] = Object.keys(violations);
