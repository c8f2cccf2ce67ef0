import { err, type Result } from 'neverthrow';
import { Candidate, draftCandidate } from '../../../domain/candidate/candidate.ts';
import { City, draftCity } from '../../../domain/city/city.ts';
import { draftRecruiter, Recruiter } from '../../../domain/recruiter/recruiter.ts';
import type { InvalidTimeZone } from '../../../domain/shared/time-zone.ts';
import { invalid, type ValidationError } from '../../../domain/shared/validation-error.ts';

// The methods of an entity only make valid ones, but nothing keeps callers from making one by hand. An update therefore
// checks what it is given as `add` does, in every adapter.

type Checked<T> = Result<T, ValidationError>;

export const checkedCity = (city: City): Checked<City> =>
  draftCity(city)
    .map((draft) => new City({ ...draft, id: city.id, version: city.version }))
    .orElse(asValidation);

export const checkedRecruiter = (recruiter: Recruiter): Checked<Recruiter> => {
  const { id, version, telegramChatId, ...rest } = recruiter;
  return draftRecruiter({ ...rest, ...(telegramChatId === undefined ? {} : { telegramChatId }) })
    .map((draft) => new Recruiter({ ...draft, id, version }))
    .orElse(asValidation);
};

export const checkedCandidate = (candidate: Candidate): Checked<Candidate> => {
  const { id, version, fullName, telegramId, username, phone, timeZone, active } = candidate;
  return draftCandidate({
    fullName,
    active,
    ...(telegramId === undefined ? {} : { telegramId }),
    ...(username === undefined ? {} : { username }),
    ...(phone === undefined ? {} : { phone }),
    ...(timeZone === undefined ? {} : { timeZone }),
  })
    .map((draft) => new Candidate({ ...draft, id, version }))
    .orElse(asValidation);
};

/** `update` promises no `InvalidTimeZone`: the methods that change a zone have answered it before. */
const asValidation = (error: ValidationError | InvalidTimeZone): Result<never, ValidationError> =>
  error.type === 'InvalidTimeZone' ? invalid(error.field, 'must be an IANA time zone') : err(error);
