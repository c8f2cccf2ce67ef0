import type { CandidateId, CityId, WaitlistEntryId } from '../shared/id.ts';
import type { WaitlistStatus } from './waitlist-entry.ts';

export interface WaitlistEntryNotFound {
  readonly type: 'WaitlistEntryNotFound';
  readonly id: WaitlistEntryId;
}

/** The candidate waits in this city for this purpose already, with other wishes; leave that entry first. */
export interface AlreadyWaiting {
  readonly type: 'AlreadyWaiting';
  readonly candidateId: CandidateId;
  readonly cityId: CityId;
  readonly purpose: string;
}

/** The candidate got a slot by this entry, or let an offer expire: there is nothing left to leave. */
export interface WaitlistEntryEnded {
  readonly type: 'WaitlistEntryEnded';
  readonly id: WaitlistEntryId;
  readonly status: WaitlistStatus;
}
