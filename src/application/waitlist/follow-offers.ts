import { okAsync, ResultAsync } from 'neverthrow';
import type { BookingCommand } from '../../domain/booking/booking-transitions.ts';
import type { RepositoryError, StaleVersion } from '../../domain/shared/repository-error.ts';
import { changeEntry, type WaitlistEntry } from '../../domain/waitlist/waitlist-entry.ts';
import type { AppliedMove } from '../booking/applied-transition.ts';
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

/** Takes entries of the waiting list along when the bookings that were offered to them are answered or end. */
export function followOffers(
  uow: UnitOfWork,
  moves: readonly AppliedMove[],
): ResultAsync<void, FollowOfferError> {
  const answered = new Map(
    moves
      .filter(({ before }) => before.booking.state === 'offered')
      .map((move) => [move.before.booking.id, move]),
  );
  if (answered.size === 0) return okAsync(undefined);
  // Most offers are made by a recruiter and not from a waiting list.
  return uow.waitlist
    .lockOffered([...answered.keys()])
    .andThen((entries) =>
      ResultAsync.combine(
        entries.flatMap((entry) => {
          const move = entry.bookingId === undefined ? undefined : answered.get(entry.bookingId);
          return move === undefined ? [] : [follow(uow, entry, move)];
        }),
      ),
    )
    .map(() => undefined);
}

function follow(
  uow: UnitOfWork,
  entry: WaitlistEntry,
  { command, at, actor, reason }: AppliedMove,
): ResultAsync<void, FollowOfferError> {
  const consequence = consequences[command];
  if (consequence === undefined) return okAsync(undefined);
  const { action, to } = consequence;
  const after = changeEntry(entry, to === 'waiting' ? { to } : { to, at });
  return storeEntry(uow, { action, before: entry, after, at, actor, reason })
    .map(() => undefined)
    .mapErr(lockedRowsStay);
}
