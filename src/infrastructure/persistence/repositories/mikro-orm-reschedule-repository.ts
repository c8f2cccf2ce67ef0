import type { ResultAsync } from 'neverthrow';
import type { BookingNotFound } from '../../../domain/booking/booking-errors.ts';
import {
  parsePendingFilter,
  type ParsedPendingFilter,
  type PendingFilter,
} from '../../../domain/reschedule/pending-filter.ts';
import type { RescheduleNotFound, ReschedulePending } from '../../../domain/reschedule/reschedule-errors.ts';
import type { RescheduleRepository } from '../../../domain/reschedule/reschedule-repository.ts';
import type {
  NewRescheduleRequest,
  RescheduleRequest,
} from '../../../domain/reschedule/reschedule-request.ts';
import {
  parseBookingId,
  parseCandidateId,
  parseIds,
  parseRescheduleRequestId,
  type BookingId,
  type CandidateId,
  type IdInput,
  type RescheduleRequestId,
} from '../../../domain/shared/id.ts';
import type { Page, PageRequest } from '../../../domain/shared/page.ts';
import type { RepositoryError, StaleVersion } from '../../../domain/shared/repository-error.ts';
import {
  newRescheduleColumns,
  rescheduleColumns,
  rescheduleFromRecord,
} from '../../records/reschedule-record.ts';
import type { Db } from '../rows/tables.ts';
import { onConstraint } from './answers.ts';
import { EntityRows, IDS_PER_STATEMENT, type RepositoryContext, type RowQuery } from './entity-rows.ts';
import { inBatches } from './in-batches.ts';

const columns = [
  'id',
  'booking_id',
  'candidate_id',
  'state',
  'awaiting',
  'slot_id',
  'wanted_from',
  'wanted_until',
  'comment',
  'requested_by_kind',
  'requested_by_id',
  'created_at',
  'decided_at',
  'decided_by_kind',
  'decided_by_id',
  'decision_reason',
  'version',
] as const;

export class MikroOrmRescheduleRepository implements RescheduleRepository {
  readonly #session: RepositoryContext['session'];
  readonly #rows: EntityRows<RescheduleRequest, RescheduleRequestId, RescheduleNotFound>;

  constructor(context: RepositoryContext) {
    this.#session = context.session;
    this.#rows = new EntityRows<RescheduleRequest, RescheduleRequestId, RescheduleNotFound>(context, {
      name: 'reschedules',
      entity: 'reschedule request',
      parseId: parseRescheduleRequestId,
      notFound: (id) => ({ type: 'RescheduleNotFound', id }),
      select: (db) => db.selectFrom('reschedule_request').select(columns),
      remove: (db, id) => db.deleteFrom('reschedule_request').where('id', '=', id),
      decode: rescheduleFromRecord,
      // Nothing that is cached shows it.
      anchors: () => [],
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
    return parseBookingId(bookingId).asyncAndThen((valid) =>
      this.#rows.one('findPending', 'read', (rows) =>
        rows.where('booking_id', '=', valid).where('state', '=', 'pending'),
      ),
    );
  }

  listPendingOf(
    bookingIds: readonly IdInput<BookingId>[],
  ): ResultAsync<readonly RescheduleRequest[], RepositoryError> {
    return parseIds(parseBookingId, bookingIds, 'bookingIds').asyncAndThen((valid) =>
      inBatches(valid, IDS_PER_STATEMENT, (batch) =>
        this.#rows.all('listPendingOf', (rows) =>
          rows.where('booking_id', 'in', batch).where('state', '=', 'pending').orderBy('id'),
        ),
      ),
    );
  }

  listForBooking(
    bookingId: IdInput<BookingId>,
    page?: PageRequest,
  ): ResultAsync<Page<RescheduleRequest>, RepositoryError> {
    return parseBookingId(bookingId).asyncAndThen((valid) =>
      this.#rows.page((rows) => rows.where('booking_id', '=', valid), page),
    );
  }

  listPending(
    filter?: PendingFilter,
    page?: PageRequest,
  ): ResultAsync<Page<RescheduleRequest>, RepositoryError> {
    return parsePendingFilter(filter).asyncAndThen((parsed) =>
      this.#rows.page((rows, db) => pending(rows, db, parsed), page),
    );
  }

  add(
    request: NewRescheduleRequest,
  ): ResultAsync<RescheduleRequest, BookingNotFound | ReschedulePending | RepositoryError> {
    const { bookingId } = request;
    return this.#rows
      .insert('add', (db) =>
        db
          .insertInto('reschedule_request')
          .values(newRescheduleColumns(request))
          .returning(columns)
          .executeTakeFirstOrThrow(),
      )
      .mapErr(
        onConstraint<BookingNotFound | ReschedulePending>({
          reschedule_request_booking_fk: { type: 'BookingNotFound', id: bookingId },
          reschedule_request_one_pending: { type: 'ReschedulePending', bookingId },
        }),
      );
  }

  update(
    request: RescheduleRequest,
  ): ResultAsync<RescheduleRequest, RescheduleNotFound | StaleVersion | RepositoryError> {
    return this.#rows.replace(request, (db) =>
      db
        .updateTable('reschedule_request')
        .set({ ...rescheduleColumns(request), version: request.version + 1 })
        .where('id', '=', request.id)
        .returning(columns)
        .executeTakeFirstOrThrow(),
    );
  }

  forgetTexts(candidateId: IdInput<CandidateId>): ResultAsync<void, RepositoryError> {
    return parseCandidateId(candidateId).asyncAndThen((valid) =>
      this.#session
        .run('reschedules.forgetTexts', 'write', (db) =>
          db
            .updateTable('reschedule_request')
            .set((eb) => ({ comment: null, decision_reason: null, version: eb('version', '+', 1) }))
            .where('candidate_id', '=', valid)
            .where((eb) => eb.or([eb('comment', 'is not', null), eb('decision_reason', 'is not', null)]))
            .execute(),
        )
        .map(() => undefined),
    );
  }
}

function pending(
  rows: RowQuery,
  db: Db,
  { awaiting, recruiterId, candidateId }: ParsedPendingFilter,
): RowQuery {
  let found = rows.where('state', '=', 'pending');
  if (awaiting !== undefined) found = found.where('awaiting', '=', awaiting);
  if (candidateId !== undefined) found = found.where('candidate_id', '=', candidateId);
  // A booking that can still be rescheduled is the one its slot points at.
  if (recruiterId !== undefined)
    found = found.where(
      'id',
      'in',
      db
        .selectFrom('reschedule_request as asked')
        .innerJoin('slot', (join) =>
          join.on((eb) =>
            eb.or([
              eb('slot.current_booking_id', '=', eb.ref('asked.booking_id')),
              eb('slot.id', '=', eb.ref('asked.slot_id')),
            ]),
          ),
        )
        .select('asked.id')
        .where('slot.recruiter_id', '=', recruiterId),
    );
  return found;
}
