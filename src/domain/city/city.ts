import { Result } from 'neverthrow';
import type { CityId } from '../shared/id.ts';
import { parseOverrides, type PolicyOverrides } from '../booking/booking-policy.ts';
import { parseActive, parseObject } from '../shared/input.ts';
import { parseText, textLimits } from '../shared/text.ts';
import { parseTimeZone, type InvalidTimeZone, type TimeZoneId } from '../shared/time-zone.ts';
import type { ValidationError } from '../shared/validation-error.ts';

/** A city as a caller describes it before it is stored. */
export interface NewCity {
  readonly name: string;
  readonly timeZone: string;
  /** `true` when left out. */
  readonly active?: boolean;
  /** Rules of its own for bookings; those of the wider circle hold where it has none. */
  readonly policy?: PolicyOverrides;
}

/** A validated {@link NewCity}. */
export interface CityDraft {
  readonly name: string;
  readonly timeZone: TimeZoneId;
  readonly active: boolean;
  readonly policy: PolicyOverrides;
}

export interface CityProps extends CityDraft {
  readonly id: CityId;
  readonly version: number;
}

/** Where interviews take place; its time zone is the one slots there are shown in. */
export class City implements CityProps {
  readonly id: CityId;
  readonly name: string;
  readonly timeZone: TimeZoneId;
  readonly active: boolean;
  readonly policy: PolicyOverrides;
  readonly version: number;

  constructor(props: CityProps) {
    this.id = props.id;
    this.name = props.name;
    this.timeZone = props.timeZone;
    this.active = props.active;
    this.policy = Object.freeze({ ...props.policy });
    this.version = props.version;
    Object.freeze(this);
  }

  rename(name: string): Result<City, ValidationError> {
    return parseText(name, 'name', textLimits.name).map((valid) => this.#with({ name: valid }));
  }

  changeTimeZone(timeZone: string): Result<City, InvalidTimeZone> {
    return parseTimeZone(timeZone).map((valid) => this.#with({ timeZone: valid }));
  }

  /** Takes the city out of use: no new slots or bookings, no longer in the active list. */
  archive(): City {
    return this.#with({ active: false });
  }

  restore(): City {
    return this.#with({ active: true });
  }

  /** Replaces the rules of its own. */
  changePolicy(policy: PolicyOverrides): Result<City, ValidationError> {
    return parseOverrides(policy).map((valid) => this.#with({ policy: valid }));
  }

  #with(changes: Partial<CityProps>): City {
    return new City({ ...this, ...changes });
  }
}

export function draftCity(input: NewCity): Result<CityDraft, ValidationError | InvalidTimeZone> {
  return parseObject(input, 'city')
    .andThen((given) =>
      Result.combine([
        parseText(given.name, 'name', textLimits.name),
        parseTimeZone(given.timeZone),
        parseActive(given.active),
        parseOverrides(given.policy),
      ]),
    )
    .map(([name, timeZone, active, policy]) => ({ name, timeZone, active, policy }));
}
