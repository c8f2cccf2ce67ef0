import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { removals } from '../protocol/removals.ts';

// The engine over a database and a Redis in memory, played in every order that makes a difference, as far as the
// limit goes: `npm run protocol -- --limit 100000` goes further.

const LIMIT = 300;
const RANDOM = 100;
const TIMEOUT_MS = 180_000;

const hook = fileURLToPath(new URL('../protocol/remove-rule.ts', import.meta.url));
const program = fileURLToPath(new URL('../protocol/run-scenarios.ts', import.meta.url));

interface Outcome {
  readonly code: unknown;
  readonly output: string;
}

function play(options: readonly string[], removed?: string): Promise<Outcome> {
  const env = {
    ...process.env,
    NODE_OPTIONS: '',
    ...(removed === undefined ? {} : { REMOVED_RULE: removed }),
  };
  const args = ['--import', hook, program, ...options];
  return new Promise((resolve) => {
    execFile(process.execPath, args, { env, maxBuffer: 1e8 }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : error.code, output: `${stdout}${stderr}` });
    });
  });
}

describe.concurrent('the protocol of the cache', () => {
  it(
    'keeps its promise in every interleaving',
    async () => {
      const { code, output } = await play(['--limit', String(LIMIT), '--random', String(RANDOM)]);
      expect(output).toMatch(/\d{4,} interleavings, \d+ steps, \d+ reads, 0 violated\n$/);
      expect(code).toBe(0);
      console.log(output.trimEnd().split('\n').at(-1));
    },
    TIMEOUT_MS,
  );

  it.each(removals)(
    'is broken when $says: $noticedBy',
    async ({ name, noticedBy }) => {
      const { code, output } = await play(['--first', '--limit', '3000', '--only', noticedBy], name);
      expect(output).toContain(`FAILS  ${noticedBy}:`);
      expect(code).toBe(1);
    },
    TIMEOUT_MS,
  );
});
