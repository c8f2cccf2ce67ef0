import { ok, type Result } from 'neverthrow';
import { families, type Anchor } from '../../application/caching/anchors.ts';
import type { CacheFamily } from '../../application/caching/cache-policies.ts';
import { invalid, type ValidationError } from '../../domain/shared/validation-error.ts';

/** What the SDK's families are also called: by the first segment of the keys of single entities. */
const aliases: ReadonlyMap<string, CacheFamily> = new Map([
  ['recruiter', 'recruiters'],
  ['city', 'cities'],
  ['slot', 'slots'],
  ['candidate', 'candidates'],
  ['template', 'templates'],
]);

/** The family of the SDK that goes by this name. */
export const sdkFamily = (name: string): CacheFamily | undefined =>
  aliases.get(name) ?? families.find((family) => family === name);

/** The family that one of the SDK's anchors belongs to; nothing for an anchor of a host's own. */
export const familyOfAnchor = (anchor: Anchor): CacheFamily | undefined =>
  sdkFamily(anchor.split(':', 1)[0] ?? anchor);

/** What to depend on instead of a family. */
const raisedByCommits: Readonly<Record<CacheFamily, string>> = {
  recruiters: 'recruiter:<id>, or recruiters:list for any of them',
  cities: 'city:<id>, or cities:list for any of them',
  slots: 'slot:<id>, slots:free:recruiter:<id> or slots:free:city:<id>',
  candidates: 'candidate:<id>',
  templates: 'template:<id>, template:resolve:<key>:<locale>:<channel>, or templates:list for any of them',
};

/** A commit raises a family only when it cannot tell what it changes, so an entry that named one would outlive changes. */
export function noFamily(field: string, anchor: Anchor): Result<void, ValidationError> {
  const family = families.find((name) => name === anchor);
  return family === undefined
    ? ok(undefined)
    : invalid(field, `must name what commits raise, not the family ${family}: ${raisedByCommits[family]}`);
}
