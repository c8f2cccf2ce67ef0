import type { ResultAsync } from 'neverthrow';
import type { NewAuditEntry } from '../../domain/audit/audit-entry.ts';
import type { Standing } from '../../domain/booking/transition-booking.ts';
import type { EventData, NewEvent, RescheduleEventData } from '../../domain/event/domain-event.ts';
import type { RescheduleRequest } from '../../domain/reschedule/reschedule-request.ts';
import type { RepositoryError } from '../../domain/shared/repository-error.ts';
import type { Accepted } from '../booking/applied-transition.ts';
import { bookingData } from '../booking/events-of-transition.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';

/** What was done with a request to reschedule, as it is stored by then. */
export interface RequestStep extends Accepted {
  readonly request: RescheduleRequest;
  /** The booking it is about, and its slot. */
  readonly standing: Standing;
  readonly action: 'request' | 'propose' | 'approve' | 'decline' | 'supersede';
}

const told = {
  request: 'reschedule.requested',
  propose: 'reschedule.proposed',
  approve: 'reschedule.approved',
  decline: 'reschedule.declined',
} as const satisfies Readonly<Record<Exclude<RequestStep['action'], 'supersede'>, keyof EventData>>;

/** Writes down a step and tells others of it; a booking that ends tells of that itself. */
export const recordRequest = (
  uow: UnitOfWork,
  step: RequestStep & { readonly action: keyof typeof told },
): ResultAsync<RescheduleRequest, RepositoryError> =>
  uow.audit
    .append(entryOfRequest(step))
    .andThen(() => uow.events.append([eventOf(step)]))
    .map(() => step.request);

export const entryOfRequest = ({
  request,
  standing,
  action,
  at,
  actor,
  reason,
}: RequestStep): NewAuditEntry => ({
  at,
  entity: 'reschedule_request',
  entityId: request.id,
  action,
  from: action === 'request' ? undefined : 'pending',
  to: request.state,
  bookingId: request.bookingId,
  candidateId: standing.booking.candidateId,
  actor,
  reason,
  data: {
    awaiting: request.awaiting,
    ...(request.slotId === undefined ? {} : { slotId: request.slotId }),
  },
});

function eventOf({
  request,
  standing,
  action,
  at,
  actor,
  reason,
}: RequestStep & { readonly action: keyof typeof told }): NewEvent {
  const { slotId, from, until, comment } = request;
  const data: RescheduleEventData = {
    ...bookingData(standing.slot, standing.booking, reason),
    requestId: request.id,
    awaiting: request.awaiting,
    ...(slotId === undefined ? {} : { wantedSlotId: slotId }),
    ...(from === undefined ? {} : { from: from.toJSON() }),
    ...(until === undefined ? {} : { until: until.toJSON() }),
    ...(comment === undefined ? {} : { comment }),
  };
  // Told after what happened to the slot before.
  const aggregate = `slot:${standing.slot.id}`;
  return { type: told[action], aggregate, occurredAt: at.toJSON(), actor, data };
}
