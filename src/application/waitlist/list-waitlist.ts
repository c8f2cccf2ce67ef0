import type { ResultAsync } from 'neverthrow';
import type { Page, PageRequest } from '../../domain/shared/page.ts';
import type { RepositoryError } from '../../domain/shared/repository-error.ts';
import type { WaitlistEntry } from '../../domain/waitlist/waitlist-entry.ts';
import type { WaitlistFilter } from '../../domain/waitlist/waitlist-repository.ts';
import type { TransactionError } from '../ports/unit-of-work.ts';
import { inUnitOfWork, type UseCaseContext, type UseCaseOptions } from '../use-case.ts';

export type ListWaitlistError = RepositoryError | TransactionError;

/** Entries by the order of the queue, live ones and history. Never cached. */
export const listWaitlist =
  (context: UseCaseContext) =>
  (
    filter?: WaitlistFilter,
    page?: PageRequest,
    options: UseCaseOptions = {},
  ): ResultAsync<Page<WaitlistEntry>, ListWaitlistError> =>
    inUnitOfWork(context, options, (uow) => uow.waitlist.list(filter, page));
