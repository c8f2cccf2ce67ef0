import { okAsync, type Result, type ResultAsync } from 'neverthrow';
import { anchorsOfCandidate } from '../../../application/caching/anchors.ts';
import type { CandidateNotFound, TelegramIdTaken } from '../../../domain/candidate/candidate-errors.ts';
import type {
  CandidateFilter,
  AddCandidateError,
  CandidateRepository,
  UpsertedCandidate,
} from '../../../domain/candidate/candidate-repository.ts';
import {
  draftCandidate,
  draftTelegramCandidate,
  type Candidate,
  type NewCandidate,
  type TelegramCandidate,
  type TelegramCandidateDraft,
} from '../../../domain/candidate/candidate.ts';
import type { AddManyOptions, ItemsRefused } from '../../../domain/shared/bulk.ts';
import { parseCandidateId, type CandidateId, type IdInput } from '../../../domain/shared/id.ts';
import type { Page, PageRequest } from '../../../domain/shared/page.ts';
import type {
  RepositoryError,
  StaleVersion,
  StillReferenced,
} from '../../../domain/shared/repository-error.ts';
import { present } from '../../../domain/shared/present.ts';
import { parseTelegramId, type TelegramId } from '../../../domain/shared/telegram-id.ts';
import type { InvalidTimeZone } from '../../../domain/shared/time-zone.ts';
import {
  candidateColumns,
  candidateFromRecord,
  telegramCandidateColumns,
} from '../../records/candidate-record.ts';
import type { Db } from '../rows/tables.ts';
import { addDistinct } from './add-distinct.ts';
import { onConstraint } from './answers.ts';
import { checkedCandidate } from './checked-entities.ts';
import { EntityRows, type RepositoryContext } from './entity-rows.ts';
import { lockBulkWrites } from './lock-bulk-writes.ts';
import { parseAddMany } from './parse-add-many.ts';

const columns = [
  'id',
  'full_name',
  'telegram_id',
  'username',
  'phone',
  'time_zone',
  'active',
  'version',
] as const;

export class MikroOrmCandidateRepository implements CandidateRepository {
  readonly #session: RepositoryContext['session'];
  readonly #rows: EntityRows<Candidate, CandidateId, CandidateNotFound>;
  readonly #schema: string;

  constructor(context: RepositoryContext, schema: string) {
    this.#schema = schema;
    this.#session = context.session;
    this.#rows = new EntityRows(context, {
      name: 'candidates',
      entity: 'candidate',
      parseId: parseCandidateId,
      notFound: (id) => ({ type: 'CandidateNotFound', id }),
      select: (db) => db.selectFrom('candidate').select(columns),
      remove: (db, id) => db.deleteFrom('candidate').where('id', '=', id),
      decode: candidateFromRecord,
      anchors: anchorsOfCandidate,
    });
  }

  get(id: IdInput<CandidateId>): ResultAsync<Candidate, CandidateNotFound | RepositoryError> {
    return this.#rows.get(id);
  }

  find(id: IdInput<CandidateId>): ResultAsync<Candidate | undefined, RepositoryError> {
    return this.#rows.find(id);
  }

  getMany(
    ids: readonly IdInput<CandidateId>[],
  ): ResultAsync<ReadonlyMap<CandidateId, Candidate>, RepositoryError> {
    return this.#rows.getMany(ids);
  }

  findByTelegramId(
    telegramId: string | number | bigint,
  ): ResultAsync<Candidate | undefined, RepositoryError> {
    return parseTelegramId(telegramId).asyncAndThen((valid) =>
      this.#rows.one('findByTelegramId', 'read', (rows) => rows.where('telegram_id', '=', valid)),
    );
  }

  list({ active }: CandidateFilter = {}, page?: PageRequest): ResultAsync<Page<Candidate>, RepositoryError> {
    return this.#rows.page((rows) => (active === undefined ? rows : rows.where('active', '=', active)), page);
  }

  getForUpdate(id: IdInput<CandidateId>): ResultAsync<Candidate, CandidateNotFound | RepositoryError> {
    return this.#rows.lock('getForUpdate', id, 'forUpdate');
  }

  add(input: NewCandidate): ResultAsync<Candidate, TelegramIdTaken | InvalidTimeZone | RepositoryError> {
    return draftCandidate(input).asyncAndThen((draft) =>
      this.#rows
        .insert('add', (db) =>
          db
            .insertInto('candidate')
            .values(candidateColumns(draft))
            .returning(columns)
            .executeTakeFirstOrThrow(),
        )
        .mapErr(onConstraint(telegramIdTaken(draft.telegramId))),
    );
  }

  addMany(
    candidates: readonly NewCandidate[],
    options: AddManyOptions = {},
  ): ResultAsync<
    readonly Result<Candidate, AddCandidateError>[],
    ItemsRefused<AddCandidateError> | RepositoryError
  > {
    return parseAddMany(candidates, 'candidates', options).asyncAndThen((choices) =>
      lockBulkWrites(this.#session, 'candidates.addMany', this.#schema).andThen(() =>
        addDistinct(this.#session, this.#rows, candidates.map(draftCandidate), choices, {
          schema: this.#schema,
          table: 'candidate',
          operation: 'candidates.addMany',
          constraint: 'candidate_telegram_id_key',
          taken: ({ telegramId }) => telegramIdTaken(telegramId),
          insert: (db, batch) =>
            db
              .insertInto('candidate')
              .values(batch.map((draft) => ({ id: draft.id, ...candidateColumns(draft) })))
              .onConflict((conflict) => conflict.doNothing())
              .returning(columns)
              .execute(),
          remove: (db, ids) => db.deleteFrom('candidate').where('id', 'in', ids).execute(),
        }),
      ),
    );
  }

  upsertByTelegramId(
    input: TelegramCandidate,
  ): ResultAsync<UpsertedCandidate, InvalidTimeZone | RepositoryError> {
    return draftTelegramCandidate(input).asyncAndThen((draft) =>
      this.#rows
        .writeAll('upsertByTelegramId', (db) => upsert(db, draft).execute())
        .andThen(([written]) =>
          written === undefined
            ? this.#unchanged(draft).map((candidate) => ({ candidate, created: false }))
            : // Every change raises the version, so only a new row has the first one.
              okAsync({ candidate: written, created: written.version === 1 }),
        ),
    );
  }

  /** The row that an upsert has found as it should be. It is locked by it, so it is still there. */
  #unchanged({ telegramId }: TelegramCandidateDraft): ResultAsync<Candidate, RepositoryError> {
    return this.#rows
      .one('upsertByTelegramId', 'write', (rows) => rows.where('telegram_id', '=', telegramId))
      .andThen(
        present<RepositoryError>({
          type: 'CorruptRecord',
          entity: 'candidate',
          message: `telegram_id ${telegramId} was found and is not there`,
        }),
      );
  }

  update(
    candidate: Candidate,
  ): ResultAsync<
    Candidate,
    CandidateNotFound | TelegramIdTaken | InvalidTimeZone | StaleVersion | RepositoryError
  > {
    return checkedCandidate(candidate).asyncAndThen((valid) =>
      this.#rows
        .replace(valid, (db) =>
          db
            .updateTable('candidate')
            .set({ ...candidateColumns(valid), version: valid.version + 1 })
            .where('id', '=', valid.id)
            .returning(columns)
            .executeTakeFirstOrThrow(),
        )
        .mapErr(onConstraint(telegramIdTaken(valid.telegramId))),
    );
  }

  delete(id: IdInput<CandidateId>): ResultAsync<void, CandidateNotFound | StillReferenced | RepositoryError> {
    return this.#rows.delete(id);
  }
}

/** Answers the row that was added or changed, and nothing when all of it was so already. */
function upsert(db: Db, draft: TelegramCandidateDraft) {
  const given = telegramCandidateColumns(draft);
  const names = Object.keys(given) as readonly (keyof typeof given)[];
  return db
    .insertInto('candidate')
    .values({ ...given, telegram_id: draft.telegramId, active: true })
    .onConflict((conflict) =>
      conflict
        .column('telegram_id')
        .doUpdateSet((eb) => ({ ...given, version: eb('candidate.version', '+', 1) }))
        .where((eb) =>
          eb.or(names.map((name) => eb(`candidate.${name}`, 'is distinct from', given[name] ?? null))),
        ),
    )
    .returning(columns);
}

const telegramIdTaken = (telegramId: TelegramId | undefined): Readonly<Record<string, TelegramIdTaken>> =>
  telegramId === undefined ? {} : { candidate_telegram_id_key: { type: 'TelegramIdTaken', telegramId } };
