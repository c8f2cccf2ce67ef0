import type { Result, ResultAsync } from 'neverthrow';
import type { CityNotFound } from '../city/city-errors.ts';
import type { RecruiterNotFound } from '../recruiter/recruiter-errors.ts';
import type { AddManyOptions, BatchOptions, ItemsRefused } from '../shared/bulk.ts';
import type { CandidateId, CityId, IdInput, RecruiterId, SlotId } from '../shared/id.ts';
import type { Instant, InstantInput } from '../shared/instant.ts';
import type { RepositoryError, StaleVersion, StillReferenced } from '../shared/repository-error.ts';
import type { InvalidTimeZone } from '../shared/time-zone.ts';
import type { CandidateBusy, DuplicateBooking, SlotNotFound, SlotOverlap } from './slot-errors.ts';
import type { ClaimTerms, SlotClaim } from './slot-claim.ts';
import type { SlotQueries } from './slot-queries.ts';
import type { NewSlot, Slot, SlotDraft } from './slot.ts';

/** Reads of slots, cached where the composition says so; the queries never are. */
export interface SlotReader extends SlotQueries {
  get(id: IdInput<SlotId>): ResultAsync<Slot, SlotNotFound | RepositoryError>;
  find(id: IdInput<SlotId>): ResultAsync<Slot | undefined, RepositoryError>;
  /** Read 5,000 at a time; ids that do not exist are absent from the map. */
  getMany(ids: readonly IdInput<SlotId>[]): ResultAsync<ReadonlyMap<SlotId, Slot>, RepositoryError>;
  /**
   * The recruiter's free slots that start after `after` and after now, by start. A slot whose hold has lapsed is free;
   * what an archived recruiter has, or what is in an archived city, is left out. Good for offering; taking one is decided by the database.
   */
  getFreeForRecruiter(
    recruiterId: IdInput<RecruiterId>,
    after?: InstantInput,
  ): ResultAsync<readonly Slot[], RepositoryError>;
  /** The same for all recruiters of a city. */
  getFreeForCity(
    cityId: IdInput<CityId>,
    after?: InstantInput,
  ): ResultAsync<readonly Slot[], RepositoryError>;
}

/** A guard of the database that a stored slot can run into. */
export type SlotConflict = SlotOverlap | CandidateBusy | DuplicateBooking;

/** Why a slot cannot be stored. */
export type AddSlotError = SlotOverlap | RecruiterNotFound | CityNotFound | InvalidTimeZone | RepositoryError;

/** Which past slots are meant. */
export interface PastSlots {
  /** Those that had ended by then. */
  readonly endedBefore: Instant;
  readonly recruiterId?: RecruiterId | undefined;
  readonly cityId?: CityId | undefined;
}

export interface SlotRepository extends SlotReader {
  /** Reads and locks the row until the transaction ends (`FOR UPDATE`). Never cached. */
  getForUpdate(id: IdInput<SlotId>): ResultAsync<Slot, SlotNotFound | RepositoryError>;
  /** Those that exist, locked in ascending id and answered in that order. Never cached. */
  lockMany(ids: readonly IdInput<SlotId>[]): ResultAsync<readonly Slot[], RepositoryError>;
  /**
   * Waits for others that publish, move or reassign many slots of these recruiters, until their transactions end. Taken
   * in ascending id, and before any lock of a slot, so that bulk changes which overlap never wait in a circle.
   */
  lockSchedules(recruiterIds: readonly IdInput<RecruiterId>[]): ResultAsync<void, RepositoryError>;
  /**
   * Which of these slots, stored as they are given, would collide with slots that are not among them, as a map from
   * their places in the list. Reads the database, never the cache, and locks nothing.
   */
  findConflicts(
    slots: readonly (Slot | SlotDraft)[],
  ): ResultAsync<ReadonlyMap<number, SlotConflict>, RepositoryError>;
  /**
   * Locks the slot, and any others that are named, together with every slot the candidate has ahead, in ascending id so
   * that two candidates never wait for each other, and answers them in that order. Never cached.
   */
  lockForReservation(
    id: IdInput<SlotId>,
    candidateId: IdInput<CandidateId>,
    ...others: readonly IdInput<SlotId>[]
  ): ResultAsync<readonly Slot[], SlotNotFound | RepositoryError>;
  /** Locks every slot the candidate has ahead, in ascending id. Never cached. */
  lockActive(candidateId: IdInput<CandidateId>): ResultAsync<readonly Slot[], RepositoryError>;
  /**
   * Locks one free slot that the candidate can have by every rule there is, or answers `undefined`. It waits for nobody: a
   * slot that somebody else is taking is left out (`SKIP LOCKED`), so that as many candidates as there are slots get one
   * each. A slot whose hold has lapsed counts as free, and is answered as it is stored. One query over the free slots of
   * the city. Lock the candidate first, and settle what they have ahead.
   */
  claimFree(claim: SlotClaim, terms: ClaimTerms): ResultAsync<Slot | undefined, RepositoryError>;
  /**
   * Locks up to `limit` slots, from 1 to 1,000, that time has decided about and nobody has settled: holds, requests and
   * offers that lapsed, interviews that are over. Leaves out what others have locked.
   */
  claimDue(limit: number): ResultAsync<readonly Slot[], RepositoryError>;
  /**
   * Up to `limit` free slots like this one (same city and purpose, later than now), the same recruiter's and the
   * nearest in time first, without those of archived recruiters. Reads the database, never the cache.
   */
  findAlternatives(id: IdInput<SlotId>, limit: number): ResultAsync<readonly Slot[], RepositoryError>;
  /** Stores a free slot. Use cases check more (recruiter, city, past); see `slots.publish`. */
  add(slot: NewSlot): ResultAsync<Slot, AddSlotError>;
  /**
   * Stores many free slots, a statement for each batch, and answers for each in the order given: the slot, or why there
   * is none. With `onConflict: 'skip'` those that can be stored are, also when others of the same list stand in their
   * way; by default one that cannot be stored keeps all of them out, and the answer is `ItemsRefused`. Takes the locks
   * of {@link lockSchedules} first.
   */
  addMany(
    slots: readonly NewSlot[],
    options?: AddManyOptions,
  ): ResultAsync<readonly Result<Slot, AddSlotError>[], ItemsRefused<AddSlotError> | RepositoryError>;
  /**
   * Stores a changed slot if its version is still the stored one; answers it with the next version. A slot that somebody
   * has and its booking must agree when the transaction ends: candidate, purpose and a state that fits; a live booking is
   * the one its slot points at. If not, `commit` answers `ConstraintViolation` of `slot_booking_agree` and rolls back.
   */
  update(slot: Slot): ResultAsync<Slot, SlotNotFound | SlotConflict | StaleVersion | RepositoryError>;
  /**
   * Stores many changed slots, or none, and answers them in the order given with their next versions. They are guarded
   * as they are in the end: slots may take over one another's times. A guard that fires says which, not for which slot;
   * ask {@link findConflicts} before.
   */
  updateMany(
    slots: readonly Slot[],
    options?: BatchOptions,
  ): ResultAsync<readonly Slot[], ItemsRefused<SlotNotFound | StaleVersion> | SlotConflict | RepositoryError>;
  /** Only a slot that never had a booking; otherwise withdraw it. */
  delete(id: IdInput<SlotId>): ResultAsync<void, SlotNotFound | StillReferenced | RepositoryError>;
  /** Deletes those that never had a booking; answers for each in the order given. */
  deleteMany(
    ids: readonly IdInput<SlotId>[],
  ): ResultAsync<readonly Result<SlotId, SlotNotFound | StillReferenced>[], RepositoryError>;
  /**
   * Deletes up to `limit` free slots that are over and never had a booking, and answers them as they were, by ascending
   * id. Those that somebody has locked are left for the next time.
   */
  deletePast(slots: PastSlots, limit: number): ResultAsync<readonly Slot[], RepositoryError>;
}
