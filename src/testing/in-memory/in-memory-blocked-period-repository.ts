import { ok, type ResultAsync } from 'neverthrow';
import type { BlockedPeriodNotFound } from '../../domain/blocked-period/blocked-period-errors.ts';
import type {
  BlockedPeriodFilter,
  BlockedPeriodRepository,
} from '../../domain/blocked-period/blocked-period-repository.ts';
import {
  BlockedPeriod,
  draftBlockedPeriod,
  type NewBlockedPeriod,
} from '../../domain/blocked-period/blocked-period.ts';
import { blockingPeriods } from '../../domain/blocked-period/blocking-periods.ts';
import type { Booking } from '../../domain/booking/booking.ts';
import type { CityNotFound } from '../../domain/city/city-errors.ts';
import type { RecruiterNotFound } from '../../domain/recruiter/recruiter-errors.ts';
import { parseBlockedPeriodId, type BlockedPeriodId, type IdInput } from '../../domain/shared/id.ts';
import type { Page, PageRequest } from '../../domain/shared/page.ts';
import type { RepositoryError } from '../../domain/shared/repository-error.ts';
import { isActive } from '../../domain/slot/slot-status.ts';
import type { SlotDraft } from '../../domain/slot/slot.ts';
import { parseBlockedPeriodFilter } from '../../infrastructure/persistence/repositories/blocked-period-filter.ts';
import { InMemoryTable } from './in-memory-table.ts';
import type { InMemoryTransaction } from './in-memory-transaction.ts';
import { byStart } from './order.ts';

export class InMemoryBlockedPeriodRepository implements BlockedPeriodRepository {
  readonly #rows: InMemoryTable<'blockedPeriods', BlockedPeriodId, BlockedPeriodNotFound>;

  constructor(transaction: InMemoryTransaction) {
    this.#rows = new InMemoryTable(transaction, {
      name: 'blockedPeriods',
      entity: 'blocked_period',
      parseId: parseBlockedPeriodId,
      notFound: (id) => ({ type: 'BlockedPeriodNotFound', id }),
      withVersion: (period, version) => new BlockedPeriod({ ...period, version }),
    });
  }

  get(id: IdInput<BlockedPeriodId>): ResultAsync<BlockedPeriod, BlockedPeriodNotFound | RepositoryError> {
    return this.#rows.get(id);
  }

  find(id: IdInput<BlockedPeriodId>): ResultAsync<BlockedPeriod | undefined, RepositoryError> {
    return this.#rows.find(id);
  }

  list(
    filter: BlockedPeriodFilter = {},
    page?: PageRequest,
  ): ResultAsync<Page<BlockedPeriod>, RepositoryError> {
    return parseBlockedPeriodFilter(filter).asyncAndThen(({ recruiterId, cityId, after }) =>
      this.#rows.page(
        'list',
        page,
        (period) =>
          (recruiterId ?? period.recruiterId) === period.recruiterId &&
          (cityId ?? period.cityId) === period.cityId &&
          (after === undefined || period.endsAt.isAfter(after)),
      ),
    );
  }

  add(
    period: NewBlockedPeriod,
  ): ResultAsync<BlockedPeriod, RecruiterNotFound | CityNotFound | RepositoryError> {
    return draftBlockedPeriod(period).asyncAndThen((draft) =>
      this.#rows.insert<RecruiterNotFound | CityNotFound>(({ tables, nextId, refuse }) => {
        const { recruiterId, cityId } = draft;
        if (recruiterId !== undefined && !tables.recruiters.has(recruiterId))
          return refuse({ type: 'RecruiterNotFound', id: recruiterId });
        if (cityId !== undefined && !tables.cities.has(cityId))
          return refuse({ type: 'CityNotFound', id: cityId });
        const id = nextId('blockedPeriods') as BlockedPeriodId;
        return ok(new BlockedPeriod({ ...draft, id, version: 1 }));
      }),
    );
  }

  delete(id: IdInput<BlockedPeriodId>): ResultAsync<void, BlockedPeriodNotFound | RepositoryError> {
    // Nothing refers to a period.
    return this.#rows
      .delete(id, () => false)
      .mapErr((error) => error as Exclude<typeof error, { readonly type: 'StillReferenced' }>);
  }

  lockBlocking(
    slots: readonly SlotDraft[],
  ): ResultAsync<ReadonlyMap<number, BlockedPeriod>, RepositoryError> {
    return this.#rows.run('lockBlocking', 'lock', ({ tables }) =>
      ok(
        blockingPeriods(
          slots,
          [...tables.blockedPeriods.values()].sort((a, b) => a.id - b.id),
        ),
      ),
    );
  }

  listAffected(period: BlockedPeriod): ResultAsync<readonly Booking[], RepositoryError> {
    return this.#rows.run('listAffected', 'read', ({ tables, now }) => {
      const taken = [...tables.slots.values()].filter(
        (slot) => isActive(slot.status) && !slot.hasLapsedAt(now) && period.blocks(slot),
      );
      return ok(
        taken
          .sort(byStart)
          .flatMap(({ currentBookingId }) =>
            currentBookingId === undefined ? [] : (tables.bookings.get(currentBookingId) ?? []),
          ),
      );
    });
  }
}
