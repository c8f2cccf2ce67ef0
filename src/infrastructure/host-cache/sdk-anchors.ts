import { families, type Anchor } from '../../application/caching/anchors.ts';
import type { CacheFamily } from '../../application/caching/cache-policies.ts';

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
