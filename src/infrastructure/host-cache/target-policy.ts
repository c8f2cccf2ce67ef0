import { ok, Result } from 'neverthrow';
import type { InvalidationTarget } from '../../application/ports/cache.ts';
import type { FromCall, ParamsOf } from './call.ts';
import { parseTemplate } from './key-template.ts';
import { boundedKey } from './key-text.ts';

type Targets = InvalidationTarget | readonly InvalidationTarget[];

/** What a call invalidates: targets with templates in the place of texts, or a function that answers targets. */
export type TargetPolicy<Params extends unknown[]> = InvalidationTarget | ((...params: Params) => Targets);

/** @param paramsOf what the functions among the policies are told of a call */
export function targetsOf<Params extends unknown[]>(
  policies: readonly TargetPolicy<Params>[],
  paramsOf: ParamsOf<Params>,
): FromCall<readonly InvalidationTarget[]> {
  const each = policies.map((policy): FromCall<Targets> =>
    typeof policy === 'function' ? (call) => ok(policy(...paramsOf(call))) : written(policy),
  );
  return (call) => Result.combine(each.map((targets) => targets(call))).map((found) => found.flat());
}

function written(target: InvalidationTarget): FromCall<InvalidationTarget> {
  if (typeof target === 'string')
    return target.endsWith(':*')
      ? filled(target.slice(0, -2), (family) => ({ family }))
      : filled(target, (key) => ({ key: boundedKey(key) }));
  if ('key' in target) return filled(target.key, (key) => ({ key: boundedKey(key) }));
  return 'anchor' in target
    ? filled(target.anchor, (anchor) => ({ anchor }))
    : filled(target.family, (family) => ({ family }));
}

function filled(
  template: string,
  finish: (text: string) => InvalidationTarget,
): FromCall<InvalidationTarget> {
  const fill = parseTemplate(template);
  return (call) => fill(call).map(finish);
}
