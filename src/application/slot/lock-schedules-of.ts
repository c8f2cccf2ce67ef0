import type { ResultAsync } from 'neverthrow';
import type { RecruiterId, SlotId } from '../../domain/shared/id.ts';
import type { RepositoryError } from '../../domain/shared/repository-error.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';

/**
 * Waits for other bulk changes of the recruiters whose slots these are. Who that is may change until the slots
 * themselves are locked; then the lock is of no use to this change, and the guards still hold.
 */
export const lockSchedulesOf = (
  uow: UnitOfWork,
  slotIds: readonly SlotId[],
  ...others: readonly RecruiterId[]
): ResultAsync<void, RepositoryError> =>
  uow.slots
    .getMany(slotIds)
    .andThen((slots) =>
      uow.slots.lockSchedules([...others, ...[...slots.values()].map(({ recruiterId }) => recruiterId)]),
    );
