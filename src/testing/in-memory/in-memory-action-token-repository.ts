import { ok, type ResultAsync } from 'neverthrow';
import type { BookingNotFound } from '../../domain/booking/booking-errors.ts';
import { parseCandidateId, type CandidateId, type IdInput } from '../../domain/shared/id.ts';
import type { Instant } from '../../domain/shared/instant.ts';
import type { RepositoryError } from '../../domain/shared/repository-error.ts';
import { fail } from '../../domain/shared/fail.ts';
import type { ActionToken, ActionTokenDraft } from '../../domain/token/action-token.ts';
import type { ActionTokenRepository } from '../../domain/token/action-token-repository.ts';
import type { TokenNotFound } from '../../domain/token/token-errors.ts';
import { newTokenSecret, tokenHash } from '../../infrastructure/tokens/token-secret.ts';
import type { InMemoryTransaction } from './in-memory-transaction.ts';

export class InMemoryActionTokenRepository implements ActionTokenRepository {
  readonly #transaction: InMemoryTransaction;

  constructor(transaction: InMemoryTransaction) {
    this.#transaction = transaction;
  }

  issue(draft: ActionTokenDraft, issuedAt: Instant): ResultAsync<string, BookingNotFound | RepositoryError> {
    const token = newTokenSecret();
    return this.#transaction.statement<string, BookingNotFound>(
      'tokens.issue',
      'write',
      ({ tables, nextId, put, refuse }) => {
        const { bookingId } = draft;
        if (bookingId !== undefined && !tables.bookings.has(bookingId))
          return refuse({ type: 'BookingNotFound', id: bookingId });
        const hash = tokenHash(token) ?? '';
        put('tokens', { ...draft, id: nextId('tokens'), hash, issuedAt, usedAt: undefined });
        return ok(token);
      },
    );
  }

  lock(token: string): ResultAsync<ActionToken, TokenNotFound | RepositoryError> {
    const hash = tokenHash(token);
    return this.#transaction.statement<ActionToken, TokenNotFound>('tokens.lock', 'lock', ({ tables }) => {
      const found = [...tables.tokens.values()].find((one) => one.hash === hash);
      return found === undefined ? fail({ type: 'TokenNotFound' }) : ok(found);
    });
  }

  markUsed(id: number, at: Instant): ResultAsync<void, RepositoryError> {
    return this.#transaction.statement('tokens.markUsed', 'write', ({ tables, put }) => {
      const token = tables.tokens.get(id);
      if (token !== undefined) put('tokens', { ...token, usedAt: at });
      return ok();
    });
  }

  forget(candidateId: IdInput<CandidateId>): ResultAsync<void, RepositoryError> {
    return parseCandidateId(candidateId).asyncAndThen((valid) =>
      this.#transaction.statement('tokens.forget', 'write', ({ tables, remove }) => {
        for (const { id, bookingId } of tables.tokens.values())
          if (bookingId !== undefined && tables.bookings.get(bookingId)?.candidateId === valid)
            remove('tokens', id);
        return ok();
      }),
    );
  }

  sweep(olderThanMs: number, limit: number): ResultAsync<number, RepositoryError> {
    return this.#transaction.statement('tokens.sweep', 'write', ({ tables, now, remove }) => {
      const end = now.plus(-olderThanMs);
      const over = [...tables.tokens.values()].filter(({ expiresAt }) => !expiresAt.isAfter(end));
      for (const { id } of over.slice(0, limit)) remove('tokens', id);
      return ok(Math.min(over.length, limit));
    });
  }
}
