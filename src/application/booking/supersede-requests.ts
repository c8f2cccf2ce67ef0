import { errAsync, okAsync, ResultAsync } from 'neverthrow';
import { isLive, type BookingState } from '../../domain/booking/booking-state.ts';
import { transitions } from '../../domain/booking/booking-transitions.ts';
import type { RescheduleRequest } from '../../domain/reschedule/reschedule-request.ts';
import type { RepositoryError, StaleVersion } from '../../domain/shared/repository-error.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import { entryOfRequest } from '../reschedule/record-request.ts';
import type { AppliedMove } from './applied-transition.ts';

/** A booking in any other state was never asked to move. */
const movable: readonly BookingState[] = transitions.move.booking.from;

/** Ends the requests to reschedule bookings that have ended themselves; one query where there can be any. */
export function supersedeRequests(
  uow: UnitOfWork,
  moves: readonly AppliedMove[],
): ResultAsync<void, StaleVersion | RepositoryError> {
  const ended = new Map(
    moves
      .filter(({ before, after }) => movable.includes(before.booking.state) && !isLive(after.booking.state))
      .map((move) => [move.before.booking.id, move]),
  );
  if (ended.size === 0) return okAsync(undefined);
  return uow.reschedules
    .listPendingOf([...ended.keys()])
    .andThen((pending) =>
      ResultAsync.combine(
        pending.flatMap((request) => {
          const move = ended.get(request.bookingId);
          return move === undefined ? [] : [supersede(uow, request, move)];
        }),
      ),
    )
    .map(() => undefined);
}

function supersede(
  uow: UnitOfWork,
  pending: RescheduleRequest,
  { before: _before, after, ...by }: AppliedMove,
): ResultAsync<void, StaleVersion | RepositoryError> {
  const superseded = pending.decide('superseded', by);
  if (superseded.isErr()) return okAsync(undefined);
  return uow.reschedules
    .update(superseded.value)
    .andThen((request) =>
      uow.audit.append(entryOfRequest({ ...by, request, standing: after, action: 'supersede' })),
    )
    .map(() => undefined)
    .orElse((error) => (error.type === 'RescheduleNotFound' ? okAsync(undefined) : errAsync(error)));
}
