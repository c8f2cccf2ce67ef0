import { ok, Result } from 'neverthrow';
import {
  parseCityId,
  parseRecruiterId,
  type BlockedPeriodId,
  type CityId,
  type IdInput,
  type RecruiterId,
} from '../shared/id.ts';
import { parseObject } from '../shared/input.ts';
import { Instant, type InstantInput } from '../shared/instant.ts';
import { parseText, textLimits } from '../shared/text.ts';
import { overlaps, timeRange, type TimeRange } from '../shared/time-range.ts';
import type { ValidationError } from '../shared/validation-error.ts';
import { occupiedRange } from '../slot/slot-collision.ts';
import type { SlotDraft } from '../slot/slot.ts';

/** A time in which nothing may be published, as a caller describes it. */
export interface NewBlockedPeriod {
  /** Whose slots; everybody's when left out. */
  readonly recruiterId?: IdInput<RecruiterId>;
  /** Where; everywhere when left out. */
  readonly cityId?: IdInput<CityId>;
  readonly startsAt: InstantInput;
  readonly endsAt: InstantInput;
  /** Why; 1,000 characters at most. */
  readonly reason: string;
}

/** A validated {@link NewBlockedPeriod}. */
export interface BlockedPeriodDraft {
  readonly recruiterId: RecruiterId | undefined;
  readonly cityId: CityId | undefined;
  readonly startsAt: Instant;
  readonly endsAt: Instant;
  readonly reason: string;
}

export interface BlockedPeriodProps extends BlockedPeriodDraft {
  readonly id: BlockedPeriodId;
  readonly version: number;
}

/** A holiday, an absence, a closed office: from `startsAt` until `endsAt` no slot is published there. */
export class BlockedPeriod implements BlockedPeriodProps {
  readonly id: BlockedPeriodId;
  readonly recruiterId: RecruiterId | undefined;
  readonly cityId: CityId | undefined;
  readonly startsAt: Instant;
  readonly endsAt: Instant;
  readonly reason: string;
  readonly version: number;

  constructor(props: BlockedPeriodProps) {
    this.id = props.id;
    this.recruiterId = props.recruiterId;
    this.cityId = props.cityId;
    this.startsAt = props.startsAt;
    this.endsAt = props.endsAt;
    this.reason = props.reason;
    this.version = props.version;
    Object.freeze(this);
  }

  get range(): TimeRange {
    return { start: this.startsAt, end: this.endsAt };
  }

  /** Whether a slot lies in it, with its recruiter, its city and its time, buffers included. */
  blocks(slot: SlotDraft): boolean {
    return (
      (this.recruiterId ?? slot.recruiterId) === slot.recruiterId &&
      (this.cityId ?? slot.cityId) === slot.cityId &&
      overlaps(this.range, occupiedRange(slot))
    );
  }
}

export const draftBlockedPeriod = (input: NewBlockedPeriod): Result<BlockedPeriodDraft, ValidationError> =>
  parseObject(input, 'period')
    .andThen((given) =>
      Result.combine([
        given.recruiterId === undefined ? ok(undefined) : parseRecruiterId(given.recruiterId),
        given.cityId === undefined ? ok(undefined) : parseCityId(given.cityId),
        Result.combine([
          Instant.parse(given.startsAt, 'startsAt'),
          Instant.parse(given.endsAt, 'endsAt'),
        ]).andThen(([start, end]) => timeRange(start, end)),
        parseText(given.reason, 'reason', textLimits.reason),
      ]),
    )
    .map(([recruiterId, cityId, { start, end }, reason]) => ({
      recruiterId,
      cityId,
      startsAt: start,
      endsAt: end,
      reason,
    }));
