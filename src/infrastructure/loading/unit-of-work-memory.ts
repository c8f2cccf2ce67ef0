import type { Result, ResultAsync } from 'neverthrow';
import type { Loaders } from '../../application/ports/loaders.ts';
import type { UnexpectedError, UnitOfWork } from '../../application/ports/unit-of-work.ts';
import {
  parseBookingId,
  parseCandidateId,
  parseCityId,
  parseRecruiterId,
  parseSlotId,
  parseTemplateId,
} from '../../domain/shared/id.ts';
import { settled } from '../transaction/run-transaction.ts';
import { Memo } from './memo.ts';
import { MemoizedLoader } from './memoized-loader.ts';

type Repositories = Pick<UnitOfWork, keyof Loaders>;

/** What a unit of work remembers for as long as it changes nothing. Nothing of it gets into a cache. */
export class UnitOfWorkMemory {
  readonly loaders: ReturnType<typeof loadersOver>;
  readonly #memo = new Memo();

  constructor(repositories: Repositories) {
    this.loaders = loadersOver(repositories);
  }

  memo<T, E>(key: string, load: () => PromiseLike<Result<T, E>>): ResultAsync<T, E | UnexpectedError> {
    return this.#memo.once<T, E | UnexpectedError>(key, () => settled(load));
  }

  clear(): void {
    this.#memo.clear();
    for (const loader of Object.values(this.loaders)) loader.clear();
  }
}

const loadersOver = ({ recruiters, cities, slots, bookings, candidates, templates }: Repositories) => ({
  recruiters: new MemoizedLoader({ parseId: parseRecruiterId, getMany: (ids) => recruiters.getMany(ids) }),
  cities: new MemoizedLoader({ parseId: parseCityId, getMany: (ids) => cities.getMany(ids) }),
  slots: new MemoizedLoader({ parseId: parseSlotId, getMany: (ids) => slots.getMany(ids) }),
  bookings: new MemoizedLoader({ parseId: parseBookingId, getMany: (ids) => bookings.getMany(ids) }),
  candidates: new MemoizedLoader({ parseId: parseCandidateId, getMany: (ids) => candidates.getMany(ids) }),
  templates: new MemoizedLoader({ parseId: parseTemplateId, getMany: (ids) => templates.getMany(ids) }),
});
