import { Result, type ResultAsync } from 'neverthrow';
import type { AuditedEntity, AuditEntry, NewAuditEntry } from '../../../domain/audit/audit-entry.ts';
import { parseCandidateId, type CandidateId, type IdInput } from '../../../domain/shared/id.ts';
import {
  parseSubject,
  type AuditRepository,
  type AuditSubject,
} from '../../../domain/audit/audit-repository.ts';
import { parseCorrelationId } from '../../../domain/shared/correlation-id.ts';
import { pageById, parsePageById, type Page, type PageRequest } from '../../../domain/shared/page.ts';
import type { RepositoryError } from '../../../domain/shared/repository-error.ts';
import { auditColumns, auditEntryFromRecord } from '../../records/audit-record.ts';
import type { Db } from '../rows/tables.ts';
import { decodeAll } from './answers.ts';
import { countIfWanted } from './count-if-wanted.ts';
import type { RepositoryContext } from './entity-rows.ts';
import { inBatches, ROWS_PER_STATEMENT } from './in-batches.ts';

export class MikroOrmAuditRepository implements AuditRepository {
  readonly #context: RepositoryContext;

  constructor(context: RepositoryContext) {
    this.#context = context;
  }

  append(entry: NewAuditEntry): ResultAsync<AuditEntry, RepositoryError> {
    const { session, correlationId } = this.#context;
    return parseCorrelationId(correlationId).asyncAndThen((correlated) =>
      session
        .run('audit.append', 'write', (db) =>
          db
            .insertInto('audit_entry')
            .values(auditColumns(entry, correlated))
            .returningAll()
            .executeTakeFirstOrThrow(),
        )
        .andThen(auditEntryFromRecord),
    );
  }

  appendMany(entries: readonly NewAuditEntry[]): ResultAsync<void, RepositoryError> {
    const { session, correlationId } = this.#context;
    return parseCorrelationId(correlationId)
      .asyncAndThen((correlated) =>
        inBatches(entries, ROWS_PER_STATEMENT, (batch) =>
          session
            .run('audit.appendMany', 'write', (db) =>
              db
                .insertInto('audit_entry')
                .values(batch.map((entry) => auditColumns(entry, correlated)))
                .execute(),
            )
            .map(() => []),
        ),
      )
      .map(() => undefined);
  }

  listFor(subject: AuditSubject, page?: PageRequest): ResultAsync<Page<AuditEntry>, RepositoryError> {
    return Result.combine([parseSubject(subject), parsePageById(page)]).asyncAndThen(
      ([{ entity, id }, position]) =>
        this.#context.session
          .run('audit.listFor', 'read', (db) =>
            entriesOf(db, entity, id)
              .selectAll()
              .where('id', '>', position.afterId)
              .orderBy('id')
              .limit(position.limit + 1)
              .offset(position.skip)
              .execute(),
          )
          .andThen(decodeAll(auditEntryFromRecord))
          .andThen((entries) =>
            countIfWanted(this.#context.session, position, 'audit.count', (db) =>
              entriesOf(db, entity, id),
            ).map((total) => pageById(entries, position, total)),
          ),
    );
  }

  forgetReasons(candidateId: IdInput<CandidateId>): ResultAsync<void, RepositoryError> {
    return parseCandidateId(candidateId).asyncAndThen((valid) =>
      this.#context.session
        .run('audit.forgetReasons', 'write', (db) =>
          db
            .updateTable('audit_entry')
            .set({ reason: null })
            .where('candidate_id', '=', valid)
            .where('reason', 'is not', null)
            .execute(),
        )
        .map(() => undefined),
    );
  }
}

const entriesOf = (db: Db, entity: AuditedEntity, id: number) =>
  db.selectFrom('audit_entry').where('entity', '=', entity).where('entity_id', '=', id);
