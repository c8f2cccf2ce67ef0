import type { Result } from '../../src/index.ts';

/** For the set-up of an example, where nobody is there to answer; a host would look at the error's `type`. */
export const orThrow = <T, E extends { readonly type: string }>(result: Result<T, E>): T =>
  result.match(
    (value) => value,
    (error) => {
      throw new Error(JSON.stringify(error));
    },
  );
