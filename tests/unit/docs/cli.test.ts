import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { commands } from '../../../src/cli/commands.ts';
import { exitCodeMeanings, exitCodes } from '../../../src/cli/exit-codes.ts';

const page = readFileSync(new URL('../../../docs/reference/cli.md', import.meta.url), 'utf8');

/** What the page says of each command, by its name. */
const sections = new Map(
  page
    .split(/^### /m)
    .slice(1)
    .map((section) => {
      const [, name = ''] = /^`slotwise ([a-z -]+)`/.exec(section) ?? [];
      return [name, section] as const;
    }),
);

describe('the page of the command line', () => {
  it('has every command once, in the order of the help, and none that is not there', () => {
    expect([...sections.keys()]).toEqual(commands.map(({ name }) => name));
  });

  it.each(commands)('names every option of $name', ({ name, configure = (command) => command }) => {
    const options = configure(new Command()).options.map(({ long }) => long);
    for (const option of options) expect(sections.get(name)).toContain(`\`${option}`);
  });

  it('says what each exit code means', () => {
    for (const [name, meaning] of Object.entries(exitCodeMeanings))
      expect(page).toMatch(
        new RegExp(`^\\| \`${exitCodes[name as keyof typeof exitCodes]}\` +\\| ${meaning} +\\|$`, 'm'),
      );
  });
});
