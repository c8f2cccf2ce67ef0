import type { ResultAsync } from 'neverthrow';
import type { CityId, RecruiterId } from '../../domain/shared/id.ts';
import type { RepositoryError } from '../../domain/shared/repository-error.ts';
import type { Slot } from '../../domain/slot/slot.ts';

/**
 * What a list of free slots is made from: future slots that are free, or pending with the time their hold lapses. It
 * stays true while time passes, so this is what is cached; which of the slots are free is decided at each read.
 */
export interface OpenSlots {
  openForRecruiter(recruiterId: RecruiterId): ResultAsync<readonly Slot[], RepositoryError>;
  openForCity(cityId: CityId): ResultAsync<readonly Slot[], RepositoryError>;
}
