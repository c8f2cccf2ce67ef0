import { err, errAsync, okAsync, type Result, type ResultAsync } from 'neverthrow';
import type {
  Claim,
  IdempotencyRecords,
  KeyedCommand,
} from '../../../application/ports/idempotency-records.ts';
import type { IdempotencyMismatch } from '../../../domain/idempotency/idempotency-errors.ts';
import { parseCandidateId, type CandidateId, type IdInput } from '../../../domain/shared/id.ts';
import type { CorruptRecord, RepositoryError } from '../../../domain/shared/repository-error.ts';
import { answerFromData, answerToData } from '../../records/answer-record.ts';
import { fingerprintOf } from '../../records/fingerprint.ts';
import { readRecord } from '../../records/record-reader.ts';
import type { Db } from '../rows/tables.ts';
import type { RepositoryContext } from './entity-rows.ts';
import { laterThanNow } from './later-than-now.ts';
import { sweepRows } from './sweep-rows.ts';

/** A record that names the candidate, or the candidate itself, in any depth of an answer. */
const spokenOf = '$.** ? (@.candidate_id == $id || (@."$kind" == "candidate" && @.record.id == $id))';

interface Stored {
  readonly id: number;
  readonly operation: string;
  readonly fingerprint: string;
  readonly answer: unknown;
}

/** The record may be swept up between finding out that it is there and reading it, but not for ever. */
const ATTEMPTS = 3;

export class MikroOrmIdempotencyRecords implements IdempotencyRecords {
  readonly #session: RepositoryContext['session'];

  constructor({ session }: RepositoryContext) {
    this.#session = session;
  }

  claim(command: KeyedCommand): ResultAsync<Claim, IdempotencyMismatch | RepositoryError> {
    return this.#claim(command, fingerprintOf(command.operation, command.input), ATTEMPTS);
  }

  remember(id: number, answer: unknown): ResultAsync<void, RepositoryError> {
    const response = JSON.stringify({ answer: answerToData(answer) });
    return this.#session
      .run('idempotency.remember', 'write', (db) =>
        db.updateTable('idempotency_record').set({ response }).where('id', '=', id).execute(),
      )
      .map(() => undefined);
  }

  /** Looks into every answer that is remembered: there are those of a day, and erasing is rare. */
  forget(candidateId: IdInput<CandidateId>): ResultAsync<void, RepositoryError> {
    return parseCandidateId(candidateId).asyncAndThen((valid) =>
      this.#session
        .run('idempotency.forget', 'write', (db) =>
          db
            .deleteFrom('idempotency_record')
            .where((eb) =>
              eb.fn<boolean>('jsonb_path_exists', [
                'response',
                eb.val(spokenOf),
                eb.val(JSON.stringify({ id: valid })),
              ]),
            )
            .execute(),
        )
        .map(() => undefined),
    );
  }

  sweep(olderThanMs: number, limit: number): ResultAsync<number, RepositoryError> {
    return this.#session.run('idempotency.sweep', 'write', (db) =>
      sweepRows(db, { table: 'idempotency_record', since: 'expires_at' }, olderThanMs, limit),
    );
  }

  /** The insert waits for whoever has inserted the key and not ended yet; what they did is read afterwards. */
  #claim(
    command: KeyedCommand,
    fingerprint: string,
    attempts: number,
  ): ResultAsync<Claim, IdempotencyMismatch | RepositoryError> {
    return this.#session
      .run('idempotency.claim', 'write', (db) => insertOrRenew(db, command, fingerprint))
      .andThen((claimed): ResultAsync<Claim, IdempotencyMismatch | RepositoryError> => {
        if (claimed !== undefined) return okAsync({ kind: 'claimed', id: Number(claimed.id) });
        return this.#session
          .run('idempotency.claim', 'read', (db) =>
            db.selectFrom('idempotency_record').selectAll().where('key', '=', command.key).executeTakeFirst(),
          )
          .andThen((row): ResultAsync<Claim, IdempotencyMismatch | RepositoryError> => {
            if (row !== undefined)
              return read(row)
                .andThen((stored) => answered(stored, command, fingerprint))
                .asyncAndThen((claim) => okAsync(claim));
            return attempts > 1 ? this.#claim(command, fingerprint, attempts - 1) : errAsync(restless);
          });
      });
  }
}

/** One statement, so that of two who find the key expired only one gets it. */
const insertOrRenew = (db: Db, { key, operation, ttlMs }: KeyedCommand, fingerprint: string) =>
  db
    .insertInto('idempotency_record')
    .values({ key, operation, fingerprint, expires_at: laterThanNow(db, ttlMs) })
    .onConflict((conflict) =>
      conflict
        .column('key')
        .doUpdateSet((eb) => ({
          operation: eb.ref('excluded.operation'),
          fingerprint: eb.ref('excluded.fingerprint'),
          expires_at: eb.ref('excluded.expires_at'),
          created_at: eb.fn<string>('clock_timestamp'),
          response: null,
        }))
        .where('idempotency_record.expires_at', '<=', (eb) => eb.fn<string>('clock_timestamp')),
    )
    .returning('id')
    .executeTakeFirst();

const read = (row: unknown): Result<Stored, CorruptRecord> =>
  readRecord('idempotency record', row, (reader) => ({
    id: reader.integer('id'),
    operation: reader.text('operation'),
    fingerprint: reader.text('fingerprint'),
    // Nobody else sees a record before its command has answered.
    answer: reader.json('response')['answer'],
  }));

const answered = (
  stored: Stored,
  { key }: KeyedCommand,
  fingerprint: string,
): Result<Claim, IdempotencyMismatch | CorruptRecord> =>
  stored.fingerprint === fingerprint
    ? answerFromData(stored.answer).map((answer) => ({ kind: 'answered', answer }))
    : err({ type: 'IdempotencyMismatch', key, operation: stored.operation });

const restless: RepositoryError = {
  type: 'Database',
  operation: 'idempotency.claim',
  message: 'the key appeared and vanished again and again',
  retryable: true,
  cause: undefined,
};
