import type { Result } from 'neverthrow';
import { Candidate, draftCandidate } from '../../../domain/candidate/candidate.ts';
import { City, draftCity } from '../../../domain/city/city.ts';
import { draftRecruiter, Recruiter } from '../../../domain/recruiter/recruiter.ts';
import type { InvalidTimeZone } from '../../../domain/shared/time-zone.ts';
import type { ValidationError } from '../../../domain/shared/validation-error.ts';

// The methods of an entity only make valid ones, but nothing keeps callers from making one by hand. An update therefore
// checks what it is given as `add` does, in every adapter.

type Checked<T> = Result<T, ValidationError | InvalidTimeZone>;

export const checkedCity = (city: City): Checked<City> =>
  draftCity(city).map((draft) => new City({ ...draft, id: city.id, version: city.version }));

export const checkedRecruiter = (recruiter: Recruiter): Checked<Recruiter> => {
  const { id, version, telegramChatId, ...rest } = recruiter;
  return draftRecruiter({ ...rest, ...(telegramChatId === undefined ? {} : { telegramChatId }) }).map(
    (draft) => new Recruiter({ ...draft, id, version }),
  );
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
  }).map((draft) => new Candidate({ ...draft, id, version }));
};
