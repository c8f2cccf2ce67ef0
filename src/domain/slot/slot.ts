import { ok, Result } from 'neverthrow';
import { parseOverrides, type PolicyOverrides } from '../booking/booking-policy.ts';
import type { BookingId, CandidateId, CityId, IdInput, RecruiterId, SlotId } from '../shared/id.ts';
import { parseCityId, parseRecruiterId } from '../shared/id.ts';
import { parseObject } from '../shared/input.ts';
import { Instant, type InstantInput } from '../shared/instant.ts';
import { durationInMinutes, MINUTE, timeRange, type TimeRange } from '../shared/time-range.ts';
import { parseTimeZone, type InvalidTimeZone, type TimeZoneId } from '../shared/time-zone.ts';
import { invalid, type ValidationError } from '../shared/validation-error.ts';
import { slotLimits } from './slot-limits.ts';
import type { SlotStatus } from './slot-status.ts';

/** A slot as a caller describes it before it is published. */
export interface NewSlot {
  readonly recruiterId: IdInput<RecruiterId>;
  readonly cityId: IdInput<CityId>;
  readonly startsAt: InstantInput;
  readonly endsAt: InstantInput;
  /** Zone the slot is shown in. */
  readonly timeZone: string;
  /** What the slot is for: `interview` when left out; `intro_day` slots of one recruiter may overlap. */
  readonly purpose?: string;
  /** Minutes before the start in which the recruiter is not free either; 0 when left out. */
  readonly bufferBeforeMinutes?: number;
  /** Minutes after the end in which the recruiter is not free either; 0 when left out. */
  readonly bufferAfterMinutes?: number;
  /** Rules of its own for bookings; buffers among them become part of its times when it is published. */
  readonly policy?: PolicyOverrides;
}

/** A validated {@link NewSlot}. */
export interface SlotDraft {
  readonly recruiterId: RecruiterId;
  readonly cityId: CityId;
  readonly purpose: string;
  readonly timeZone: TimeZoneId;
  readonly startsAt: Instant;
  readonly endsAt: Instant;
  /** The displayed time widened by the buffers: what may not overlap for one recruiter. */
  readonly occupiedFrom: Instant;
  readonly occupiedUntil: Instant;
  readonly policy: PolicyOverrides;
}

/** Who has the slot, and by which booking. */
export interface Occupancy {
  readonly candidateId: CandidateId;
  readonly currentBookingId: BookingId;
  /** Set while pending: when the hold or the request lapses by itself. */
  readonly holdExpiresAt: Instant | undefined;
}

export interface SlotProps extends SlotDraft {
  readonly id: SlotId;
  readonly status: SlotStatus;
  readonly candidateId: CandidateId | undefined;
  readonly currentBookingId: BookingId | undefined;
  readonly holdExpiresAt: Instant | undefined;
  readonly version: number;
}

/**
 * A time a recruiter offers in a city. The slot is the single authority on who has it: a booking is live exactly while
 * its slot points at it.
 */
export class Slot implements SlotProps {
  readonly id: SlotId;
  readonly recruiterId: RecruiterId;
  readonly cityId: CityId;
  readonly purpose: string;
  readonly timeZone: TimeZoneId;
  readonly startsAt: Instant;
  readonly endsAt: Instant;
  readonly occupiedFrom: Instant;
  readonly occupiedUntil: Instant;
  readonly policy: PolicyOverrides;
  readonly status: SlotStatus;
  readonly candidateId: CandidateId | undefined;
  readonly currentBookingId: BookingId | undefined;
  readonly holdExpiresAt: Instant | undefined;
  readonly version: number;

  constructor(props: SlotProps) {
    this.id = props.id;
    this.recruiterId = props.recruiterId;
    this.cityId = props.cityId;
    this.purpose = props.purpose;
    this.timeZone = props.timeZone;
    this.startsAt = props.startsAt;
    this.endsAt = props.endsAt;
    this.occupiedFrom = props.occupiedFrom;
    this.occupiedUntil = props.occupiedUntil;
    this.policy = Object.freeze({ ...props.policy });
    this.status = props.status;
    this.candidateId = props.candidateId;
    this.currentBookingId = props.currentBookingId;
    this.holdExpiresAt = props.holdExpiresAt;
    this.version = props.version;
    Object.freeze(this);
  }

  /** The displayed time. */
  get range(): TimeRange {
    return { start: this.startsAt, end: this.endsAt };
  }

  /**
   * The slot at another time, its buffers with it. A hold or request still lapses when it starts, at the latest.
   *
   * @param milliseconds negative to move it to an earlier time
   */
  shifted(milliseconds: number): Result<Slot, ValidationError> {
    // The first and the last instants of all are as far as it goes.
    const moved = ({ epochMilliseconds }: Instant): Result<Instant, ValidationError> =>
      Instant.parse({ epochMilliseconds: epochMilliseconds + milliseconds }, 'offsetMinutes');
    return Result.combine([
      moved(this.startsAt),
      moved(this.endsAt),
      moved(this.occupiedFrom),
      moved(this.occupiedUntil),
    ]).map(([startsAt, endsAt, occupiedFrom, occupiedUntil]) => {
      const lapses = this.holdExpiresAt;
      const holdExpiresAt = lapses?.isAfter(startsAt) === true ? startsAt : lapses;
      return new Slot({ ...this, startsAt, endsAt, occupiedFrom, occupiedUntil, holdExpiresAt });
    });
  }

  /** The slot of another recruiter. */
  assignedTo(recruiterId: RecruiterId): Slot {
    return new Slot({ ...this, recruiterId });
  }

  /** Replaces the rules of its own. Buffers are part of its times, so they cannot be changed with the rules. */
  changePolicy(policy: PolicyOverrides): Result<Slot, ValidationError> {
    return parseOverrides(policy).andThen((valid) => {
      const buffer = Object.keys(valid).find((rule) => rule.startsWith('buffer'));
      return buffer === undefined
        ? ok(new Slot({ ...this, policy: valid }))
        : invalid(`policy.${buffer}`, 'is part of the times of a slot, which stay as they were published');
    });
  }

  /** Whether a hold or request on the slot has lapsed, also when nobody has swept it up yet. */
  hasLapsedAt(now: Instant): boolean {
    return this.status === 'pending' && this.holdExpiresAt !== undefined && !this.holdExpiresAt.isAfter(now);
  }

  /** Whether a candidate may take the slot: a lapsed hold never blocks. */
  isFreeAt(now: Instant): boolean {
    return this.status === 'free' || this.hasLapsedAt(now);
  }
}

/** A slot as it is when it is published: nobody has it. */
export const freeSlot = (id: SlotId, draft: SlotDraft): Slot =>
  new Slot({
    ...draft,
    id,
    status: 'free',
    candidateId: undefined,
    currentBookingId: undefined,
    holdExpiresAt: undefined,
    version: 1,
  });

export function draftSlot(input: NewSlot): Result<SlotDraft, ValidationError | InvalidTimeZone> {
  return parseObject(input, 'slot')
    .andThen((given) =>
      Result.combine([
        parseRecruiterId(given.recruiterId),
        parseCityId(given.cityId),
        parseTimes(given),
        parseTimeZone(given.timeZone),
        parsePurpose(given.purpose ?? 'interview'),
        parseOverrides(given.policy),
      ]),
    )
    .map(([recruiterId, cityId, times, timeZone, purpose, policy]) => ({
      recruiterId,
      cityId,
      purpose,
      timeZone,
      policy,
      ...times,
    }));
}

type SlotTimes = Pick<SlotDraft, 'startsAt' | 'endsAt' | 'occupiedFrom' | 'occupiedUntil'>;

const parseTimes = (input: NewSlot): Result<SlotTimes, ValidationError> =>
  Result.combine([parseSlotRange(input), parseBuffers(input)]).andThen(([{ start, end }, [before, after]]) =>
    // The buffers of a slot in the first or last hours there are would lead to where no instant can be stored.
    Result.combine([
      Instant.parse(start.plus(-before * MINUTE), 'bufferBeforeMinutes'),
      Instant.parse(end.plus(after * MINUTE), 'bufferAfterMinutes'),
    ]).map(([occupiedFrom, occupiedUntil]) => ({
      startsAt: start,
      endsAt: end,
      occupiedFrom,
      occupiedUntil,
    })),
  );

/** The displayed time of a slot: how long it may last is the same for all. */
export function parseSlotRange(
  input: Pick<NewSlot, 'startsAt' | 'endsAt'>,
): Result<TimeRange, ValidationError> {
  return Result.combine([Instant.parse(input.startsAt, 'startsAt'), Instant.parse(input.endsAt, 'endsAt')])
    .andThen(([start, end]) => timeRange(start, end))
    .andThen((range) => {
      const minutes = durationInMinutes(range);
      return minutes >= slotLimits.minMinutes && minutes <= slotLimits.maxMinutes
        ? ok(range)
        : invalid('endsAt', `a slot lasts ${slotLimits.minMinutes} to ${slotLimits.maxMinutes} minutes`);
    });
}

export const parsePurpose = (purpose: string, field = 'purpose'): Result<string, ValidationError> =>
  typeof purpose === 'string' && /^[a-z][a-z0-9_]{0,63}$/.test(purpose)
    ? ok(purpose)
    : invalid(field, 'must be lower-case letters, digits and underscores, at most 64');

/** The minutes before and after a slot in which its recruiter is not free either. */
export const parseBuffers = ({
  bufferBeforeMinutes = 0,
  bufferAfterMinutes = 0,
}: Pick<NewSlot, 'bufferBeforeMinutes' | 'bufferAfterMinutes'>): Result<[number, number], ValidationError> =>
  Result.combine([
    parseBuffer(bufferBeforeMinutes, 'bufferBeforeMinutes'),
    parseBuffer(bufferAfterMinutes, 'bufferAfterMinutes'),
  ]);

const parseBuffer = (minutes: number, field: string): Result<number, ValidationError> =>
  Number.isInteger(minutes) && minutes >= 0 && minutes <= slotLimits.maxBufferMinutes
    ? ok(minutes)
    : invalid(field, `must be an integer from 0 to ${slotLimits.maxBufferMinutes}`);
