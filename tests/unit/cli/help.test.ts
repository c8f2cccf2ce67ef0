import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { commands } from '../../../src/cli/commands.ts';
import { exitCodeMeanings, exitCodes } from '../../../src/cli/exit-codes.ts';
import { runCli } from '../../../src/cli/run-cli.ts';

const names = commands.map(({ name }) => name);

async function helpOf(...words: readonly string[]): Promise<string> {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const { signal } = new AbortController();
  expect(await runCli([...words, '--help'], { env: {}, stdout, stderr, signal })).toBe(0);
  for (const stream of [stdout, stderr]) stream.end();
  expect(await text(stderr)).toBe('');
  return text(stdout);
}

describe('the help of slotwise', () => {
  it('lists every command, every exit code, and every option that all have', async () => {
    const help = await helpOf();
    const [, list = ''] = help.split('\nCommands:\n');
    const listed = list.match(/^ {2}[a-z].*?(?= {2}|$)/gm)?.map((line) => line.trim().replace(/ [[<].*/, ''));
    expect(listed).toEqual(names);
    for (const [name, meaning] of Object.entries(exitCodeMeanings))
      expect(help).toContain(`${String(exitCodes[name as keyof typeof exitCodes]).padEnd(4)} ${meaning}`);
    for (const option of ['--database-url', '--redis-url', '--schema', '--prefix', '--json', '--version'])
      expect(help).toContain(option);
  });

  it.each(names)('explains %s, with the options that all have', async (name) => {
    const help = await helpOf(...name.split(' '));
    expect(help).toMatch(new RegExp(`^Usage: slotwise ${name} \\[options\\]`));
    expect(help).toContain('--database-url');
  });
});
