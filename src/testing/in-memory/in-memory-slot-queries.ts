import { ok, Result, type ResultAsync } from 'neverthrow';
import { overlapsPeriod, parseOptional } from '../../domain/shared/filter.ts';
import {
  parseCandidateId,
  type CandidateId,
  type IdInput,
  type RecruiterId,
} from '../../domain/shared/id.ts';
import { Instant, type InstantInput } from '../../domain/shared/instant.ts';
import { parsePageByStart, type Page, type PageRequest } from '../../domain/shared/page.ts';
import type { RepositoryError } from '../../domain/shared/repository-error.ts';
import {
  noSlots,
  parseAgenda,
  parseSlotFilter,
  type AgendaRange,
  type SlotCriteria,
  type SlotFilter,
  type SlotQueries,
  type SlotStatusSummary,
} from '../../domain/slot/slot-queries.ts';
import { isActive } from '../../domain/slot/slot-status.ts';
import type { Slot } from '../../domain/slot/slot.ts';
import { cutByStart } from './cut-page.ts';
import type { InMemoryTransaction } from './in-memory-transaction.ts';
import { byStart } from './order.ts';

export class InMemorySlotQueries implements SlotQueries {
  readonly #transaction: InMemoryTransaction;

  constructor(transaction: InMemoryTransaction) {
    this.#transaction = transaction;
  }

  search(filter?: SlotFilter, page?: PageRequest): ResultAsync<Page<Slot>, RepositoryError> {
    return Result.combine([parseSlotFilter(filter), parsePageByStart(page)]).asyncAndThen(
      ([criteria, position]) =>
        this.#select('search', (slots) => cutByStart(slots.filter(matching(criteria)), position)),
    );
  }

  statusSummary(filter?: SlotFilter): ResultAsync<SlotStatusSummary, RepositoryError> {
    return parseSlotFilter(filter).asyncAndThen((criteria) =>
      this.#select('statusSummary', (slots) =>
        slots
          .filter(matching(criteria))
          .reduce((counts, { status }) => ({ ...counts, [status]: counts[status] + 1 }), noSlots),
      ),
    );
  }

  getAgenda(
    recruiterId: IdInput<RecruiterId>,
    range: AgendaRange,
  ): ResultAsync<readonly Slot[], RepositoryError> {
    return parseAgenda(recruiterId, range).asyncAndThen((agenda) =>
      this.#select('getAgenda', (slots) =>
        slots
          .filter(
            (slot) =>
              slot.recruiterId === agenda.recruiterId &&
              slot.status !== 'canceled' &&
              overlapsPeriod(slot, agenda),
          )
          .toSorted(byStart),
      ),
    );
  }

  getUpcomingForCandidate(
    candidateId: IdInput<CandidateId>,
    after?: InstantInput,
  ): ResultAsync<readonly Slot[], RepositoryError> {
    return Result.combine([
      parseCandidateId(candidateId),
      parseOptional(after, (given) => Instant.parse(given, 'after')),
    ]).asyncAndThen(([candidate, from]) =>
      this.#select('getUpcomingForCandidate', (slots, now) =>
        slots
          .filter(
            (slot) =>
              slot.candidateId === candidate &&
              isActive(slot.status) &&
              !slot.hasLapsedAt(now) &&
              slot.startsAt.isAfter(from ?? now),
          )
          .toSorted(byStart),
      ),
    );
  }

  #select<T>(
    operation: string,
    query: (slots: readonly Slot[], now: Instant) => T,
  ): ResultAsync<T, RepositoryError> {
    return this.#transaction.statement(`slots.${operation}`, 'read', ({ tables, now }) =>
      ok(query([...tables.slots.values()], now)),
    );
  }
}

const includes = <T>(wanted: readonly T[] | undefined, value: T): boolean =>
  wanted === undefined || wanted.includes(value);

const matching =
  (criteria: SlotCriteria) =>
  (slot: Slot): boolean =>
    includes(criteria.recruiterIds, slot.recruiterId) &&
    includes(criteria.cityIds, slot.cityId) &&
    includes(criteria.statuses, slot.status) &&
    includes(criteria.purposes, slot.purpose) &&
    (criteria.candidateId === undefined || criteria.candidateId === slot.candidateId) &&
    overlapsPeriod(slot, criteria);
