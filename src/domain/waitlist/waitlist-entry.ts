import { ok, Result } from 'neverthrow';
import { parseOptional, parsePeriod, type Period } from '../shared/filter.ts';
import {
  parseCandidateId,
  parseCityId,
  parseRecruiterId,
  type BookingId,
  type CandidateId,
  type CityId,
  type IdInput,
  type RecruiterId,
  type WaitlistEntryId,
} from '../shared/id.ts';
import { parseObject } from '../shared/input.ts';
import type { Instant, InstantInput } from '../shared/instant.ts';
import type { ValidationError } from '../shared/validation-error.ts';
import { parsePurpose } from '../slot/slot.ts';

export const waitlistStatuses = ['waiting', 'offered', 'accepted', 'expired', 'left'] as const;
export type WaitlistStatus = (typeof waitlistStatuses)[number];

/** Statuses in which the candidate still wants a slot. */
export const liveWaitlistStatuses = ['waiting', 'offered'] as const satisfies readonly WaitlistStatus[];

/** What a candidate waits for. */
export interface NewWaitlistEntry {
  readonly candidateId: IdInput<CandidateId>;
  readonly cityId: IdInput<CityId>;
  /** Anybody's slot when left out. */
  readonly recruiterId?: IdInput<RecruiterId>;
  /** `interview` when left out. */
  readonly purpose?: string;
  /** Slots that lie in `[from, until)` as a whole; at any time when left out. */
  readonly from?: InstantInput;
  readonly until?: InstantInput;
}

/** A validated {@link NewWaitlistEntry}. */
export interface WaitlistDraft extends Period {
  readonly candidateId: CandidateId;
  readonly cityId: CityId;
  readonly recruiterId: RecruiterId | undefined;
  readonly purpose: string;
}

export interface WaitlistEntryProps extends WaitlistDraft {
  readonly id: WaitlistEntryId;
  readonly status: WaitlistStatus;
  readonly joinedAt: Instant;
  /** The offer: set while it is open, and once it was accepted or has expired. */
  readonly bookingId: BookingId | undefined;
  readonly endedAt: Instant | undefined;
  readonly version: number;
}

/** A candidate's place in the queue of a city: live while waiting or offered, history afterwards. */
export class WaitlistEntry implements WaitlistEntryProps {
  readonly id: WaitlistEntryId;
  readonly candidateId: CandidateId;
  readonly cityId: CityId;
  readonly recruiterId: RecruiterId | undefined;
  readonly purpose: string;
  readonly from: Instant | undefined;
  readonly until: Instant | undefined;
  readonly status: WaitlistStatus;
  readonly joinedAt: Instant;
  readonly bookingId: BookingId | undefined;
  readonly endedAt: Instant | undefined;
  readonly version: number;

  constructor(props: WaitlistEntryProps) {
    this.id = props.id;
    this.candidateId = props.candidateId;
    this.cityId = props.cityId;
    this.recruiterId = props.recruiterId;
    this.purpose = props.purpose;
    this.from = props.from;
    this.until = props.until;
    this.status = props.status;
    this.joinedAt = props.joinedAt;
    this.bookingId = props.bookingId;
    this.endedAt = props.endedAt;
    this.version = props.version;
    Object.freeze(this);
  }

  get live(): boolean {
    return this.endedAt === undefined;
  }

  /** Whether it waits for the same thing. */
  wants({ recruiterId, from, until }: Pick<WaitlistDraft, 'recruiterId' | 'from' | 'until'>): boolean {
    return this.recruiterId === recruiterId && sameInstant(this.from, from) && sameInstant(this.until, until);
  }
}

const sameInstant = (one: Instant | undefined, other: Instant | undefined): boolean =>
  one?.epochMilliseconds === other?.epochMilliseconds;

/** What can become of a live entry, and what a booking's end makes of it. */
export type EntryChange =
  | { readonly to: 'waiting' }
  | { readonly to: 'offered'; readonly bookingId: BookingId }
  | { readonly to: 'accepted' | 'expired' | 'left'; readonly at: Instant };

/** The entry after a change. It keeps its place in the queue until it has ended. */
export function changeEntry(entry: WaitlistEntry, change: EntryChange): WaitlistEntry {
  const offer =
    change.to === 'offered'
      ? change.bookingId
      : change.to === 'accepted' || change.to === 'expired'
        ? entry.bookingId
        : undefined;
  return new WaitlistEntry({
    ...entry,
    status: change.to,
    bookingId: offer,
    endedAt: 'at' in change ? change.at : undefined,
  });
}

export const draftWaitlistEntry = (input: NewWaitlistEntry): Result<WaitlistDraft, ValidationError> =>
  parseObject(input, 'entry').andThen((given) =>
    Result.combine([
      parseCandidateId(given.candidateId),
      parseCityId(given.cityId),
      parseOptional(given.recruiterId, parseRecruiterId),
      parsePurpose(given.purpose ?? 'interview'),
      parsePeriod(given),
    ]).andThen(([candidateId, cityId, recruiterId, purpose, period]) =>
      ok({ candidateId, cityId, recruiterId, purpose, ...period }),
    ),
  );

/** Whether a slot is what the entry waits for. */
export const suits = (
  { cityId, recruiterId, purpose, from, until }: WaitlistDraft,
  slot: {
    readonly cityId: CityId;
    readonly recruiterId: RecruiterId;
    readonly purpose: string;
    readonly startsAt: Instant;
    readonly endsAt: Instant;
  },
): boolean =>
  cityId === slot.cityId &&
  purpose === slot.purpose &&
  (recruiterId === undefined || recruiterId === slot.recruiterId) &&
  (from === undefined || !slot.startsAt.isBefore(from)) &&
  (until === undefined || !slot.endsAt.isAfter(until));
