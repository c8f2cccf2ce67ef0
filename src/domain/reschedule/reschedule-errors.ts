import type { BookingId, RescheduleRequestId } from '../shared/id.ts';
import type { RescheduleState } from './reschedule-state.ts';

export interface RescheduleNotFound {
  readonly type: 'RescheduleNotFound';
  readonly id: RescheduleRequestId;
}

/** Another request to reschedule this booking waits for a decision. */
export interface ReschedulePending {
  readonly type: 'ReschedulePending';
  readonly bookingId: BookingId;
}

/** The request waits for nobody any more. */
export interface RescheduleDecided {
  readonly type: 'RescheduleDecided';
  readonly requestId: RescheduleRequestId;
  readonly state: RescheduleState;
}
