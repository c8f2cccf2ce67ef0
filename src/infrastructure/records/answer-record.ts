import { err, ok, type Result } from 'neverthrow';
import { BlockedPeriod } from '../../domain/blocked-period/blocked-period.ts';
import { Booking } from '../../domain/booking/booking.ts';
import { Candidate } from '../../domain/candidate/candidate.ts';
import { City } from '../../domain/city/city.ts';
import { Recruiter } from '../../domain/recruiter/recruiter.ts';
import { RescheduleRequest } from '../../domain/reschedule/reschedule-request.ts';
import { Instant } from '../../domain/shared/instant.ts';
import type { CorruptRecord } from '../../domain/shared/repository-error.ts';
import { Slot } from '../../domain/slot/slot.ts';
import { WaitlistEntry } from '../../domain/waitlist/waitlist-entry.ts';
import { blockedPeriodFromRecord, blockedPeriodToRecord } from './blocked-period-record.ts';
import { bookingFromRecord, bookingToRecord } from './booking-record.ts';
import { candidateFromRecord, candidateToRecord } from './candidate-record.ts';
import { cityFromRecord, cityToRecord } from './city-record.ts';
import { recruiterFromRecord, recruiterToRecord } from './recruiter-record.ts';
import { rescheduleFromRecord, rescheduleToRecord } from './reschedule-record.ts';
import { slotFromRecord, slotToRecord } from './slot-record.ts';
import { waitlistEntryFromRecord, waitlistEntryToRecord } from './waitlist-record.ts';

// An answer that is given again must be what it was: the same classes with the same content, wherever in it they are.

interface Kind {
  readonly name: string;
  readonly made: (value: object) => boolean;
  readonly toRecord: (value: never) => unknown;
  readonly fromRecord: (record: unknown) => Result<unknown, CorruptRecord>;
}

const kind = <T extends object>(
  name: string,
  type: abstract new (...args: never[]) => T,
  toRecord: (value: T) => unknown,
  fromRecord: (record: unknown) => Result<T, CorruptRecord>,
): Kind => ({ name, made: (value) => value instanceof type, toRecord, fromRecord });

/** Whatever a command may answer that is not plain data; a new entity needs a line here. */
const kinds: readonly Kind[] = [
  kind('slot', Slot, slotToRecord, slotFromRecord),
  kind('booking', Booking, bookingToRecord, bookingFromRecord),
  kind('reschedule request', RescheduleRequest, rescheduleToRecord, rescheduleFromRecord),
  kind('blocked_period', BlockedPeriod, blockedPeriodToRecord, blockedPeriodFromRecord),
  kind('candidate', Candidate, candidateToRecord, candidateFromRecord),
  kind('recruiter', Recruiter, recruiterToRecord, recruiterFromRecord),
  kind('city', City, cityToRecord, cityFromRecord),
  kind('waitlist_entry', WaitlistEntry, waitlistEntryToRecord, waitlistEntryFromRecord),
  {
    name: 'instant',
    made: (value) => value instanceof Instant,
    toRecord: (value: Instant) => value.epochMilliseconds,
    fromRecord: (record) =>
      Number.isInteger(record)
        ? ok(Instant.fromEpochMilliseconds(record as number))
        : err(corrupt('instant')),
  },
];

/** Marks a record among plain data. */
const KIND = '$kind';

const corrupt = (what: string): CorruptRecord => ({
  type: 'CorruptRecord',
  entity: 'answer',
  message: `${what} is unreadable`,
});

/** Plain data for JSON; throws a `TypeError` for what could not be brought back. */
export function answerToData(answer: unknown): unknown {
  if (typeof answer === 'function' || typeof answer === 'symbol' || typeof answer === 'bigint')
    throw new TypeError(`an answer with a ${typeof answer} in it cannot be remembered`);
  if (typeof answer !== 'object' || answer === null) return answer;
  if (Array.isArray(answer)) return answer.map(answerToData);
  const known = kinds.find(({ made }) => made(answer));
  if (known !== undefined) return { [KIND]: known.name, record: known.toRecord(answer as never) };
  if (Object.getPrototypeOf(answer) !== Object.prototype || KIND in answer)
    throw new TypeError(`an answer with a ${answer.constructor.name} in it cannot be remembered`);
  return Object.fromEntries(Object.entries(answer).map(([name, value]) => [name, answerToData(value)]));
}

/** Never leaves this file. */
class Unreadable extends Error {
  readonly record: CorruptRecord;

  constructor(record: CorruptRecord) {
    super(record.message);
    this.record = record;
  }
}

export function answerFromData(data: unknown): Result<unknown, CorruptRecord> {
  try {
    return ok(read(data));
  } catch (cause) {
    if (cause instanceof Unreadable) return err(cause.record);
    throw cause;
  }
}

function read(data: unknown): unknown {
  if (typeof data !== 'object' || data === null) return data;
  if (Array.isArray(data)) return data.map(read);
  if (!(KIND in data))
    return Object.fromEntries(Object.entries(data).map(([name, value]) => [name, read(value)]));
  const { [KIND]: name, record } = data as { readonly [KIND]: unknown; readonly record?: unknown };
  const known = kinds.find((one) => one.name === name);
  const value = known?.fromRecord(record) ?? err(corrupt(String(name)));
  if (value.isErr()) throw new Unreadable(value.error);
  return value.value;
}
