import type { ResultAsync } from 'neverthrow';
import type { TransactionError } from '../../application/ports/unit-of-work.ts';
import type { CityExists } from '../../domain/city/city-errors.ts';
import type { City, NewCity } from '../../domain/city/city.ts';
import type { RepositoryError } from '../../domain/shared/repository-error.ts';
import type { InvalidTimeZone } from '../../domain/shared/time-zone.ts';
import type { Slotwise } from '../../infrastructure/slotwise.ts';
import { unique } from './unique.ts';

export type SeedCityError = CityExists | InvalidTimeZone | RepositoryError | TransactionError;

/** Stores an active city in Europe/Berlin with a name of its own. */
export const seedCity = (sdk: Slotwise, overrides: Partial<NewCity> = {}): ResultAsync<City, SeedCityError> =>
  sdk.transaction((uow) => uow.cities.add({ name: unique('City'), timeZone: 'Europe/Berlin', ...overrides }));
