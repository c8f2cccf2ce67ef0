import { ok, type ResultAsync } from 'neverthrow';
import type { Claim, IdempotencyRecords, KeyedCommand } from '../../application/ports/idempotency-records.ts';
import type { IdempotencyMismatch } from '../../domain/idempotency/idempotency-errors.ts';
import { fail } from '../../domain/shared/fail.ts';
import { parseCandidateId, type CandidateId, type IdInput } from '../../domain/shared/id.ts';
import type { CorruptRecord, RepositoryError } from '../../domain/shared/repository-error.ts';
import { answerFromData, answerToData } from '../../infrastructure/records/answer-record.ts';
import { fingerprintOf } from '../../infrastructure/records/fingerprint.ts';
import type { InMemoryTransaction } from './in-memory-transaction.ts';

/** What is remembered goes through the same JSON as in the database, so that the same answers can be brought back. */
export class InMemoryIdempotencyRecords implements IdempotencyRecords {
  readonly #transaction: InMemoryTransaction;

  constructor(transaction: InMemoryTransaction) {
    this.#transaction = transaction;
  }

  claim(command: KeyedCommand): ResultAsync<Claim, IdempotencyMismatch | RepositoryError> {
    const { key, operation, input, ttlMs } = command;
    const fingerprint = fingerprintOf(operation, input);
    return this.#transaction.statement<Claim, IdempotencyMismatch | CorruptRecord>(
      'idempotency.claim',
      'write',
      ({ tables, now, nextId, put }) => {
        const stored = [...tables.idempotency.values()].find((record) => record.key === key);
        if (stored === undefined || !stored.expiresAt.isAfter(now)) {
          const id = stored?.id ?? nextId('idempotency');
          const expiresAt = now.plus(ttlMs);
          put('idempotency', { id, key, operation, fingerprint, expiresAt, response: undefined });
          return ok({ kind: 'claimed', id });
        }
        if (stored.fingerprint !== fingerprint)
          return fail({ type: 'IdempotencyMismatch', key, operation: stored.operation });
        if (stored.response === undefined)
          return fail({
            type: 'CorruptRecord',
            entity: 'idempotency record',
            message: 'field response is missing or unreadable',
          });
        const { answer } = JSON.parse(stored.response) as { readonly answer?: unknown };
        return answerFromData(answer).map((remembered) => ({ kind: 'answered', answer: remembered }));
      },
    );
  }

  remember(id: number, answer: unknown): ResultAsync<void, RepositoryError> {
    const response = JSON.stringify({ answer: answerToData(answer) });
    return this.#transaction.statement('idempotency.remember', 'write', ({ tables, put }) => {
      const record = tables.idempotency.get(id);
      if (record !== undefined) put('idempotency', { ...record, response });
      return ok();
    });
  }

  forget(candidateId: IdInput<CandidateId>): ResultAsync<void, RepositoryError> {
    return parseCandidateId(candidateId).asyncAndThen((valid) =>
      this.#transaction.statement('idempotency.forget', 'write', ({ tables, remove }) => {
        for (const { id, response } of tables.idempotency.values())
          if (response !== undefined && speaksOf(JSON.parse(response), valid)) remove('idempotency', id);
        return ok();
      }),
    );
  }

  sweep(olderThanMs: number, limit: number): ResultAsync<number, RepositoryError> {
    return this.#transaction.statement('idempotency.sweep', 'write', ({ tables, now, remove }) => {
      const end = now.plus(-olderThanMs);
      const over = [...tables.idempotency.values()].filter(({ expiresAt }) => !expiresAt.isAfter(end));
      for (const { id } of over.slice(0, limit)) remove('idempotency', id);
      return ok(Math.min(over.length, limit));
    });
  }
}

/** Whether a record of an answer names the candidate, or is the candidate, in any depth. */
function speaksOf(data: unknown, candidateId: CandidateId): boolean {
  if (typeof data !== 'object' || data === null) return false;
  const { $kind, record, candidate_id: named } = data as Readonly<Record<string, unknown>>;
  const own = $kind === 'candidate' && (record as { readonly id?: unknown } | undefined)?.id === candidateId;
  return own || named === candidateId || Object.values(data).some((part) => speaksOf(part, candidateId));
}
