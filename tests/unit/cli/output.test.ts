import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { expect, it } from 'vitest';
import { Output } from '../../../src/cli/output.ts';

async function shown(isTTY: boolean): Promise<string> {
  const stdout = Object.assign(new PassThrough(), { isTTY });
  const output = new Output(stdout, new PassThrough());
  for (const view of ['first', 'second']) (await output.view(view))._unsafeUnwrap();
  stdout.end();
  return text(stdout);
}

it('a view takes the place of the one before on a terminal, and follows it elsewhere', async () => {
  expect(await shown(true)).toBe('\u001B[H\u001B[Jfirst\n\u001B[H\u001B[Jsecond\n');
  expect(await shown(false)).toBe('first\n\nsecond\n\n');
});
