import { ok, Result } from 'neverthrow';
import type { CandidateId } from '../shared/id.ts';
import { parseActive, parseObject } from '../shared/input.ts';
import { parseTelegramId, type TelegramId } from '../shared/telegram-id.ts';
import { parseOptionalText, parseText, textLimits } from '../shared/text.ts';
import { parseTimeZone, type InvalidTimeZone, type TimeZoneId } from '../shared/time-zone.ts';
import type { ValidationError } from '../shared/validation-error.ts';

/** A candidate as a caller describes one before it is stored. */
export interface NewCandidate {
  readonly fullName: string;
  readonly telegramId?: string | number | bigint;
  readonly username?: string;
  readonly phone?: string;
  readonly timeZone?: string;
  /** `true` when left out. */
  readonly active?: boolean;
}

/** What a bot knows of somebody who writes to it. What is left out stays as it is stored. */
export interface TelegramCandidate extends Omit<NewCandidate, 'active'> {
  readonly telegramId: string | number | bigint;
}

/** A validated {@link NewCandidate}. */
export interface CandidateDraft {
  readonly fullName: string;
  readonly telegramId: TelegramId | undefined;
  readonly username: string | undefined;
  readonly phone: string | undefined;
  readonly timeZone: TimeZoneId | undefined;
  readonly active: boolean;
}

/** A validated {@link TelegramCandidate}. */
export interface TelegramCandidateDraft {
  readonly telegramId: TelegramId;
  readonly fullName: string;
  readonly username?: string;
  readonly phone?: string;
  readonly timeZone?: TimeZoneId;
}

export interface CandidateProps extends CandidateDraft {
  readonly id: CandidateId;
  readonly version: number;
}

/** What stands for the name of somebody who was forgotten. */
const ERASED_NAME = '(erased)';

/** Somebody who books slots. */
export class Candidate implements CandidateProps {
  readonly id: CandidateId;
  readonly fullName: string;
  readonly telegramId: TelegramId | undefined;
  readonly username: string | undefined;
  readonly phone: string | undefined;
  readonly timeZone: TimeZoneId | undefined;
  readonly active: boolean;
  readonly version: number;

  constructor(props: CandidateProps) {
    this.id = props.id;
    this.fullName = props.fullName;
    this.telegramId = props.telegramId;
    this.username = props.username;
    this.phone = props.phone;
    this.timeZone = props.timeZone;
    this.active = props.active;
    this.version = props.version;
    Object.freeze(this);
  }

  rename(fullName: string): Result<Candidate, ValidationError> {
    return parseText(fullName, 'fullName', textLimits.name).map((valid) => this.#with({ fullName: valid }));
  }

  linkTelegram(telegramId: string | number | bigint): Result<Candidate, ValidationError> {
    return parseTelegramId(telegramId).map((valid) => this.#with({ telegramId: valid }));
  }

  changeTimeZone(timeZone: string): Result<Candidate, InvalidTimeZone> {
    return parseTimeZone(timeZone).map((valid) => this.#with({ timeZone: valid }));
  }

  /** An archived candidate can no longer book. */
  archive(): Candidate {
    return this.#with({ active: false });
  }

  restore(): Candidate {
    return this.#with({ active: true });
  }

  /** Forgets who it was; the row stays, because bookings refer to it. */
  erase(): Candidate {
    return this.#with({
      fullName: ERASED_NAME,
      telegramId: undefined,
      username: undefined,
      phone: undefined,
      timeZone: undefined,
      active: false,
    });
  }

  #with(changes: Partial<CandidateProps>): Candidate {
    return new Candidate({ ...this, ...changes });
  }
}

export function draftCandidate(
  input: NewCandidate,
): Result<CandidateDraft, ValidationError | InvalidTimeZone> {
  return parseObject(input, 'candidate')
    .andThen((given) =>
      Result.combine([
        parseText(given.fullName, 'fullName', textLimits.name),
        given.telegramId === undefined ? ok(undefined) : parseTelegramId(given.telegramId),
        parseOptionalText(given.username, 'username', textLimits.username),
        parseOptionalText(given.phone, 'phone', textLimits.phone),
        given.timeZone === undefined ? ok(undefined) : parseTimeZone(given.timeZone),
        parseActive(given.active),
      ]),
    )
    .map(([fullName, telegramId, username, phone, timeZone, active]) => ({
      fullName,
      telegramId,
      username,
      phone,
      timeZone,
      active,
    }));
}

/** Checks what a bot knows; the fields that were left out are left out of the answer, too. */
export const draftTelegramCandidate = (
  input: TelegramCandidate,
): Result<TelegramCandidateDraft, ValidationError | InvalidTimeZone> =>
  parseObject(input, 'candidate')
    .andThen(({ telegramId, ...given }) =>
      Result.combine([parseTelegramId(telegramId), draftCandidate({ ...given, active: true })]),
    )
    .map(([telegramId, { fullName, username, phone, timeZone }]) => ({
      telegramId,
      fullName,
      ...(username === undefined ? {} : { username }),
      ...(phone === undefined ? {} : { phone }),
      ...(timeZone === undefined ? {} : { timeZone }),
    }));
