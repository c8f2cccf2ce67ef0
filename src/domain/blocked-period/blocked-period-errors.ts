import type { BlockedPeriod } from './blocked-period.ts';
import type { BlockedPeriodId } from '../shared/id.ts';
import type { Instant } from '../shared/instant.ts';

/** The slot would lie in a blocked period, buffers included. */
export interface PeriodBlocked {
  readonly type: 'PeriodBlocked';
  readonly periodId: BlockedPeriodId;
  readonly startsAt: Instant;
  readonly endsAt: Instant;
}

export interface BlockedPeriodNotFound {
  readonly type: 'BlockedPeriodNotFound';
  readonly id: BlockedPeriodId;
}

export const periodBlocked = ({ id, startsAt, endsAt }: BlockedPeriod): PeriodBlocked => ({
  type: 'PeriodBlocked',
  periodId: id,
  startsAt,
  endsAt,
});
