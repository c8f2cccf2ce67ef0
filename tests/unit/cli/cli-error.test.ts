import { describe, expect, it } from 'vitest';
import { explain, withoutPasswords, type CliError } from '../../../src/cli/cli-error.ts';
import { exitCodeOf } from '../../../src/cli/exit-codes.ts';

const database = (sqlState?: string): CliError => ({
  type: 'Database',
  operation: 'test',
  message: 'failed',
  retryable: false,
  cause: undefined,
  ...(sqlState === undefined ? {} : { sqlState }),
});

describe('what a command fails with', () => {
  it.each([
    [{ type: 'Usage', message: 'no' }, 2],
    [{ type: 'Config', key: 'x', message: 'no' }, 2],
    [{ type: 'Validation', field: 'x', message: 'no' }, 2],
    [{ type: 'UnknownFamily', family: 'x' }, 2],
    [{ type: 'Refused', message: 'no' }, 1],
    [{ type: 'MissingPackage', packages: [], install: '' }, 1],
    [{ type: 'DatabaseUnreachable', message: 'no', cause: undefined }, 3],
    [{ type: 'CacheUnavailable', operation: 'x', retryable: true }, 3],
    [{ type: 'Timeout', operation: 'x', waitedFor: 'connection', retryable: true }, 3],
    [{ type: 'Timeout', operation: 'x', waitedFor: 'lock', retryable: true }, 1],
    [database(), 3],
    [database('57P01'), 3],
    [database('08006'), 3],
    [database('53300'), 3],
    [database('42P01'), 1],
    [database('57014'), 1],
  ] satisfies [CliError, number][])('%j is exit code %i', (error, code) => {
    expect(exitCodeOf(error)).toBe(code);
  });

  it('is told with the remedy where the schema is missing', () => {
    expect(explain(database('42P01'))).toMatch(/migrate up/);
    expect(explain(database('57P01'))).not.toMatch(/migrate up/);
  });
});

describe('a text that holds URLs', () => {
  it.each([
    ['no connection to postgresql://me:hunter2@db:5432/x', 'no connection to postgresql://me:***@db:5432/x'],
    ['redis://:hunter2@cache and rediss://me:hunter2@cache', 'redis://:***@cache and rediss://me:***@cache'],
    ['postgresql://me@db/x', 'postgresql://me@db/x'],
  ])('loses their passwords: %s', (text, told) => {
    expect(withoutPasswords(text)).toBe(told);
  });
});
