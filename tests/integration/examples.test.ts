import { execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { describeWithServers, postgresUrl, redisUrl } from '../support/services.ts';

const run = promisify(execFile);
const examples = readdirSync('examples').filter((file) => file.endsWith('.ts'));

/** Every example checks what it shows and ends with an exit code that says so; a failure carries its output. */
async function exampleOutput(file: string, env: Record<string, string>): Promise<string> {
  const { DATABASE_URL: _database, REDIS_URL: _redis, ...rest } = process.env;
  const { stdout } = await run(process.execPath, [`examples/${file}`], {
    env: { ...rest, ...env },
    timeout: 60_000,
  });
  return stdout;
}

describe('the examples', () => {
  it('are all here', () => {
    expect(examples).toEqual(
      expect.arrayContaining([
        'demo.ts',
        'bot.ts',
        'book-from-a-bot.ts',
        'api.ts',
        'own-entity.ts',
        'own-unit-of-work.ts',
        'publish-a-week.ts',
        'policies.ts',
        'views.ts',
        'reports.ts',
        'waitlist.ts',
        'tsyringe.ts',
        'testing.ts',
        'templates.ts',
        'time-zones.ts',
        'reschedule.ts',
        'no-shows.ts',
        'read-replicas.ts',
        'slow-queries.ts',
        'rate-limits.ts',
      ]),
    );
  });

  it.each(examples)(
    '%s runs without a server and without configuration',
    { timeout: 90_000 },
    async (file) => {
      expect(await exampleOutput(file, {})).not.toBe('');
    },
  );
});

describeWithServers('the demo on servers', () => {
  it('holds what it shows, and freezes a Redis of its own', { timeout: 90_000 }, async () => {
    const output = await exampleOutput('demo.ts', { DATABASE_URL: postgresUrl(), REDIS_URL: redisUrl() });
    expect(output).toMatch(/\d+ expectations held/);
  });
});
