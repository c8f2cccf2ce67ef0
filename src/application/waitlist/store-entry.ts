import type { ResultAsync } from 'neverthrow';
import type { Booking } from '../../domain/booking/booking.ts';
import type { NewEvent, WaitlistEventData } from '../../domain/event/domain-event.ts';
import type { RepositoryError, StaleVersion } from '../../domain/shared/repository-error.ts';
import type { WaitlistEntry } from '../../domain/waitlist/waitlist-entry.ts';
import type { WaitlistEntryNotFound } from '../../domain/waitlist/waitlist-errors.ts';
import type { Accepted } from '../booking/applied-transition.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';

export type StoreEntryError = WaitlistEntryNotFound | StaleVersion | RepositoryError;

/** What happened to an entry. */
export interface EntryStep extends Accepted {
  readonly action: 'join' | 'offer' | 'accept' | 'return' | 'expire' | 'leave';
  readonly before?: WaitlistEntry;
  readonly after: WaitlistEntry;
  /** The booking that was offered. */
  readonly booking?: Booking;
}

/** Stores a changed entry with its line in the audit trail and its event, in the same transaction. */
export const storeEntry = (uow: UnitOfWork, step: EntryStep): ResultAsync<WaitlistEntry, StoreEntryError> =>
  uow.waitlist.update(step.after).andThen((after) => recordEntry(uow, { ...step, after }));

/** The same of an entry that has been stored already. */
export const recordEntry = (uow: UnitOfWork, step: EntryStep): ResultAsync<WaitlistEntry, RepositoryError> =>
  uow.audit
    .append({
      at: step.at,
      entity: 'waitlist_entry',
      entityId: step.after.id,
      action: step.action,
      from: step.before?.status,
      to: step.after.status,
      bookingId: step.booking?.id ?? step.before?.bookingId,
      candidateId: step.after.candidateId,
      actor: step.actor,
      reason: step.reason,
    })
    .andThen(() => uow.events.append(eventsOf(step)))
    .map(() => step.after);

function eventsOf({ action, after, booking, at, actor, reason }: EntryStep): readonly NewEvent[] {
  const told = {
    aggregate: `waitlist_entry:${after.id}`,
    occurredAt: at.toJSON(),
    actor,
  } as const;
  const data = dataOf(after, reason);
  if (action === 'join') return [{ ...told, type: 'waitlist.joined', data }];
  if (action === 'leave') return [{ ...told, type: 'waitlist.left', data }];
  if (action !== 'offer' || booking === undefined) return [];
  const offer = {
    ...data,
    slotId: booking.slotId,
    bookingId: booking.id,
    ...(booking.expiresAt === undefined ? {} : { expiresAt: booking.expiresAt.toJSON() }),
  };
  return [{ ...told, type: 'waitlist.offered', data: offer }];
}

const dataOf = (
  { id, candidateId, cityId, recruiterId, purpose, from, until }: WaitlistEntry,
  reason: string | undefined,
): WaitlistEventData => ({
  entryId: id,
  candidateId,
  cityId,
  purpose,
  ...(recruiterId === undefined ? {} : { recruiterId }),
  ...(from === undefined ? {} : { from: from.toJSON() }),
  ...(until === undefined ? {} : { until: until.toJSON() }),
  ...(reason === undefined ? {} : { reason }),
});
