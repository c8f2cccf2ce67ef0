import { err, ok, Result, type ResultAsync } from 'neverthrow';
import { overdue } from '../../domain/booking/overdue.ts';
import type { CityNotFound } from '../../domain/city/city-errors.ts';
import type { RecruiterNotFound } from '../../domain/recruiter/recruiter-errors.ts';
import {
  parseCandidateId,
  parseCityId,
  parseIds,
  parseRecruiterId,
  parseSlotId,
  type CandidateId,
  type CityId,
  type IdInput,
  type RecruiterId,
  type SlotId,
} from '../../domain/shared/id.ts';
import { Instant, type InstantInput } from '../../domain/shared/instant.ts';
import { parseLimit } from '../../domain/shared/page.ts';
import type {
  ConstraintViolation,
  RepositoryError,
  StaleVersion,
  StillReferenced,
} from '../../domain/shared/repository-error.ts';
import type { InvalidTimeZone } from '../../domain/shared/time-zone.ts';
import type { ValidationError } from '../../domain/shared/validation-error.ts';
import type { SlotNotFound, SlotOverlap } from '../../domain/slot/slot-errors.ts';
import type { SlotConflict, SlotRepository } from '../../domain/slot/slot-repository.ts';
import { isActive } from '../../domain/slot/slot-status.ts';
import { freeSlots } from '../../domain/slot/free-slots.ts';
import { MOST_DUE, parseClaim, type ClaimTerms, type SlotClaim } from '../../domain/slot/slot-claim.ts';
import { draftSlot, Slot, type NewSlot, type SlotDraft } from '../../domain/slot/slot.ts';
import { byClaim, fits } from './claimable-slots.ts';
import { InMemoryTable } from './in-memory-table.ts';
import type { InMemoryTransaction, Statement } from './in-memory-transaction.ts';
import { byStart } from './order.ts';
import { recruiterConflict, slotConflict } from './row-guards.ts';
import { someOther, type Tables } from './tables.ts';

const notFound = (id: SlotId): SlotNotFound => ({ type: 'SlotNotFound', id });

export class InMemorySlotRepository implements SlotRepository {
  readonly #rows: InMemoryTable<'slots', SlotId, SlotNotFound>;

  constructor(transaction: InMemoryTransaction) {
    this.#rows = new InMemoryTable(transaction, {
      name: 'slots',
      entity: 'slot',
      parseId: parseSlotId,
      notFound,
      withVersion: (slot, version) => new Slot({ ...slot, version }),
    });
  }

  get(id: IdInput<SlotId>): ResultAsync<Slot, SlotNotFound | RepositoryError> {
    return this.#rows.get(id);
  }

  find(id: IdInput<SlotId>): ResultAsync<Slot | undefined, RepositoryError> {
    return this.#rows.find(id);
  }

  getMany(ids: readonly IdInput<SlotId>[]): ResultAsync<ReadonlyMap<SlotId, Slot>, RepositoryError> {
    return this.#rows.getMany(ids);
  }

  getFreeForRecruiter(
    recruiterId: IdInput<RecruiterId>,
    after?: InstantInput,
  ): ResultAsync<readonly Slot[], RepositoryError> {
    return parseRecruiterId(recruiterId).asyncAndThen((id) =>
      this.#free('getFreeForRecruiter', (slot) => slot.recruiterId === id, after),
    );
  }

  getFreeForCity(
    cityId: IdInput<CityId>,
    after?: InstantInput,
  ): ResultAsync<readonly Slot[], RepositoryError> {
    return parseCityId(cityId).asyncAndThen((id) =>
      this.#free('getFreeForCity', (slot) => slot.cityId === id, after),
    );
  }

  getForUpdate(id: IdInput<SlotId>): ResultAsync<Slot, SlotNotFound | RepositoryError> {
    return this.#rows.lock('getForUpdate', id);
  }

  lockForReservation(
    id: IdInput<SlotId>,
    candidateId: IdInput<CandidateId>,
    ...others: readonly IdInput<SlotId>[]
  ): ResultAsync<readonly Slot[], SlotNotFound | RepositoryError> {
    return Result.combine([
      parseSlotId(id),
      parseCandidateId(candidateId),
      parseIds(parseSlotId, others),
    ]).asyncAndThen(([slotId, candidate, rest]) =>
      this.#rows.run<readonly Slot[], SlotNotFound>('lockForReservation', 'lock', ({ tables }) =>
        tables.slots.has(slotId)
          ? ok(
              byId(tables).filter(
                (slot) => slot.id === slotId || rest.includes(slot.id) || activeOf(candidate)(slot),
              ),
            )
          : err(notFound(slotId)),
      ),
    );
  }

  lockActive(candidateId: IdInput<CandidateId>): ResultAsync<readonly Slot[], RepositoryError> {
    return parseCandidateId(candidateId).asyncAndThen((candidate) =>
      this.#rows.run('lockActive', 'lock', ({ tables }) => ok(byId(tables).filter(activeOf(candidate)))),
    );
  }

  claimFree(claim: SlotClaim, terms: ClaimTerms): ResultAsync<Slot | undefined, RepositoryError> {
    return parseClaim(claim).asyncAndThen((parsed) =>
      this.#rows.run('claimFree', 'lock', ({ tables, now }) => {
        const fitting = offerable(tables).filter((slot) => fits(tables, slot, parsed, terms, now));
        return ok(fitting.sort(byClaim(tables, parsed, now))[0]);
      }),
    );
  }

  claimDue(limit: number): ResultAsync<readonly Slot[], RepositoryError> {
    return parseLimit(limit, 'limit', MOST_DUE).asyncAndThen((most) =>
      this.#rows.run('claimDue', 'lock', ({ tables, now }) =>
        ok(
          byId(tables)
            .filter((slot) => overdue(slot, now) !== undefined)
            .slice(0, most),
        ),
      ),
    );
  }

  findAlternatives(id: IdInput<SlotId>, limit: number): ResultAsync<readonly Slot[], RepositoryError> {
    return Result.combine([parseSlotId(id), parseLimit(limit)]).asyncAndThen(([slotId]) =>
      this.#rows.run('findAlternatives', 'read', ({ tables, now }) => {
        const wanted = tables.slots.get(slotId);
        if (wanted === undefined) return ok([]);
        const alike = offerable(tables).filter(
          (slot) => slot !== wanted && slot.cityId === wanted.cityId && slot.purpose === wanted.purpose,
        );
        return ok(freeSlots(alike, now).toSorted(byLikeness(wanted)).slice(0, limit));
      }),
    );
  }

  add(
    slot: NewSlot,
  ): ResultAsync<Slot, SlotOverlap | RecruiterNotFound | CityNotFound | InvalidTimeZone | RepositoryError> {
    return draftSlot(slot).asyncAndThen((draft) =>
      this.#rows.insert((statement) =>
        guardNew(statement, draft).map(
          () =>
            new Slot({
              ...draft,
              id: statement.nextId('slots') as SlotId,
              status: 'free',
              candidateId: undefined,
              currentBookingId: undefined,
              holdExpiresAt: undefined,
              version: 1,
            }),
        ),
      ),
    );
  }

  update(slot: Slot): ResultAsync<Slot, SlotNotFound | SlotConflict | StaleVersion | RepositoryError> {
    return this.#rows.update<SlotConflict | ConstraintViolation>(slot, ({ tables, refuse }) => {
      const conflict = slotConflict(tables.slots, slot);
      return conflict === undefined ? ok() : refuse(conflict);
    });
  }

  delete(id: IdInput<SlotId>): ResultAsync<void, SlotNotFound | StillReferenced | RepositoryError> {
    return this.#rows.delete(id, ({ bookings }, slotId) =>
      someOther(bookings, undefined, (booking) => booking.slotId === slotId),
    );
  }

  #free(
    operation: string,
    matches: (slot: Slot) => boolean,
    after: InstantInput | undefined,
  ): ResultAsync<readonly Slot[], RepositoryError> {
    const from: Result<Instant | undefined, ValidationError> =
      after === undefined ? ok(undefined) : Instant.parse(after, 'after');
    return from.asyncAndThen((instant) =>
      this.#rows.run(operation, 'read', ({ tables, now }) =>
        ok(freeSlots(offerable(tables).filter(matches).sort(byStart), now, instant ?? now)),
      ),
    );
  }
}

const byId = ({ slots }: Tables): readonly Slot[] => [...slots.values()].sort((a, b) => a.id - b.id);

const activeOf =
  (candidate: CandidateId) =>
  ({ candidateId, status }: Slot): boolean =>
    candidateId === candidate && isActive(status);

/** Nobody can book with an archived recruiter or in an archived city, so what they have is not offered. */
const offerable = ({ slots, recruiters, cities }: Tables): Slot[] =>
  [...slots.values()].filter(
    ({ recruiterId, cityId }) =>
      recruiters.get(recruiterId)?.active === true && cities.get(cityId)?.active === true,
  );

/** The same recruiter's first, then the nearest in time. */
function byLikeness(wanted: Slot): (a: Slot, b: Slot) => number {
  const strangeness = ({ recruiterId }: Slot): number => (recruiterId === wanted.recruiterId ? 0 : 1);
  const distance = ({ startsAt }: Slot): number =>
    Math.abs(startsAt.epochMilliseconds - wanted.startsAt.epochMilliseconds);
  return (a, b) => strangeness(a) - strangeness(b) || distance(a) - distance(b) || byStart(a, b);
}

function guardNew(
  { tables, refuse }: Statement,
  draft: SlotDraft,
): Result<void, SlotOverlap | RecruiterNotFound | CityNotFound> {
  const overlap = recruiterConflict(tables.slots, draft);
  if (overlap !== undefined) return refuse(overlap);
  if (!tables.recruiters.has(draft.recruiterId))
    return refuse({ type: 'RecruiterNotFound', id: draft.recruiterId });
  return tables.cities.has(draft.cityId) ? ok() : refuse({ type: 'CityNotFound', id: draft.cityId });
}
