import { safeTry } from 'neverthrow';
import {
  ok,
  type RepositoryError,
  type ResultAsync,
  type Slotwise,
  type TransactionError,
} from '../../src/index.ts';
import type { Board } from './publish-a-week.ts';

/** Ids are drawn in order, so a slot that was written on the sly would have one of the next ones. */
const IDS_BEYOND = 50;

/**
 * Every row there is, with its version, in the order of its id. A snapshot reads the database past the cache.
 */
export const storedRows = (
  sdk: Slotwise,
  { offers }: Board,
): ResultAsync<readonly string[], RepositoryError | TransactionError> =>
  sdk.transaction(
    (uow) =>
      safeTry<readonly string[], RepositoryError>(async function* () {
        const limit = { limit: 100 };
        const cities = yield* uow.cities.list({}, limit);
        const recruiters = yield* uow.recruiters.list({}, limit);
        const candidates = yield* uow.candidates.list({}, limit);
        const last = Math.max(...offers.flatMap(({ slots }) => slots.map(({ id }) => id)));
        const slots = yield* uow.slots.getMany(
          Array.from({ length: last + IDS_BEYOND }, (_, index) => index + 1),
        );
        const rows: string[] = [];
        const add = (kind: string, { id, version }: { id: number; version: number }): void => {
          rows.push(`${kind} ${id} version ${version}`);
        };
        for (const city of cities.items) add('city', city);
        for (const recruiter of recruiters.items) add('recruiter', recruiter);
        for (const slot of slots.values()) add('slot', slot);
        for (const candidate of candidates.items) {
          add('candidate', candidate);
          const bookings = yield* uow.bookings.listForCandidate(candidate.id, limit);
          for (const booking of bookings.items) add('booking', booking);
        }
        return ok(rows);
      }),
    { readOnly: true, isolation: 'repeatable read' },
  );
