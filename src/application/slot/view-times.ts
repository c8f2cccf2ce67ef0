import { ok, okAsync, ResultAsync, type Result } from 'neverthrow';
import type { CandidateNotFound } from '../../domain/candidate/candidate-errors.ts';
import type { Candidate } from '../../domain/candidate/candidate.ts';
import { parseCandidateId, type CandidateId, type IdInput, type SlotId } from '../../domain/shared/id.ts';
import { parseObject } from '../../domain/shared/input.ts';
import { present } from '../../domain/shared/present.ts';
import type { RepositoryError } from '../../domain/shared/repository-error.ts';
import { parseTimeZone, type InvalidTimeZone, type TimeZoneId } from '../../domain/shared/time-zone.ts';
import type { SlotNotFound } from '../../domain/slot/slot-errors.ts';
import type { Slot } from '../../domain/slot/slot.ts';
import { timeView, type TimeView } from '../../domain/slot/time-view.ts';
import type { Clock } from '../ports/clock.ts';
import { distinct, entities } from '../read-with-relations.ts';
import type { Readers } from '../readers.ts';

/** The candidate who looks at slots. */
export interface SlotViewer {
  /** The one who has the slot when left out. */
  readonly candidateId?: IdInput<CandidateId> | undefined;
  /** Used instead of the zone that is stored of them. */
  readonly timeZone?: string | undefined;
}

export type ViewTimesError = CandidateNotFound | InvalidTimeZone | RepositoryError;

interface ViewTimesContext {
  readonly read: Readers;
  readonly clock: Clock;
}

/**
 * Slots on the clocks of everybody concerned, in the order in which they were asked for; those that do not exist are left
 * out. Reads through the cache, each kind by one `getMany`: four queries at most, none when all is cached.
 */
export const viewTimesOfMany =
  ({ read, clock }: ViewTimesContext) =>
  (
    slots: readonly (Slot | IdInput<SlotId>)[],
    viewer: SlotViewer = {},
  ): ResultAsync<readonly TimeView[], ViewTimesError> =>
    parseObject(viewer, 'viewer')
      .asyncAndThen(({ candidateId, timeZone }) =>
        ResultAsync.combine([
          entities<Slot, SlotId, IdInput<SlotId>>(slots, (ids) => read.slots.getMany(ids)),
          viewerOf(read, candidateId),
          okAsync(timeZone).andThen(parseOptionalTimeZone),
        ] as const),
      )
      .andThen(([found, candidate, timeZone]) => {
        const holders = candidate === undefined && timeZone === undefined ? holdersOf(found) : [];
        return ResultAsync.combine([
          read.recruiters.getMany(distinct(found, ({ recruiterId }) => [recruiterId])),
          read.cities.getMany(distinct(found, ({ cityId }) => [cityId])),
          read.candidates.getMany(holders),
        ]).map(([recruiters, cities, candidates]) => {
          const now = clock.now();
          return found.map((slot) => {
            const holder = slot.candidateId === undefined ? undefined : candidates.get(slot.candidateId);
            const zones = {
              recruiter: recruiters.get(slot.recruiterId)?.timeZone,
              city: cities.get(slot.cityId)?.timeZone,
              candidate: timeZone ?? (candidate ?? holder)?.timeZone,
            };
            return timeView(slot, zones, now);
          });
        });
      });

/** One slot on the clocks of everybody concerned. */
export const viewTimes = (context: ViewTimesContext) => {
  const ofMany = viewTimesOfMany(context);
  return (
    slotId: IdInput<SlotId>,
    viewer?: SlotViewer,
  ): ResultAsync<TimeView, SlotNotFound | ViewTimesError> =>
    ofMany([slotId], viewer).andThen(([view]) =>
      present<SlotNotFound>({ type: 'SlotNotFound', id: slotId as SlotId })(view),
    );
};

function viewerOf(
  read: Readers,
  candidateId: IdInput<CandidateId> | undefined,
): ResultAsync<Candidate | undefined, CandidateNotFound | RepositoryError> {
  if (candidateId === undefined) return okAsync(undefined);
  return parseCandidateId(candidateId).asyncAndThen((id) => read.candidates.get(id));
}

const parseOptionalTimeZone = (
  timeZone: string | undefined,
): Result<TimeZoneId | undefined, InvalidTimeZone> =>
  timeZone === undefined ? ok(undefined) : parseTimeZone(timeZone);

const holdersOf = (slots: readonly Slot[]): readonly CandidateId[] =>
  distinct(slots, ({ candidateId }) => (candidateId === undefined ? [] : [candidateId]));
