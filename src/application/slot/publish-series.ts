import { err, ok, safeTry, type Result, type ResultAsync } from 'neverthrow';
import { periodBlocked } from '../../domain/blocked-period/blocked-period-errors.ts';
import { parseActor, type Actor } from '../../domain/shared/actor.ts';
import {
  parseBatchSize,
  parseOnConflict,
  type BatchOptions,
  type ItemsRefused,
  type OnConflict,
} from '../../domain/shared/bulk.ts';
import { fail } from '../../domain/shared/fail.ts';
import { parseRecruiterId } from '../../domain/shared/id.ts';
import type { RepositoryError } from '../../domain/shared/repository-error.ts';
import type { InvalidTimeZone } from '../../domain/shared/time-zone.ts';
import { invalid, type ValidationError } from '../../domain/shared/validation-error.ts';
import { planSeries, type PlannedSlot, type SeriesPlan } from '../../domain/slot/plan-series.ts';
import { countOccurrences } from '../../domain/slot/series-occurrences.ts';
import { parseSeries, type SeriesTimes } from '../../domain/slot/series.ts';
import { parseBuffers, Slot, type NewSlot, type SlotDraft } from '../../domain/slot/slot.ts';
import { recordPublishedMany } from '../booking/store-transition.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import { runCommand, type CommandError } from '../run-command.ts';
import { inUnitOfWork, type UseCaseContext, type UseCaseOptions } from '../use-case.ts';
import { offeringOf, withDefaults, type Offering, type OfferingError } from './offering.ts';
import {
  byStart,
  reportOf,
  type NotPublished,
  type SeriesReport,
  type SlotNotPublished,
} from './series-report.ts';

/** What all slots of a series have in common. */
type SeriesTemplate = Omit<NewSlot, 'startsAt' | 'endsAt'>;

/** A recruiter offers many times. What is left out follows the city (`timeZone`) and the policy (buffers). */
export interface PublishSeries<Preview extends boolean = boolean>
  extends SeriesTimes, Omit<SeriesTemplate, 'timeZone'>, BatchOptions {
  /** Zone the slots are shown in; the times of the series are those of the recruiter's own zone. */
  readonly timeZone?: string;
  /** The recruiter itself when left out. */
  readonly actor?: Actor;
  /** Only says what would become of it: nothing is written, and what is `created` has no id. */
  readonly preview?: Preview;
  /** `skip` when left out: what is taken or blocked is named among the `conflicts`. `fail`: all of them or none. */
  readonly onConflict?: OnConflict;
}

export type PublishSeriesError =
  | ItemsRefused<SlotNotPublished>
  | InvalidTimeZone
  | OfferingError
  | CommandError;

type Created<Preview extends boolean> = Preview extends true ? SlotDraft : Slot;

const MAX_SLOTS = 10_000;

/**
 * Publishes the slots of a series: days, windows, breaks and steps by the clock on the recruiter's wall, date by date,
 * so that nine o'clock stays nine o'clock when clocks change. Each slot is checked as `publish` checks one. The report
 * names every time that was left out, taken, or touched by a change of clocks. At most 10,000 slots, of one year.
 *
 * One transaction, a few statements for each batch, one announcement to the cache. Others who change much of the same
 * recruiter's schedule wait until it is over.
 */
export const publishSeries =
  (context: UseCaseContext) =>
  <Preview extends boolean = false>(
    command: PublishSeries<Preview>,
    options: UseCaseOptions = {},
  ): ResultAsync<SeriesReport<Created<Preview>>, PublishSeriesError> =>
    run(context, options, command, (uow) =>
      safeTry<SeriesReport<Created<Preview>>, PublishSeriesError>(async function* () {
        const actor = yield* parseActor(command.actor ?? { kind: 'recruiter', id: command.recruiterId });
        const onConflict = yield* parseOnConflict(command.onConflict, 'skip');
        const batchSize = yield* parseBatchSize(command.batchSize);
        const preview = command.preview === true;
        if (!preview) yield* uow.slots.lockSchedules([yield* parseRecruiterId(command.recruiterId)]);
        const offering = yield* offeringOf(uow, context, command, actor);
        const { plan, template } = yield* planOf(command, offering);

        const now = yield* uow.now();
        const past = plan.planned.filter(({ draft }) => !draft.startsAt.isAfter(now));
        const { open, blocked } = yield* unblocked(uow, plan.planned.slice(past.length));
        const outcomes = preview
          ? yield* foreseen(uow, open)
          : yield* uow.slots.addMany(
              open.map(({ draft: { startsAt, endsAt } }) => ({ ...template, startsAt, endsAt })),
              { onConflict: 'skip', batchSize },
            );
        const conflicts = [...blocked, ...refusedAmong(open, outcomes), ...plan.colliding.map(overlapping)];
        conflicts.sort((a, b) => byStart(a.slot, b.slot));
        if (onConflict === 'fail' && conflicts.length > 0) return fail(allRefused(plan, conflicts));

        const created = outcomes.flatMap((outcome) => (outcome.isOk() ? [outcome.value] : []));
        const stored = created.filter((slot) => slot instanceof Slot);
        if (stored.length > 0) yield* recordPublishedMany(uow, stored, { at: now, actor });
        // Slots or drafts, as `preview` says.
        return ok(reportOf(plan, created as unknown as readonly Created<Preview>[], past, conflicts));
      }),
    );

/** A preview changes nothing, so there is nothing that must not be done twice. */
const run = <T, E>(
  context: UseCaseContext,
  options: UseCaseOptions,
  command: PublishSeries,
  work: (uow: UnitOfWork) => PromiseLike<Result<T, E>>,
): ResultAsync<T, E | CommandError> =>
  command.preview === true
    ? inUnitOfWork(context, options, work)
    : runCommand(context, options, { name: 'slots.publishSeries', input: command }, work);

interface Planned {
  readonly plan: SeriesPlan;
  readonly template: SeriesTemplate;
}

/** The series in instants; the clocks that count are the recruiter's. */
const planOf = (
  { recruiterId, cityId, purpose, policy, ...command }: PublishSeries,
  offering: Offering,
): Result<Planned, ValidationError | InvalidTimeZone> => {
  const { timeZone, bufferBeforeMinutes, bufferAfterMinutes } = withDefaults(command, offering);
  const template: SeriesTemplate = {
    recruiterId,
    cityId,
    timeZone,
    bufferBeforeMinutes,
    bufferAfterMinutes,
    ...(purpose === undefined ? {} : { purpose }),
    ...(policy === undefined ? {} : { policy }),
  };
  return parseBuffers(template)
    .andThen(([before, after]) => parseSeries(command, before + after))
    .andThen((series) =>
      countOccurrences(series) > MAX_SLOTS
        ? invalid('lastDay', `makes a series of more than ${MAX_SLOTS} slots`)
        : planSeries(series, template, offering.recruiter.timeZone),
    )
    .map((plan) => ({ plan, template }));
};

/** Takes out what lies in blocked periods. */
const unblocked = (
  uow: UnitOfWork,
  slots: readonly PlannedSlot[],
): ResultAsync<
  { readonly open: readonly PlannedSlot[]; readonly blocked: readonly NotPublished[] },
  RepositoryError
> =>
  uow.blockedPeriods.lockBlocking(slots.map(({ draft }) => draft)).map((blocking) => ({
    open: slots.filter((_, index) => !blocking.has(index)),
    blocked: slots.flatMap((slot, index) => {
      const period = blocking.get(index);
      return period === undefined ? [] : [{ slot, error: periodBlocked(period) }];
    }),
  }));

/** What storing the slots would answer. */
const foreseen = (
  uow: UnitOfWork,
  slots: readonly PlannedSlot[],
): ResultAsync<readonly Result<SlotDraft, SlotNotPublished>[], RepositoryError> =>
  uow.slots.findConflicts(slots.map(({ draft }) => draft)).map((conflicts) =>
    slots.map(({ draft }, index) => {
      const { recruiterId } = draft;
      return conflicts.has(index) ? err({ type: 'SlotOverlap', recruiterId }) : ok(draft);
    }),
  );

const refusedAmong = (
  slots: readonly PlannedSlot[],
  outcomes: readonly Result<unknown, SlotNotPublished>[],
): readonly NotPublished[] =>
  slots.flatMap((slot, index) => {
    const outcome = outcomes[index];
    return outcome?.isErr() === true ? [{ slot, error: outcome.error }] : [];
  });

/** Another slot of the same series is in the way. */
const overlapping = (slot: PlannedSlot): NotPublished => ({
  slot,
  error: { type: 'SlotOverlap', recruiterId: slot.draft.recruiterId },
});

/** Each by its place among all times of the series. */
function allRefused(
  { planned, colliding }: SeriesPlan,
  conflicts: readonly NotPublished[],
): ItemsRefused<SlotNotPublished> {
  const places = new Map([...planned, ...colliding].sort(byStart).map((slot, index) => [slot, index]));
  const refused = conflicts.map(({ slot, error }) => ({ index: places.get(slot) ?? 0, error }));
  return { type: 'ItemsRefused', refused };
}
