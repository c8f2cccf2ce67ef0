import type { ResultAsync } from 'neverthrow';
import type { Booking } from '../../domain/booking/booking.ts';
import type { Candidate } from '../../domain/candidate/candidate.ts';
import type { City } from '../../domain/city/city.ts';
import type { MessageTemplate } from '../../domain/message-template/message-template.ts';
import type { Recruiter } from '../../domain/recruiter/recruiter.ts';
import type {
  AnyId,
  BookingId,
  CandidateId,
  CityId,
  IdInput,
  RecruiterId,
  SlotId,
  TemplateId,
} from '../../domain/shared/id.ts';
import type { RepositoryError } from '../../domain/shared/repository-error.ts';
import type { Slot } from '../../domain/slot/slot.ts';

/**
 * Entities by id, for code that asks for one at a time in many places: resolvers, templates, loops. What is asked for in
 * one turn of the event loop is read by one `getMany`, and what was read is remembered until the unit of work writes
 * or locks anything, begins a savepoint or undoes one. Errors are not remembered.
 */
export interface BatchLoader<Id extends AnyId, Entity> {
  /** `undefined` when there is none. */
  load(id: IdInput<Id>): ResultAsync<Entity | undefined, RepositoryError>;
  /** In the order of the ids, with `undefined` where there is none. */
  loadMany(ids: readonly IdInput<Id>[]): ResultAsync<readonly (Entity | undefined)[], RepositoryError>;
}

export interface Loaders {
  readonly recruiters: BatchLoader<RecruiterId, Recruiter>;
  readonly cities: BatchLoader<CityId, City>;
  readonly slots: BatchLoader<SlotId, Slot>;
  readonly bookings: BatchLoader<BookingId, Booking>;
  readonly candidates: BatchLoader<CandidateId, Candidate>;
  readonly templates: BatchLoader<TemplateId, MessageTemplate>;
}
