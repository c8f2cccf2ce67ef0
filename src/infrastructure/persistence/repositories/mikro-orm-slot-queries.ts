import { Result, type ResultAsync } from 'neverthrow';
import {
  parseCandidateId,
  type CandidateId,
  type IdInput,
  type RecruiterId,
} from '../../../domain/shared/id.ts';
import { parseOptional, type Period } from '../../../domain/shared/filter.ts';
import { Instant, type InstantInput } from '../../../domain/shared/instant.ts';
import { pageByStart, parsePageByStart, type Page, type PageRequest } from '../../../domain/shared/page.ts';
import type { RepositoryError } from '../../../domain/shared/repository-error.ts';
import { MINUTE } from '../../../domain/shared/time-range.ts';
import { slotLimits } from '../../../domain/slot/slot-limits.ts';
import {
  noSlots,
  parseAgenda,
  parseSlotFilter,
  type AgendaRange,
  type SlotCriteria,
  type SlotFilter,
  type SlotQueries,
  type SlotStatusSummary,
} from '../../../domain/slot/slot-queries.ts';
import { activeSlotStatuses, slotStatuses } from '../../../domain/slot/slot-status.ts';
import type { Slot } from '../../../domain/slot/slot.ts';
import { slotFromRecord } from '../../records/slot-record.ts';
import { readRecord } from '../../records/record-reader.ts';
import type { Db } from '../rows/tables.ts';
import type { Session } from '../session.ts';
import { decodeAll } from './answers.ts';
import { countIfWanted } from './count-if-wanted.ts';
import { databaseNow } from './free-slots-ahead.ts';
import { slotColumnNames } from './slot-column-names.ts';

export class MikroOrmSlotQueries implements SlotQueries {
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
  }

  search(filter?: SlotFilter, page?: PageRequest): ResultAsync<Page<Slot>, RepositoryError> {
    return Result.combine([parseSlotFilter(filter), parsePageByStart(page)]).asyncAndThen(
      ([criteria, position]) =>
        this.#session
          .run('slots.search', 'read', (db) =>
            matching(db, criteria)
              .select(slotColumnNames)
              .where((eb) =>
                eb.and(
                  position.after === undefined
                    ? []
                    : [
                        eb(
                          eb.refTuple('starts_at', 'id'),
                          '>',
                          eb.tuple(position.after.startsAt.toJSON(), position.after.id),
                        ),
                      ],
                ),
              )
              .orderBy('starts_at')
              .orderBy('id')
              .limit(position.limit + 1)
              .offset(position.skip)
              .execute(),
          )
          .andThen(decodeAll(slotFromRecord))
          .andThen((slots) =>
            countIfWanted(this.#session, position, 'slots.count', (db) => matching(db, criteria)).map(
              (total) => pageByStart(slots, position, total),
            ),
          ),
    );
  }

  statusSummary(filter?: SlotFilter): ResultAsync<SlotStatusSummary, RepositoryError> {
    return parseSlotFilter(filter).asyncAndThen((criteria) =>
      this.#session
        .run('slots.statusSummary', 'read', (db) =>
          matching(db, criteria)
            .select((eb) => ['status', eb.fn.countAll().as('slots')])
            .groupBy('status')
            .execute(),
        )
        .andThen((rows) => Result.combine(rows.map(countFromRecord)))
        .map((counts) => Object.freeze({ ...noSlots, ...Object.fromEntries(counts) })),
    );
  }

  getAgenda(
    recruiterId: IdInput<RecruiterId>,
    range: AgendaRange,
  ): ResultAsync<readonly Slot[], RepositoryError> {
    return parseAgenda(recruiterId, range).asyncAndThen((agenda) =>
      this.#session
        .run('slots.getAgenda', 'read', (db) =>
          slotsDuring(db, agenda)
            .select(slotColumnNames)
            .where('recruiter_id', '=', agenda.recruiterId)
            .where('status', '!=', 'canceled')
            .orderBy('starts_at')
            .orderBy('id')
            .execute(),
        )
        .andThen(decodeAll(slotFromRecord)),
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
      this.#session
        .run('slots.getUpcomingForCandidate', 'read', (db) =>
          db
            .selectFrom('slot')
            .select(slotColumnNames)
            .where('candidate_id', '=', candidate)
            .where('status', 'in', activeSlotStatuses)
            .where('starts_at', '>', from?.toJSON() ?? databaseNow(db))
            .where((eb) =>
              eb.or([eb('status', '!=', 'pending'), eb('hold_expires_at', '>', databaseNow(db))]),
            )
            .orderBy('starts_at')
            .orderBy('id')
            .execute(),
        )
        .andThen(decodeAll(slotFromRecord)),
    );
  }
}

/** No slot is longer, so none that began earlier can reach into a period; an index knows when slots begin. */
const LONGEST = slotLimits.maxMinutes * MINUTE;

/** Slots that have a part in the period. */
export const slotsDuring = (db: Db, { from, until }: Period) =>
  db
    .selectFrom('slot')
    .where((eb) =>
      eb.and([
        ...(from === undefined
          ? []
          : [eb('starts_at', '>', from.plus(-LONGEST).toJSON()), eb('ends_at', '>', from.toJSON())]),
        ...(until === undefined ? [] : [eb('starts_at', '<', until.toJSON())]),
      ]),
    );

const matching = (db: Db, criteria: SlotCriteria) => {
  const { recruiterIds, cityIds, statuses, purposes, candidateId } = criteria;
  return slotsDuring(db, criteria).where((eb) =>
    eb.and([
      ...(recruiterIds === undefined ? [] : [eb('recruiter_id', 'in', recruiterIds)]),
      ...(cityIds === undefined ? [] : [eb('city_id', 'in', cityIds)]),
      ...(statuses === undefined ? [] : [eb('status', 'in', statuses)]),
      ...(purposes === undefined ? [] : [eb('purpose', 'in', purposes)]),
      ...(candidateId === undefined ? [] : [eb('candidate_id', '=', candidateId)]),
    ]),
  );
};

const countFromRecord = (record: unknown) =>
  readRecord(
    'status summary',
    record,
    (read) => [read.oneOf('status', slotStatuses), read.integer('slots')] as const,
  );
