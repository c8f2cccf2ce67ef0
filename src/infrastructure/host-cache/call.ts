import type { Result } from 'neverthrow';
import type { UnresolvedPlaceholder } from '../../application/ports/cache.ts';

/** One call of a function or method that is read or invalidates through the cache. */
export interface Call {
  readonly self: unknown;
  readonly args: unknown[];
}

/** What is known of a call before it is made. */
export type FromCall<T> = (call: Call) => Result<T, UnresolvedPlaceholder>;

/** What the functions of a policy are told of a call. */
export type ParamsOf<Params extends unknown[]> = (call: Call) => Params;

export const argsOf = ({ args }: Call): unknown[] => args;

export const selfAndArgsOf = <Self, Args extends unknown[]>({ self, args }: Call): [Self, ...Args] =>
  [self, ...args] as [Self, ...Args];
