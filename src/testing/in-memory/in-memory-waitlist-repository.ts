import { ok, type ResultAsync } from 'neverthrow';
import type { CandidateNotFound } from '../../domain/candidate/candidate-errors.ts';
import type { CityNotFound } from '../../domain/city/city-errors.ts';
import type { RecruiterNotFound } from '../../domain/recruiter/recruiter-errors.ts';
import {
  parseWaitlistEntryId,
  type BookingId,
  type IdInput,
  type SlotId,
  type WaitlistEntryId,
} from '../../domain/shared/id.ts';
import type { Instant } from '../../domain/shared/instant.ts';
import type { Page, PageRequest } from '../../domain/shared/page.ts';
import type { RepositoryError, StaleVersion } from '../../domain/shared/repository-error.ts';
import { overlaps } from '../../domain/shared/time-range.ts';
import { isActive } from '../../domain/slot/slot-status.ts';
import type { Slot } from '../../domain/slot/slot.ts';
import { suits, WaitlistEntry, type WaitlistDraft } from '../../domain/waitlist/waitlist-entry.ts';
import type { AlreadyWaiting, WaitlistEntryNotFound } from '../../domain/waitlist/waitlist-errors.ts';
import {
  parseWaitlistFilter,
  type WaitlistFilter,
  type WaitlistPlace,
  type WaitlistRepository,
} from '../../domain/waitlist/waitlist-repository.ts';
import { InMemoryTable } from './in-memory-table.ts';
import type { InMemoryTransaction } from './in-memory-transaction.ts';
import { offerable } from './offerable.ts';
import { byId } from './order.ts';
import { someOther, type Tables } from './tables.ts';

export class InMemoryWaitlistRepository implements WaitlistRepository {
  readonly #rows: InMemoryTable<'waitlist', WaitlistEntryId, WaitlistEntryNotFound>;

  constructor(transaction: InMemoryTransaction) {
    this.#rows = new InMemoryTable(transaction, {
      name: 'waitlist',
      entity: 'waitlist entry',
      parseId: parseWaitlistEntryId,
      notFound: (id) => ({ type: 'WaitlistEntryNotFound', id }),
      withVersion: (entry, version) => new WaitlistEntry({ ...entry, version }),
    });
  }

  get(id: IdInput<WaitlistEntryId>): ResultAsync<WaitlistEntry, WaitlistEntryNotFound | RepositoryError> {
    return this.#rows.get(id);
  }

  find(id: IdInput<WaitlistEntryId>): ResultAsync<WaitlistEntry | undefined, RepositoryError> {
    return this.#rows.find(id);
  }

  findLive(place: WaitlistPlace): ResultAsync<WaitlistEntry | undefined, RepositoryError> {
    return this.#rows.select('findLive', (entries) => entries.find((entry) => sitsAt(entry, place)));
  }

  lockOffered(bookingIds: readonly BookingId[]): ResultAsync<readonly WaitlistEntry[], RepositoryError> {
    return this.#rows.run('lockOffered', 'lock', ({ tables }) =>
      ok(
        [...tables.waitlist.values()]
          .filter(({ live, bookingId }) => live && bookingId !== undefined && bookingIds.includes(bookingId))
          .sort(byId),
      ),
    );
  }

  getForUpdate(
    id: IdInput<WaitlistEntryId>,
  ): ResultAsync<WaitlistEntry, WaitlistEntryNotFound | RepositoryError> {
    return this.#rows.lock('getForUpdate', id);
  }

  findNextFor(slotId: SlotId, afterId: number): ResultAsync<WaitlistEntry | undefined, RepositoryError> {
    return this.#rows.run('findNextFor', 'read', ({ tables, now }) => {
      const slot = offerable(tables).find(({ id }) => id === slotId);
      const queue = [...tables.waitlist.values()].toSorted(byId);
      return ok(
        slot &&
          queue.find(
            (entry) =>
              entry.id > afterId &&
              entry.status === 'waiting' &&
              suits(entry, slot) &&
              mayHave(tables, entry, slot, now),
          ),
      );
    });
  }

  list(filter?: WaitlistFilter, page?: PageRequest): ResultAsync<Page<WaitlistEntry>, RepositoryError> {
    return parseWaitlistFilter(filter).asyncAndThen((wanted) =>
      this.#rows.page(
        'list',
        page,
        (entry) =>
          (wanted.candidateId ?? entry.candidateId) === entry.candidateId &&
          (wanted.cityId ?? entry.cityId) === entry.cityId &&
          (wanted.recruiterId ?? entry.recruiterId) === entry.recruiterId &&
          (wanted.purpose ?? entry.purpose) === entry.purpose &&
          (wanted.statuses?.includes(entry.status) ?? true),
      ),
    );
  }

  add(
    draft: WaitlistDraft,
    joinedAt: Instant,
  ): ResultAsync<
    WaitlistEntry,
    AlreadyWaiting | CandidateNotFound | CityNotFound | RecruiterNotFound | RepositoryError
  > {
    const { candidateId, cityId, recruiterId, purpose } = draft;
    return this.#rows.insert<AlreadyWaiting | CandidateNotFound | CityNotFound | RecruiterNotFound>(
      ({ tables, refuse, nextId }) => {
        if (someOther(tables.waitlist, undefined, (entry) => sitsAt(entry, draft)))
          return refuse({ type: 'AlreadyWaiting', candidateId, cityId, purpose });
        if (!tables.candidates.has(candidateId))
          return refuse({ type: 'CandidateNotFound', id: candidateId });
        if (!tables.cities.has(cityId)) return refuse({ type: 'CityNotFound', id: cityId });
        if (recruiterId !== undefined && !tables.recruiters.has(recruiterId))
          return refuse({ type: 'RecruiterNotFound', id: recruiterId });
        return ok(
          new WaitlistEntry({
            ...draft,
            id: nextId('waitlist') as WaitlistEntryId,
            status: 'waiting',
            joinedAt,
            bookingId: undefined,
            endedAt: undefined,
            version: 1,
          }),
        );
      },
    );
  }

  update(
    entry: WaitlistEntry,
  ): ResultAsync<WaitlistEntry, WaitlistEntryNotFound | StaleVersion | RepositoryError> {
    return this.#rows.update(entry);
  }
}

const sitsAt = (entry: WaitlistEntry, { candidateId, cityId, purpose }: WaitlistPlace): boolean =>
  entry.live && entry.candidateId === candidateId && entry.cityId === cityId && entry.purpose === purpose;

/** Whether the candidate is there, has nothing else at that time or of that kind, and never had the slot before. */
function mayHave(
  { candidates, bookings, slots }: Tables,
  { candidateId }: WaitlistEntry,
  slot: Slot,
  now: Instant,
): boolean {
  const inTheWay = (other: Slot): boolean =>
    overlaps(other.range, slot.range) ||
    (other.recruiterId === slot.recruiterId &&
      other.purpose === slot.purpose &&
      slot.purpose !== 'intro_day' &&
      other.endsAt.isAfter(now));
  return (
    candidates.get(candidateId)?.active === true &&
    !someOther(bookings, undefined, (one) => one.slotId === slot.id && one.candidateId === candidateId) &&
    !someOther(
      slots,
      undefined,
      (other) =>
        other.candidateId === candidateId &&
        isActive(other.status) &&
        !other.hasLapsedAt(now) &&
        inTheWay(other),
    )
  );
}
