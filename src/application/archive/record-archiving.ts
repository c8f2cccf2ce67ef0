import type { ResultAsync } from 'neverthrow';
import type { AuditedEntity } from '../../domain/audit/audit-entry.ts';
import type { RepositoryError } from '../../domain/shared/repository-error.ts';
import type { Accepted } from '../booking/applied-transition.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';

/** Writes down that something was taken out of use, or into use again. */
export const recordArchiving = <T extends { readonly id: number }>(
  uow: UnitOfWork,
  entity: Extract<AuditedEntity, 'recruiter' | 'city'>,
  action: 'archive' | 'restore',
  changed: T,
  { at, actor, reason }: Accepted,
): ResultAsync<T, RepositoryError> => {
  const states = ['active', 'archived'] as const;
  const [from, to] = action === 'archive' ? states : states.toReversed();
  return uow.audit
    .append({ at, entity, entityId: changed.id, action, from, to, actor, reason })
    .map(() => changed);
};
