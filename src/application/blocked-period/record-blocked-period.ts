import type { ResultAsync } from 'neverthrow';
import type { BlockedPeriod } from '../../domain/blocked-period/blocked-period.ts';
import type { RepositoryError } from '../../domain/shared/repository-error.ts';
import type { Accepted } from '../booking/applied-transition.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';

/** Writes down that a period was blocked, or is no longer. */
export const recordBlockedPeriod = (
  uow: UnitOfWork,
  action: 'block' | 'unblock',
  { id, recruiterId, cityId, startsAt, endsAt, reason }: BlockedPeriod,
  { at, actor }: Accepted,
): ResultAsync<void, RepositoryError> =>
  uow.audit
    .append({
      at,
      actor,
      action,
      entity: 'blocked_period',
      entityId: id,
      ...(action === 'block' ? { to: 'blocked', reason } : { from: 'blocked' }),
      data: {
        ...(recruiterId === undefined ? {} : { recruiterId }),
        ...(cityId === undefined ? {} : { cityId }),
        startsAt: startsAt.toJSON(),
        endsAt: endsAt.toJSON(),
      },
    })
    .map(() => undefined);
