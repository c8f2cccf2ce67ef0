import { errAsync, ResultAsync, type Result } from 'neverthrow';
import type {
  Cache,
  InvalidationTarget,
  TargetError,
  UnresolvedPlaceholder,
} from '../../application/ports/cache.ts';
import type { UnexpectedError } from '../../application/ports/unit-of-work.ts';
import { settled } from '../transaction/run-transaction.ts';
import type { Call, FromCall } from './call.ts';
import { unitOfWorkOf } from './unit-of-work-of.ts';

/** What a call that invalidates can answer beside its own errors; nothing was called then, unless it is `Unexpected`. */
export type InvalidatingCallError = UnresolvedPlaceholder | TargetError | UnexpectedError;

/**
 * Makes a call and invalidates when it answers `Ok`; with the commit, if it takes part in a unit of work. What it
 * invalidates is known before the call is made, so that a mistake in it leaves nothing half done. A cache that cannot
 * be told does not turn an `Ok` into an `Err`: what was written is written.
 */
export function invalidating(
  targetsOf: FromCall<readonly InvalidationTarget[]>,
  cache: Cache,
  call: Call,
  work: () => PromiseLike<Result<unknown, unknown>>,
): ResultAsync<unknown, unknown> {
  const anchors = targetsOf(call).andThen((targets) => {
    cache.declareFamilies(...targets.flatMap(evidentFamily));
    return cache.anchorsOf(targets);
  });
  if (anchors.isErr()) return errAsync(anchors.error);
  const uow = unitOfWorkOf(call);
  return new ResultAsync(settled(work)).map(async (value) => {
    if (uow !== undefined) uow.invalidate(...anchors.value);
    // dropped: the cache has counted and logged it, and sees to it as soon as it can
    else await cache.invalidate(anchors.value.map((anchor) => ({ anchor })));
    return value;
  });
}

/** Every key carries the family of its first segment; a longer one only the keys of a policy that declares it. */
function evidentFamily(target: InvalidationTarget): readonly string[] {
  const family = familyIn(target);
  return family === undefined || family.includes(':') ? [] : [family];
}

function familyIn(target: InvalidationTarget): string | undefined {
  if (typeof target !== 'string') return 'family' in target ? target.family : undefined;
  return target.endsWith(':*') ? target.slice(0, -2) : undefined;
}
