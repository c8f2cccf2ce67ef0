import { wholeNumber } from '../arguments.ts';
import { cacheTable } from '../cache-table.ts';
import { defineCommand } from '../command.ts';

interface InspectOptions {
  readonly limit?: number;
}

export const cacheInspect = defineCommand<InspectOptions>({
  name: 'cache inspect',
  summary: 'count what the cache has in Redis, by family, with sizes',
  details: `Never prints keys, which may hold personal data. Looks at keys with SCAN and STRLEN, 500 at a time. Entries that were
invalidated are counted until Redis drops them.`,
  configure: (command) =>
    command.option('--limit <number>', 'keys to look at, at most; 100000 when left out', wholeNumber(1)),
  run: ({ open }, { options }) =>
    open({ redis: true })
      .andThen((sdk) => sdk.cache.contents(options))
      .map((contents) => ({ data: contents, text: cacheTable(contents) })),
});
