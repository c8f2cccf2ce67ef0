import { ok, Result } from 'neverthrow';
import { parseCityId, parseIds, type CityId, type IdInput, type RecruiterId } from '../shared/id.ts';
import { parseOverrides, type PolicyOverrides } from '../booking/booking-policy.ts';
import { parseActive, parseObject } from '../shared/input.ts';
import { parseTelegramId, type TelegramId } from '../shared/telegram-id.ts';
import { parseText, textLimits } from '../shared/text.ts';
import { parseTimeZone, type InvalidTimeZone, type TimeZoneId } from '../shared/time-zone.ts';
import type { ValidationError } from '../shared/validation-error.ts';

/** A recruiter as a caller describes one before it is stored. */
export interface NewRecruiter {
  readonly name: string;
  readonly timeZone: string;
  /** Cities the recruiter publishes slots in; none when left out. */
  readonly cityIds?: readonly IdInput<CityId>[];
  readonly telegramChatId?: string | number | bigint;
  /** `true` when left out. */
  readonly active?: boolean;
  /** Rules of its own for bookings; those of the wider circle hold where it has none. */
  readonly policy?: PolicyOverrides;
}

/** A validated {@link NewRecruiter}. */
export interface RecruiterDraft {
  readonly name: string;
  readonly timeZone: TimeZoneId;
  /** Ascending, without repeats. */
  readonly cityIds: readonly CityId[];
  readonly telegramChatId: TelegramId | undefined;
  readonly active: boolean;
  readonly policy: PolicyOverrides;
}

export interface RecruiterProps extends RecruiterDraft {
  readonly id: RecruiterId;
  readonly version: number;
}

/** Somebody who publishes slots and decides on the bookings of them. */
export class Recruiter implements RecruiterProps {
  readonly id: RecruiterId;
  readonly name: string;
  readonly timeZone: TimeZoneId;
  readonly cityIds: readonly CityId[];
  readonly telegramChatId: TelegramId | undefined;
  readonly active: boolean;
  readonly policy: PolicyOverrides;
  readonly version: number;

  constructor(props: RecruiterProps) {
    this.id = props.id;
    this.name = props.name;
    this.timeZone = props.timeZone;
    this.cityIds = Object.freeze([...props.cityIds]);
    this.telegramChatId = props.telegramChatId;
    this.active = props.active;
    this.policy = Object.freeze({ ...props.policy });
    this.version = props.version;
    Object.freeze(this);
  }

  worksIn(cityId: CityId): boolean {
    return this.cityIds.includes(cityId);
  }

  rename(name: string): Result<Recruiter, ValidationError> {
    return parseText(name, 'name', textLimits.name).map((valid) => this.#with({ name: valid }));
  }

  changeTimeZone(timeZone: string): Result<Recruiter, InvalidTimeZone> {
    return parseTimeZone(timeZone).map((valid) => this.#with({ timeZone: valid }));
  }

  /** Replaces the cities the recruiter works in. */
  assignCities(cityIds: readonly IdInput<CityId>[]): Result<Recruiter, ValidationError> {
    return parseCityIds(cityIds).map((valid) => this.#with({ cityIds: valid }));
  }

  /** Takes the recruiter out of use: no new slots or bookings, no longer in the active lists. */
  archive(): Recruiter {
    return this.#with({ active: false });
  }

  restore(): Recruiter {
    return this.#with({ active: true });
  }

  /** Replaces the rules of its own. */
  changePolicy(policy: PolicyOverrides): Result<Recruiter, ValidationError> {
    return parseOverrides(policy).map((valid) => this.#with({ policy: valid }));
  }

  #with(changes: Partial<RecruiterProps>): Recruiter {
    return new Recruiter({ ...this, ...changes });
  }
}

export function draftRecruiter(
  input: NewRecruiter,
): Result<RecruiterDraft, ValidationError | InvalidTimeZone> {
  return parseObject(input, 'recruiter')
    .andThen(({ name, timeZone, cityIds = [], telegramChatId, active, policy }) =>
      Result.combine([
        parseText(name, 'name', textLimits.name),
        parseTimeZone(timeZone),
        parseCityIds(cityIds),
        telegramChatId === undefined
          ? ok(undefined)
          : parseTelegramId(telegramChatId, 'telegramChatId', { allowNegative: true }),
        parseActive(active),
        parseOverrides(policy),
      ]),
    )
    .map(([name, timeZone, cityIds, telegramChatId, active, policy]) => ({
      name,
      timeZone,
      cityIds,
      telegramChatId,
      active,
      policy,
    }));
}

const parseCityIds = (ids: readonly IdInput<CityId>[]): Result<readonly CityId[], ValidationError> =>
  parseIds(parseCityId, ids, 'cityIds').map((valid) => [...new Set(valid)].sort((a, b) => a - b));
