import { err, ok, type Result, type ResultAsync } from 'neverthrow';
import type { TelegramIdTaken } from '../../domain/candidate/candidate-errors.ts';
import type { CityNotFound } from '../../domain/city/city-errors.ts';
import type { RecruiterNotFound } from '../../domain/recruiter/recruiter-errors.ts';
import { parseFreeSlotQuestion } from '../../domain/recruiter/free-slot-question.ts';
import type {
  AddRecruiterError,
  FreeSlotFilter,
  RecruiterFilter,
  RecruiterRepository,
} from '../../domain/recruiter/recruiter-repository.ts';
import {
  draftRecruiter,
  Recruiter,
  type NewRecruiter,
  type RecruiterDraft,
} from '../../domain/recruiter/recruiter.ts';
import type { AddManyOptions, ItemsRefused } from '../../domain/shared/bulk.ts';
import {
  parseCityId,
  parseRecruiterId,
  type CityId,
  type IdInput,
  type RecruiterId,
} from '../../domain/shared/id.ts';
import type { Page, PageRequest } from '../../domain/shared/page.ts';
import type { RepositoryError, StaleVersion, StillReferenced } from '../../domain/shared/repository-error.ts';
import { parseTelegramId } from '../../domain/shared/telegram-id.ts';
import type { Availability } from '../../domain/slot/availability.ts';
import { freeSlots } from '../../domain/slot/free-slots.ts';
import type { InvalidTimeZone } from '../../domain/shared/time-zone.ts';
import { checkedRecruiter } from '../../infrastructure/persistence/repositories/checked-entities.ts';
import { parseAddMany } from '../../infrastructure/persistence/repositories/parse-add-many.ts';
import { InMemoryTable } from './in-memory-table.ts';
import type { InMemoryTransaction, Statement } from './in-memory-transaction.ts';
import { availabilityOf, offerable } from './offerable.ts';
import { byName } from './order.ts';
import { someOther, type Tables } from './tables.ts';

export class InMemoryRecruiterRepository implements RecruiterRepository {
  readonly #rows: InMemoryTable<'recruiters', RecruiterId, RecruiterNotFound>;

  constructor(transaction: InMemoryTransaction) {
    this.#rows = new InMemoryTable(transaction, {
      name: 'recruiters',
      entity: 'recruiter',
      parseId: parseRecruiterId,
      notFound: (id) => ({ type: 'RecruiterNotFound', id }),
      withVersion: (recruiter, version) => new Recruiter({ ...recruiter, version }),
    });
  }

  get(id: IdInput<RecruiterId>): ResultAsync<Recruiter, RecruiterNotFound | RepositoryError> {
    return this.#rows.get(id);
  }

  find(id: IdInput<RecruiterId>): ResultAsync<Recruiter | undefined, RepositoryError> {
    return this.#rows.find(id);
  }

  getMany(
    ids: readonly IdInput<RecruiterId>[],
  ): ResultAsync<ReadonlyMap<RecruiterId, Recruiter>, RepositoryError> {
    return this.#rows.getMany(ids);
  }

  getActive(): ResultAsync<readonly Recruiter[], RepositoryError> {
    return this.#active('getActive', () => true);
  }

  getByCity(cityId: IdInput<CityId>): ResultAsync<readonly Recruiter[], RepositoryError> {
    return parseCityId(cityId).asyncAndThen((id) =>
      this.#active('getByCity', (recruiter) => recruiter.worksIn(id)),
    );
  }

  findByTelegramChatId(
    chatId: string | number | bigint,
  ): ResultAsync<Recruiter | undefined, RepositoryError> {
    return parseTelegramId(chatId, 'chatId', { allowNegative: true }).asyncAndThen((valid) =>
      this.#rows.select('findByTelegramChatId', (recruiters) =>
        recruiters.find(({ telegramChatId }) => telegramChatId === valid),
      ),
    );
  }

  freeSlotSummary(
    ids: readonly IdInput<RecruiterId>[],
    filter?: FreeSlotFilter,
  ): ResultAsync<ReadonlyMap<RecruiterId, Availability>, RepositoryError> {
    return parseFreeSlotQuestion(ids, filter).asyncAndThen((question) =>
      this.#rows.run('freeSlotSummary', 'read', ({ tables, now }) => {
        const free = freeSlots(offerable(tables), now).filter(
          ({ cityId }) => question.cityId === undefined || cityId === question.cityId,
        );
        const ofRecruiter = (id: RecruiterId): Availability =>
          availabilityOf(free.filter(({ recruiterId }) => recruiterId === id));
        return ok(new Map(question.ids.map((id) => [id, ofRecruiter(id)])));
      }),
    );
  }

  list(filter: RecruiterFilter = {}, page?: PageRequest): ResultAsync<Page<Recruiter>, RepositoryError> {
    const cityId = filter.cityId === undefined ? ok(undefined) : parseCityId(filter.cityId);
    return cityId.asyncAndThen((id) =>
      this.#rows.page(
        'list',
        page,
        (recruiter) =>
          (filter.active ?? recruiter.active) === recruiter.active &&
          (id === undefined || recruiter.worksIn(id)),
      ),
    );
  }

  getForShare(id: IdInput<RecruiterId>): ResultAsync<Recruiter, RecruiterNotFound | RepositoryError> {
    return this.#rows.lock('getForShare', id);
  }

  getForUpdate(id: IdInput<RecruiterId>): ResultAsync<Recruiter, RecruiterNotFound | RepositoryError> {
    return this.#rows.lock('getForUpdate', id);
  }

  add(
    recruiter: NewRecruiter,
  ): ResultAsync<Recruiter, CityNotFound | TelegramIdTaken | InvalidTimeZone | RepositoryError> {
    return draftRecruiter(recruiter).asyncAndThen((draft) =>
      this.#rows.insert((statement) =>
        guard(statement, draft).map(
          () => new Recruiter({ ...draft, id: statement.nextId('recruiters') as RecruiterId, version: 1 }),
        ),
      ),
    );
  }

  addMany(
    recruiters: readonly NewRecruiter[],
    options: AddManyOptions = {},
  ): ResultAsync<
    readonly Result<Recruiter, AddRecruiterError>[],
    ItemsRefused<AddRecruiterError> | RepositoryError
  > {
    return parseAddMany(recruiters, 'recruiters', options).asyncAndThen(({ onConflict }) =>
      this.#rows.insertMany<NewRecruiter, AddRecruiterError>(
        recruiters,
        onConflict,
        (input, tables, nextId) =>
          draftRecruiter(input).andThen((draft): Result<Recruiter, AddRecruiterError> => {
            const conflict = unknownCity(tables, draft) ?? takenChat(tables, draft);
            return conflict === undefined
              ? ok(new Recruiter({ ...draft, id: nextId(), version: 1 }))
              : err(conflict);
          }),
      ),
    );
  }

  update(
    recruiter: Recruiter,
  ): ResultAsync<
    Recruiter,
    RecruiterNotFound | CityNotFound | TelegramIdTaken | InvalidTimeZone | StaleVersion | RepositoryError
  > {
    return checkedRecruiter(recruiter).asyncAndThen((valid) =>
      this.#rows.update(valid, (statement) => guard(statement, valid, valid.id)),
    );
  }

  archiveMany(
    ids: readonly IdInput<RecruiterId>[],
  ): ResultAsync<readonly Result<Recruiter, RecruiterNotFound>[], RepositoryError> {
    return this.#rows.changeMany('archiveMany', ids, (recruiter) =>
      recruiter.active ? recruiter.archive() : recruiter,
    );
  }

  restoreMany(
    ids: readonly IdInput<RecruiterId>[],
  ): ResultAsync<readonly Result<Recruiter, RecruiterNotFound>[], RepositoryError> {
    return this.#rows.changeMany('restoreMany', ids, (recruiter) =>
      recruiter.active ? recruiter : recruiter.restore(),
    );
  }

  delete(id: IdInput<RecruiterId>): ResultAsync<void, RecruiterNotFound | StillReferenced | RepositoryError> {
    return this.#rows.delete(
      id,
      ({ slots, blockedPeriods, waitlist }, recruiterId) =>
        someOther(slots, undefined, (slot) => slot.recruiterId === recruiterId) ||
        someOther(blockedPeriods, undefined, (period) => period.recruiterId === recruiterId) ||
        someOther(waitlist, undefined, (entry) => entry.recruiterId === recruiterId),
    );
  }

  #active(
    operation: string,
    matches: (recruiter: Recruiter) => boolean,
  ): ResultAsync<readonly Recruiter[], RepositoryError> {
    return this.#rows.select(operation, (recruiters) =>
      recruiters.filter((recruiter) => recruiter.active && matches(recruiter)).sort(byName),
    );
  }
}

/** The unique chat id and the references to cities. */
function guard(
  { tables, refuse }: Statement,
  draft: RecruiterDraft,
  own?: RecruiterId,
): Result<void, TelegramIdTaken | CityNotFound> {
  const conflict = takenChat(tables, draft, own) ?? unknownCity(tables, draft);
  return conflict === undefined ? ok() : refuse(conflict);
}

function takenChat(
  { recruiters }: Pick<Tables, 'recruiters'>,
  { telegramChatId }: RecruiterDraft,
  own?: RecruiterId,
): TelegramIdTaken | undefined {
  if (telegramChatId === undefined) return undefined;
  const taken = someOther(recruiters, own, (other) => other.telegramChatId === telegramChatId);
  return taken ? { type: 'TelegramIdTaken', telegramId: telegramChatId } : undefined;
}

function unknownCity(
  { cities }: Pick<Tables, 'cities'>,
  { cityIds }: RecruiterDraft,
): CityNotFound | undefined {
  const unknown = cityIds.find((id) => !cities.has(id));
  return unknown === undefined ? undefined : { type: 'CityNotFound', id: unknown };
}
