import type { CacheContents } from '../index.ts';
import { bytes, table } from './text.ts';

/** What Redis has, for people. */
export const cacheTable = ({ families, versions, locks, other, complete }: CacheContents): string =>
  [
    table([
      ['family', 'entries', 'size'],
      ...families.map((one) => [one.family, one.entries, bytes(one.bytes)]),
    ]),
    `${versions} versions, ${locks} locks, ${other} other keys`,
    ...(complete ? [] : ['There is more: `slotwise cache inspect --limit` looks at more keys.']),
  ].join('\n');
