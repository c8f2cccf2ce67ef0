import { errAsync, okAsync, type ResultAsync } from 'neverthrow';
import { isLive, type BookingState } from '../../domain/booking/booking-state.ts';
import { transitions } from '../../domain/booking/booking-transitions.ts';
import type { Standing } from '../../domain/booking/transition-booking.ts';
import type { RepositoryError, StaleVersion } from '../../domain/shared/repository-error.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import { entryOfRequest } from '../reschedule/record-request.ts';
import type { AppliedTransition } from './applied-transition.ts';

/** A booking in any other state was never asked to move. */
const movable: readonly BookingState[] = transitions.move.booking.from;

/** Ends the request to reschedule a booking that has ended itself; one query where there can be one. */
export function supersedeRequest(
  uow: UnitOfWork,
  { before, after, ...by }: AppliedTransition & { readonly before: Standing; readonly after: Standing },
): ResultAsync<void, StaleVersion | RepositoryError> {
  if (isLive(after.booking.state) || !movable.includes(before.booking.state)) return okAsync(undefined);
  return uow.reschedules.findPending(before.booking.id).andThen((pending) => {
    const superseded = pending?.decide('superseded', by);
    if (superseded === undefined || superseded.isErr()) return okAsync(undefined);
    return uow.reschedules
      .update(superseded.value)
      .andThen((request) =>
        uow.audit.append(entryOfRequest({ ...by, request, standing: after, action: 'supersede' })),
      )
      .map(() => undefined)
      .orElse((error) => (error.type === 'RescheduleNotFound' ? okAsync(undefined) : errAsync(error)));
  });
}
