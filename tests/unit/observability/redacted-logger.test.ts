import { expect, it } from 'vitest';
import type { Logger } from '../../../src/index.ts';
import { redactedLogger } from '../../../src/infrastructure/observability/logs/redacted-logger.ts';

function logged(fields: object): object {
  let seen: object = {};
  const write = (given: object): void => {
    seen = given;
  };
  const host: Logger = { debug: write, info: write, warn: write, error: write };
  redactedLogger(host).warn(fields, 'message');
  return seen;
}

const fromRedis = () =>
  Object.assign(new Error('WRONGPASS'), { command: { name: 'auth', args: ['secret'] }, code: 'E1' });
const fromPostgres = () =>
  Object.assign(new Error('violates'), { severity: 'ERROR', code: '23505', detail: 'Key (name)=(secret)' });

it.each([
  ['Redis', fromRedis()],
  ['PostgreSQL', fromPostgres()],
])('an error of %s is logged with its message, stack and code, and nothing else', (_, err) => {
  const { err: shown } = logged({ operation: 'x', err }) as {
    readonly err: Error & { readonly code: string };
  };
  expect(shown).toBeInstanceOf(Error);
  expect([shown.message, shown.stack, shown.code]).toEqual([err.message, err.stack, err.code]);
  expect(JSON.stringify(Object.entries(shown))).not.toContain('secret');
});

it('an error of the SDK is logged without what its cause contains', () => {
  const { err: shown } = logged({ err: { type: 'Database', cause: fromPostgres() } }) as {
    readonly err: { readonly type: string; readonly cause: object };
  };
  expect(shown.type).toBe('Database');
  expect(shown.cause).not.toHaveProperty('detail');
});

it('an error of the host, and what is no error, is logged as it is', () => {
  const err = Object.assign(new Error('mine'), { detail: 'mine too' });
  expect(logged({ err })).toEqual({ err });
  expect((logged({ err }) as { readonly err: Error }).err).toBe(err);
  const fields = { operation: 'x' };
  expect(logged(fields)).toBe(fields);
});
