import { ok, Result, type ResultAsync } from 'neverthrow';
import type { AuditEntry, NewAuditEntry } from '../../domain/audit/audit-entry.ts';
import { parseCandidateId, type CandidateId, type IdInput } from '../../domain/shared/id.ts';
import {
  parseSubject,
  type AuditRepository,
  type AuditSubject,
} from '../../domain/audit/audit-repository.ts';
import { parseCorrelationId } from '../../domain/shared/correlation-id.ts';
import { parsePageById, type Page, type PageRequest } from '../../domain/shared/page.ts';
import type { RepositoryError } from '../../domain/shared/repository-error.ts';
import { cutById } from './cut-page.ts';
import type { InMemoryTransaction } from './in-memory-transaction.ts';

export class InMemoryAuditRepository implements AuditRepository {
  readonly #transaction: InMemoryTransaction;

  constructor(transaction: InMemoryTransaction) {
    this.#transaction = transaction;
  }

  append(entry: NewAuditEntry): ResultAsync<AuditEntry, RepositoryError> {
    return parseCorrelationId(this.#transaction.correlationId).asyncAndThen(() =>
      this.#transaction.statement('audit.append', 'write', ({ nextId, put }) =>
        ok(put('audit', this.#stored(entry, nextId('audit')))),
      ),
    );
  }

  appendMany(entries: readonly NewAuditEntry[]): ResultAsync<void, RepositoryError> {
    return parseCorrelationId(this.#transaction.correlationId).asyncAndThen(() =>
      this.#transaction.statement('audit.appendMany', 'write', ({ nextId, putAll }) => {
        putAll(
          'audit',
          entries.map((entry) => this.#stored(entry, nextId('audit'))),
        );
        return ok();
      }),
    );
  }

  listFor(subject: AuditSubject, page?: PageRequest): ResultAsync<Page<AuditEntry>, RepositoryError> {
    return Result.combine([parseSubject(subject), parsePageById(page)]).asyncAndThen(
      ([{ entity, id }, position]) =>
        this.#transaction.statement('audit.listFor', 'read', ({ tables }) => {
          const found = [...tables.audit.values()].filter(
            (entry) => entry.entity === entity && entry.entityId === id,
          );
          return ok(cutById(found, position));
        }),
    );
  }

  forgetReasons(candidateId: IdInput<CandidateId>): ResultAsync<void, RepositoryError> {
    return parseCandidateId(candidateId).asyncAndThen((id) =>
      this.#transaction.statement('audit.forgetReasons', 'write', ({ tables, put }) => {
        for (const entry of tables.audit.values())
          if (entry.candidateId === id) put('audit', { ...entry, reason: undefined });
        return ok();
      }),
    );
  }

  #stored(entry: NewAuditEntry, id: number): AuditEntry {
    const { correlationId } = this.#transaction;
    return { ...blank, ...entry, data: entry.data ?? {}, id, correlationId };
  }
}

/** What an entry may leave out is there as `undefined`, as it is when it is read from a row. */
const blank = {
  from: undefined,
  to: undefined,
  bookingId: undefined,
  bookingFrom: undefined,
  bookingTo: undefined,
  candidateId: undefined,
  reason: undefined,
} as const;
