import { ok, safeTry, type ResultAsync } from 'neverthrow';
import type { CandidateId } from '../../domain/shared/id.ts';
import { changeEntry, liveWaitlistStatuses } from '../../domain/waitlist/waitlist-entry.ts';
import type { Accepted } from '../booking/applied-transition.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import { storeEntry, type StoreEntryError } from './store-entry.ts';

const PER_PAGE = 100;

/** Ends all waiting of a candidate, who must be locked: then no other entry appears. */
export const endWaiting = (
  uow: UnitOfWork,
  candidateId: CandidateId,
  accepted: Accepted,
): ResultAsync<void, StoreEntryError> =>
  safeTry<void, StoreEntryError>(async function* () {
    const filter = { candidateId, statuses: liveWaitlistStatuses };
    let page = yield* uow.waitlist.list(filter, { limit: PER_PAGE });
    while (page.items.length > 0) {
      for (const { id } of page.items) {
        const before = yield* uow.waitlist.getForUpdate(id);
        // The offer of a slot that has lapsed may have been ended meanwhile, and the entry with it.
        if (!before.live) continue;
        const after = changeEntry(before, { to: 'left', at: accepted.at });
        yield* storeEntry(uow, { ...accepted, action: 'leave', before, after });
      }
      page = yield* uow.waitlist.list(filter, { limit: PER_PAGE });
    }
    return ok();
  });
