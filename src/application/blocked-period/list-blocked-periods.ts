import type { ResultAsync } from 'neverthrow';
import type { BlockedPeriodFilter } from '../../domain/blocked-period/blocked-period-repository.ts';
import type { BlockedPeriod } from '../../domain/blocked-period/blocked-period.ts';
import type { Page, PageRequest } from '../../domain/shared/page.ts';
import type { RepositoryError } from '../../domain/shared/repository-error.ts';
import type { TransactionError } from '../ports/unit-of-work.ts';
import type { UseCaseContext, UseCaseOptions } from '../use-case.ts';

export type ListBlockedPeriodsError = RepositoryError | TransactionError;

/** Blocked periods by ascending id, those that are over too unless `after` says otherwise. Never cached. */
export const listBlockedPeriods =
  ({ transaction }: UseCaseContext) =>
  (
    filter: BlockedPeriodFilter = {},
    page: PageRequest = {},
    { uow }: UseCaseOptions = {},
  ): ResultAsync<Page<BlockedPeriod>, ListBlockedPeriodsError> =>
    uow === undefined
      ? transaction((own) => own.blockedPeriods.list(filter, page), { readOnly: true })
      : uow.blockedPeriods.list(filter, page);
