import { err, ok, type Result, type ResultAsync } from 'neverthrow';
import type { CandidateNotFound, TelegramIdTaken } from '../../domain/candidate/candidate-errors.ts';
import type {
  CandidateFilter,
  AddCandidateError,
  CandidateRepository,
  UpsertedCandidate,
} from '../../domain/candidate/candidate-repository.ts';
import {
  Candidate,
  draftCandidate,
  draftTelegramCandidate,
  type NewCandidate,
  type TelegramCandidate,
  type TelegramCandidateDraft,
} from '../../domain/candidate/candidate.ts';
import type { AddManyOptions, ItemsRefused } from '../../domain/shared/bulk.ts';
import { parseCandidateId, type CandidateId, type IdInput } from '../../domain/shared/id.ts';
import type { Page, PageRequest } from '../../domain/shared/page.ts';
import type { RepositoryError, StaleVersion, StillReferenced } from '../../domain/shared/repository-error.ts';
import { parseTelegramId, type TelegramId } from '../../domain/shared/telegram-id.ts';
import type { InvalidTimeZone } from '../../domain/shared/time-zone.ts';
import { checkedCandidate } from '../../infrastructure/persistence/repositories/checked-entities.ts';
import { parseAddMany } from '../../infrastructure/persistence/repositories/parse-add-many.ts';
import { InMemoryTable } from './in-memory-table.ts';
import type { InMemoryTransaction, Statement } from './in-memory-transaction.ts';
import { someOther, type Tables } from './tables.ts';

export class InMemoryCandidateRepository implements CandidateRepository {
  readonly #rows: InMemoryTable<'candidates', CandidateId, CandidateNotFound>;

  constructor(transaction: InMemoryTransaction) {
    this.#rows = new InMemoryTable(transaction, {
      name: 'candidates',
      entity: 'candidate',
      parseId: parseCandidateId,
      notFound: (id) => ({ type: 'CandidateNotFound', id }),
      withVersion: (candidate, version) => new Candidate({ ...candidate, version }),
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
      this.#rows.select('findByTelegramId', (candidates) =>
        candidates.find((candidate) => candidate.telegramId === valid),
      ),
    );
  }

  list(filter: CandidateFilter = {}, page?: PageRequest): ResultAsync<Page<Candidate>, RepositoryError> {
    return this.#rows.page('list', page, ({ active }) => (filter.active ?? active) === active);
  }

  getForUpdate(id: IdInput<CandidateId>): ResultAsync<Candidate, CandidateNotFound | RepositoryError> {
    return this.#rows.lock('getForUpdate', id);
  }

  add(candidate: NewCandidate): ResultAsync<Candidate, TelegramIdTaken | InvalidTimeZone | RepositoryError> {
    return draftCandidate(candidate).asyncAndThen((draft) =>
      this.#rows.insert((statement) =>
        telegramIdIsFree(statement, draft.telegramId).map(
          () => new Candidate({ ...draft, id: statement.nextId('candidates') as CandidateId, version: 1 }),
        ),
      ),
    );
  }

  addMany(
    candidates: readonly NewCandidate[],
    options: AddManyOptions = {},
  ): ResultAsync<
    readonly Result<Candidate, AddCandidateError>[],
    ItemsRefused<AddCandidateError> | RepositoryError
  > {
    return parseAddMany(candidates, 'candidates', options).asyncAndThen(({ onConflict }) =>
      this.#rows.insertMany<NewCandidate, AddCandidateError>(
        candidates,
        onConflict,
        (input, tables, nextId) =>
          draftCandidate(input).andThen((draft): Result<Candidate, AddCandidateError> => {
            const conflict = conflictOfTelegramId(tables, draft.telegramId);
            return conflict === undefined
              ? ok(new Candidate({ ...draft, id: nextId(), version: 1 }))
              : err(conflict);
          }),
      ),
    );
  }

  upsertByTelegramId(
    input: TelegramCandidate,
  ): ResultAsync<UpsertedCandidate, InvalidTimeZone | RepositoryError> {
    return draftTelegramCandidate(input).asyncAndThen((draft) =>
      this.#rows.run<UpsertedCandidate, never>('upsertByTelegramId', 'write', (statement) => {
        const { tables, nextId, put } = statement;
        const stored = [...tables.candidates.values()].find((one) => one.telegramId === draft.telegramId);
        if (stored === undefined) {
          const id = nextId('candidates') as CandidateId;
          const added = new Candidate({ ...unknown, ...draft, id, active: true, version: 1 });
          return ok({ candidate: put('candidates', added), created: true });
        }
        const changed = new Candidate({ ...stored, ...draft, version: stored.version + 1 });
        const candidate = says(stored, draft) ? stored : put('candidates', changed);
        return ok({ candidate, created: false });
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
      this.#rows.update(valid, (statement) => telegramIdIsFree(statement, valid.telegramId, valid.id)),
    );
  }

  delete(id: IdInput<CandidateId>): ResultAsync<void, CandidateNotFound | StillReferenced | RepositoryError> {
    return this.#rows.delete(
      id,
      ({ bookings, waitlist }, candidateId) =>
        someOther(bookings, undefined, (booking) => booking.candidateId === candidateId) ||
        someOther(waitlist, undefined, (entry) => entry.candidateId === candidateId),
    );
  }
}

/** What nobody has said is there as `undefined`, as it is when it is read from a row. */
const unknown = { username: undefined, phone: undefined, timeZone: undefined } as const;

const says = (stored: Candidate, draft: TelegramCandidateDraft): boolean =>
  Object.entries(draft).every(([field, value]) => stored[field as keyof TelegramCandidateDraft] === value);

function telegramIdIsFree(
  { tables, refuse }: Statement,
  telegramId: TelegramId | undefined,
  own?: CandidateId,
): Result<void, TelegramIdTaken> {
  const conflict = conflictOfTelegramId(tables, telegramId, own);
  return conflict === undefined ? ok() : refuse(conflict);
}

function conflictOfTelegramId(
  { candidates }: Pick<Tables, 'candidates'>,
  telegramId: TelegramId | undefined,
  own?: CandidateId,
): TelegramIdTaken | undefined {
  if (telegramId === undefined) return undefined;
  const taken = someOther(candidates, own, (candidate) => candidate.telegramId === telegramId);
  return taken ? { type: 'TelegramIdTaken', telegramId } : undefined;
}
