import { errAsync, type ResultAsync } from 'neverthrow';
import type { BookingNotFound } from '../../../domain/booking/booking-errors.ts';
import {
  parseCandidateId,
  type BookingId,
  type CandidateId,
  type IdInput,
} from '../../../domain/shared/id.ts';
import type { Instant } from '../../../domain/shared/instant.ts';
import { present } from '../../../domain/shared/present.ts';
import type { RepositoryError } from '../../../domain/shared/repository-error.ts';
import type { ActionToken, ActionTokenDraft } from '../../../domain/token/action-token.ts';
import type { ActionTokenRepository } from '../../../domain/token/action-token-repository.ts';
import type { TokenNotFound } from '../../../domain/token/token-errors.ts';
import { actionTokenFromRecord } from '../../records/action-token-record.ts';
import { newTokenSecret, tokenHash } from '../../tokens/token-secret.ts';
import { decodeOptional, onConstraint } from './answers.ts';
import type { RepositoryContext } from './entity-rows.ts';
import { sweepRows } from './sweep-rows.ts';

const notFound: TokenNotFound = { type: 'TokenNotFound' };

export class MikroOrmActionTokenRepository implements ActionTokenRepository {
  readonly #session: RepositoryContext['session'];

  constructor({ session }: RepositoryContext) {
    this.#session = session;
  }

  issue(
    { action, bookingId, data, expiresAt }: ActionTokenDraft,
    issuedAt: Instant,
  ): ResultAsync<string, BookingNotFound | RepositoryError> {
    const token = newTokenSecret();
    return this.#session
      .run('tokens.issue', 'write', (db) =>
        db
          .insertInto('action_token')
          .values({
            token_hash: tokenHash(token) ?? '',
            action,
            booking_id: bookingId ?? null,
            data: JSON.stringify(data),
            issued_at: issuedAt.toJSON(),
            expires_at: expiresAt.toJSON(),
          })
          .execute(),
      )
      .map(() => token)
      .mapErr(
        onConstraint<BookingNotFound>({
          action_token_booking_fk: { type: 'BookingNotFound', id: bookingId as BookingId },
        }),
      );
  }

  lock(token: string): ResultAsync<ActionToken, TokenNotFound | RepositoryError> {
    const hash = tokenHash(token);
    if (hash === undefined) return errAsync(notFound);
    return this.#session
      .run('tokens.lock', 'write', (db) =>
        db
          .selectFrom('action_token')
          .selectAll()
          .where('token_hash', '=', hash)
          .forUpdate()
          .executeTakeFirst(),
      )
      .andThen(decodeOptional(actionTokenFromRecord))
      .andThen(present(notFound));
  }

  markUsed(id: number, at: Instant): ResultAsync<void, RepositoryError> {
    return this.#session
      .run('tokens.markUsed', 'write', (db) =>
        db.updateTable('action_token').set({ used_at: at.toJSON() }).where('id', '=', id).execute(),
      )
      .map(() => undefined);
  }

  forget(candidateId: IdInput<CandidateId>): ResultAsync<void, RepositoryError> {
    return parseCandidateId(candidateId).asyncAndThen((valid) =>
      this.#session
        .run('tokens.forget', 'write', (db) =>
          db
            .deleteFrom('action_token')
            .where('booking_id', 'in', (eb) =>
              eb.selectFrom('booking').select('booking.id').where('booking.candidate_id', '=', valid),
            )
            .execute(),
        )
        .map(() => undefined),
    );
  }

  sweep(olderThanMs: number, limit: number): ResultAsync<number, RepositoryError> {
    return this.#session.run('tokens.sweep', 'write', (db) =>
      sweepRows(db, { table: 'action_token', since: 'expires_at' }, olderThanMs, limit),
    );
  }
}
