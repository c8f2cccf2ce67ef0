import { ok, type Result, type ResultAsync } from 'neverthrow';
import type { CandidateId, IdInput } from '../shared/id.ts';
import { parseObject } from '../shared/input.ts';
import type { Page, PageRequest } from '../shared/page.ts';
import type { RepositoryError } from '../shared/repository-error.ts';
import { invalid, type ValidationError } from '../shared/validation-error.ts';
import { auditedEntities, type AuditedEntity, type AuditEntry, type NewAuditEntry } from './audit-entry.ts';

/** What an entry is about. */
export interface AuditSubject {
  readonly entity: AuditedEntity;
  readonly id: number;
}

export const parseSubject = (subject: AuditSubject): Result<AuditSubject, ValidationError> =>
  parseObject(subject, 'subject').andThen(({ entity, id }) => {
    if (!auditedEntities.includes(entity))
      return invalid('subject.entity', `must be one of ${auditedEntities.join(', ')}`);
    return Number.isSafeInteger(id) && id > 0
      ? ok({ entity, id })
      : invalid('subject.id', 'must be a positive integer');
  });

/** Reads of the audit trail. */
export type AuditReader = Pick<AuditRepository, 'listFor'>;

/** The audit trail: entries are added and read, never changed but when a candidate is erased. Nothing of it is cached. */
export interface AuditRepository {
  append(entry: NewAuditEntry): ResultAsync<AuditEntry, RepositoryError>;
  /** Adds many in their order, 1,000 to a statement. */
  appendMany(entries: readonly NewAuditEntry[]): ResultAsync<void, RepositoryError>;
  /** Everything that happened to one entity, in the order it was written. */
  listFor(subject: AuditSubject, page?: PageRequest): ResultAsync<Page<AuditEntry>, RepositoryError>;
  /** Removes what people wrote in the entries that name the candidate: the one thing that is ever taken away. */
  forgetReasons(candidateId: IdInput<CandidateId>): ResultAsync<void, RepositoryError>;
}
