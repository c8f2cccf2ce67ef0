import { safeTry, type ResultAsync } from 'neverthrow';
import type { TransactionError, UnitOfWork } from '../../application/ports/unit-of-work.ts';
import type { CityNotFound } from '../../domain/city/city-errors.ts';
import type { City } from '../../domain/city/city.ts';
import type { RecruiterNotFound } from '../../domain/recruiter/recruiter-errors.ts';
import type { Recruiter } from '../../domain/recruiter/recruiter.ts';
import { Instant } from '../../domain/shared/instant.ts';
import type { RepositoryError } from '../../domain/shared/repository-error.ts';
import { MINUTE } from '../../domain/shared/time-range.ts';
import type { InvalidTimeZone } from '../../domain/shared/time-zone.ts';
import type { SlotOverlap } from '../../domain/slot/slot-errors.ts';
import type { NewSlot, Slot } from '../../domain/slot/slot.ts';
import type { Slotwise } from '../../infrastructure/slotwise.ts';

export interface SeedSlot extends Partial<Omit<NewSlot, 'recruiterId' | 'cityId'>> {
  readonly recruiter: Recruiter;
  readonly city: City;
  /** Minutes the slot lasts when there is no `endsAt`; 30 when left out. */
  readonly minutes?: number;
}

export type SeedSlotError =
  | SlotOverlap
  | RecruiterNotFound
  | CityNotFound
  | InvalidTimeZone
  | RepositoryError
  | TransactionError;

const HOUR = 60 * MINUTE;

/** How many slots without a start were seeded, by SDK and recruiter. */
const seeded = new WeakMap<Slotwise, Map<number, number>>();

/**
 * Stores a free slot without asking the rules of `slots.publish`, so that it may lie in the past. Without `startsAt` the
 * recruiter's first one starts at a full hour a day from now and each further one an hour later.
 */
export const seedSlot = (sdk: Slotwise, slot: SeedSlot): ResultAsync<Slot, SeedSlotError> =>
  sdk.transaction((uow) =>
    safeTry<Slot, SeedSlotError>(async function* () {
      const { recruiter, city, minutes = 30, ...described } = slot;
      const startsAt = yield* startOf(sdk, uow, slot);
      return uow.slots.add({
        timeZone: city.timeZone,
        endsAt: startsAt.plus(minutes * MINUTE),
        ...described,
        startsAt,
        recruiterId: recruiter.id,
        cityId: city.id,
      });
    }),
  );

function startOf(
  sdk: Slotwise,
  uow: UnitOfWork,
  { recruiter, startsAt }: SeedSlot,
): ResultAsync<Instant, RepositoryError> {
  return uow.now().andThen((now) => {
    if (startsAt !== undefined) return Instant.parse(startsAt, 'startsAt');
    const counts = seeded.get(sdk) ?? new Map<number, number>();
    const count = counts.get(recruiter.id) ?? 0;
    seeded.set(sdk, counts.set(recruiter.id, count + 1));
    const fullHour = Math.ceil(now.epochMilliseconds / HOUR) * HOUR;
    return Instant.parse({ epochMilliseconds: fullHour + (24 + count) * HOUR });
  });
}
