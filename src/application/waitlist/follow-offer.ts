import { okAsync, type ResultAsync } from 'neverthrow';
import type { BookingCommand } from '../../domain/booking/booking-transitions.ts';
import type { RepositoryError, StaleVersion } from '../../domain/shared/repository-error.ts';
import { changeEntry } from '../../domain/waitlist/waitlist-entry.ts';
import type { AppliedTransition } from '../booking/applied-transition.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import { storeEntry, type EntryStep, type StoreEntryError } from './store-entry.ts';

export type FollowOfferError = StaleVersion | RepositoryError;

/**
 * What the end of an offer means for whoever it was made to. Somebody who declines has answered and keeps their place;
 * somebody who does not answer would keep every slot from those behind them, so they have to join again.
 */
const consequences: Partial<
  Readonly<Record<BookingCommand, Pick<EntryStep, 'action'> & { to: 'accepted' | 'waiting' | 'expired' }>>
> = {
  acceptOffer: { action: 'accept', to: 'accepted' },
  declineOffer: { action: 'return', to: 'waiting' },
  retractOffer: { action: 'return', to: 'waiting' },
  withdrawOccupied: { action: 'return', to: 'waiting' },
  expire: { action: 'expire', to: 'expired' },
};

/** Nobody can delete a row that is locked. */
const lockedRowsStay = (error: StoreEntryError): FollowOfferError =>
  error.type === 'WaitlistEntryNotFound'
    ? { type: 'CorruptRecord', entity: 'waitlist entry', message: 'it went away while it was locked' }
    : error;

/** Takes an entry of the waiting list along when the booking that was offered to it is answered or ends. */
export function followOffer(
  uow: UnitOfWork,
  { command, before, at, actor, reason }: AppliedTransition,
): ResultAsync<void, FollowOfferError> {
  const consequence = consequences[command];
  const { booking } = before;
  if (booking?.state !== 'offered' || consequence === undefined) return okAsync(undefined);
  const { action, to } = consequence;
  return uow.waitlist.lockOffered(booking.id).andThen((entry) => {
    // Most offers are made by a recruiter and not from a waiting list.
    if (entry === undefined) return okAsync(undefined);
    const after = changeEntry(entry, to === 'waiting' ? { to } : { to, at });
    return storeEntry(uow, { action, before: entry, after, at, actor, reason })
      .map(() => undefined)
      .mapErr(lockedRowsStay);
  });
}
