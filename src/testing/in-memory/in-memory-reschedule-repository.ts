import { ok, type ResultAsync } from 'neverthrow';
import type { BookingNotFound } from '../../domain/booking/booking-errors.ts';
import { parsePendingFilter, type PendingFilter } from '../../domain/reschedule/pending-filter.ts';
import type { RescheduleNotFound, ReschedulePending } from '../../domain/reschedule/reschedule-errors.ts';
import type { RescheduleRepository } from '../../domain/reschedule/reschedule-repository.ts';
import { RescheduleRequest, type NewRescheduleRequest } from '../../domain/reschedule/reschedule-request.ts';
import {
  parseBookingId,
  parseCandidateId,
  parseIds,
  parseRescheduleRequestId,
  type BookingId,
  type CandidateId,
  type IdInput,
  type RescheduleRequestId,
} from '../../domain/shared/id.ts';
import { parsePageById, type Page, type PageRequest } from '../../domain/shared/page.ts';
import type { RepositoryError, StaleVersion } from '../../domain/shared/repository-error.ts';
import { cutById } from './cut-page.ts';
import { InMemoryTable } from './in-memory-table.ts';
import type { InMemoryTransaction } from './in-memory-transaction.ts';
import { byId } from './order.ts';
import { someOther, type Tables } from './tables.ts';

export class InMemoryRescheduleRepository implements RescheduleRepository {
  readonly #rows: InMemoryTable<'reschedules', RescheduleRequestId, RescheduleNotFound>;

  constructor(transaction: InMemoryTransaction) {
    this.#rows = new InMemoryTable(transaction, {
      name: 'reschedules',
      entity: 'reschedule request',
      parseId: parseRescheduleRequestId,
      notFound: (id) => ({ type: 'RescheduleNotFound', id }),
      withVersion: (request, version) => new RescheduleRequest({ ...request, version }),
    });
  }

  get(
    id: IdInput<RescheduleRequestId>,
  ): ResultAsync<RescheduleRequest, RescheduleNotFound | RepositoryError> {
    return this.#rows.get(id);
  }

  find(id: IdInput<RescheduleRequestId>): ResultAsync<RescheduleRequest | undefined, RepositoryError> {
    return this.#rows.find(id);
  }

  findPending(bookingId: IdInput<BookingId>): ResultAsync<RescheduleRequest | undefined, RepositoryError> {
    return parseBookingId(bookingId).asyncAndThen((id) =>
      this.#rows.select('findPending', (requests) => requests.find(isPendingFor(id))),
    );
  }

  listPendingOf(
    bookingIds: readonly IdInput<BookingId>[],
  ): ResultAsync<readonly RescheduleRequest[], RepositoryError> {
    return parseIds(parseBookingId, bookingIds, 'bookingIds').asyncAndThen((ids) =>
      this.#rows.select('listPendingOf', (requests) =>
        requests.filter(({ bookingId, state }) => state === 'pending' && ids.includes(bookingId)).sort(byId),
      ),
    );
  }

  listForBooking(
    bookingId: IdInput<BookingId>,
    page?: PageRequest,
  ): ResultAsync<Page<RescheduleRequest>, RepositoryError> {
    return parseBookingId(bookingId).asyncAndThen((id) =>
      this.#rows.page('list', page, (request) => request.bookingId === id),
    );
  }

  listPending(
    filter?: PendingFilter,
    page?: PageRequest,
  ): ResultAsync<Page<RescheduleRequest>, RepositoryError> {
    return parsePendingFilter(filter).asyncAndThen((wanted) =>
      parsePageById(page).asyncAndThen((position) =>
        this.#rows.run('list', 'read', ({ tables }) => {
          const found = [...tables.reschedules.values()]
            .filter(({ state }) => state === 'pending')
            .filter(({ awaiting }) => awaiting === (wanted.awaiting ?? awaiting))
            .filter((request) => {
              const { candidateId } = request;
              return (
                candidateId === (wanted.candidateId ?? candidateId) &&
                (wanted.recruiterId === undefined ||
                  recruitersOf(tables, request).includes(wanted.recruiterId))
              );
            });
          return ok(cutById(found, position));
        }),
      ),
    );
  }

  add(
    request: NewRescheduleRequest,
  ): ResultAsync<RescheduleRequest, BookingNotFound | ReschedulePending | RepositoryError> {
    const { bookingId } = request;
    return this.#rows.insert<BookingNotFound | ReschedulePending>(({ tables, nextId, refuse }) => {
      if (someOther(tables.reschedules, undefined, isPendingFor(bookingId)))
        return refuse({ type: 'ReschedulePending', bookingId });
      if (!tables.bookings.has(bookingId)) return refuse({ type: 'BookingNotFound', id: bookingId });
      return ok(
        new RescheduleRequest({
          ...request,
          id: nextId('reschedules') as RescheduleRequestId,
          state: 'pending',
          decidedAt: undefined,
          decidedBy: undefined,
          decisionReason: undefined,
          version: 1,
        }),
      );
    });
  }

  update(
    request: RescheduleRequest,
  ): ResultAsync<RescheduleRequest, RescheduleNotFound | StaleVersion | RepositoryError> {
    return this.#rows.update(request);
  }

  forgetTexts(candidateId: IdInput<CandidateId>): ResultAsync<void, RepositoryError> {
    return parseCandidateId(candidateId).asyncAndThen((id) =>
      this.#rows.run('forgetTexts', 'write', ({ tables, put }) => {
        for (const request of tables.reschedules.values()) {
          const { candidateId: owner, comment, decisionReason, version } = request;
          if (owner !== id || (comment ?? decisionReason) === undefined) continue;
          const forgotten = { comment: undefined, decisionReason: undefined, version: version + 1 };
          put('reschedules', new RescheduleRequest({ ...request, ...forgotten }));
        }
        return ok();
      }),
    );
  }
}

const isPendingFor =
  (id: BookingId) =>
  ({ bookingId, state }: RescheduleRequest): boolean =>
    bookingId === id && state === 'pending';

const recruitersOf = ({ bookings, slots }: Tables, { bookingId, slotId }: RescheduleRequest) =>
  [bookings.get(bookingId)?.slotId, slotId].map((id) => id && slots.get(id)?.recruiterId);
