import { err, ok, type Result } from 'neverthrow';

/** Turns absence into the error `missing`: what separates `get…` from `find…`. */
export const present =
  <E>(missing: E) =>
  <T>(found: T | undefined): Result<T, E> =>
    found === undefined ? err(missing) : ok(found);
