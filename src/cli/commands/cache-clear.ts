import type { Command } from 'commander';
import { defineCommand } from '../command.ts';

export const cacheClear = defineCommand({
  name: 'cache clear',
  summary: 'make what is cached invalid, in every process',
  details: `Everything, entries of the host as well, when no family is named; otherwise recruiters, cities, slots, candidates or
templates. Takes a few commands, however much there is: nothing is deleted, it only counts no more.`,
  configure: (command: Command) => command.argument('[families...]', 'what to drop'),
  run: ({ open, namesRedis }, { args: families }) =>
    open(namesRedis ? { redis: true } : {})
      .andThen((sdk) =>
        families.length === 0
          ? sdk.cache.clear()
          : sdk.cache.invalidate(families.map((family) => ({ family }))),
      )
      .map(() => ({
        data: { cleared: families.length === 0 ? 'everything' : families },
        text: `Cleared ${families.length === 0 ? 'everything' : families.join(', ')}.`,
      })),
});
