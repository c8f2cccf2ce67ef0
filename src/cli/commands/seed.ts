import { day, wholeNumber } from '../arguments.ts';
import { defineCommand } from '../command.ts';
import { demoData, mondayAfter } from '../seed/demo-data.ts';
import { storeDemoData } from '../seed/store-demo-data.ts';

interface SeedOptions {
  readonly seed: number;
  readonly from?: string;
  readonly recruiters: number;
  readonly candidates: number;
  readonly force?: true;
}

export const seed = defineCommand<SeedOptions>({
  name: 'seed',
  summary: 'fill an empty schema with demo data',
  details: `Cities, recruiters who work there, their slots of one week, and candidates, in one transaction. The same seed and week
give the same data. Nobody in it has a Telegram id or a phone number. Refuses a schema that holds data, unless forced.`,
  configure: (command) =>
    command
      .option('--seed <number>', 'what names and times are drawn from', wholeNumber(0, 2 ** 32 - 1), 1)
      .option('--from <day>', 'first day of the week; the coming Monday when left out', day)
      .option('--recruiters <number>', 'how many', wholeNumber(1, 1000), 6)
      .option('--candidates <number>', 'how many', wholeNumber(0, 10_000), 40)
      .option('--force', 'add it to whatever is there'),
  run: ({ open }, { options }) => {
    const { seed: number, from: firstDay = mondayAfter(new Date()), recruiters, candidates, force } = options;
    const data = demoData({ recruiters, candidates, firstDay, seed: number });
    return open()
      .andThen((sdk) => storeDemoData(sdk, data, force === true))
      .map((stored) => ({
        data: { seed: number, firstDay, ...stored },
        text: `Stored ${stored.cities} cities, ${stored.recruiters} recruiters with ${stored.slots} slots in the week of ${firstDay}, and ${stored.candidates} candidates.`,
      }));
  },
});
