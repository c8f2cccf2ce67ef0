import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Logger } from '../../../src/index.ts';
import { limitedLogger } from '../../../src/infrastructure/observability/logs/limited-logger.ts';

const MINUTE = 60_000;

function recording() {
  const lines: (readonly [string, object, string])[] = [];
  const level = (name: string) => (fields: object, message: string) =>
    void lines.push([name, fields, message]);
  const logger: Logger = {
    debug: level('debug'),
    info: level('info'),
    warn: level('warn'),
    error: level('error'),
  };
  return { lines, logger: limitedLogger(logger) };
}

describe('a warning that is repeated', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('is said once a minute, and then how often it was left out', () => {
    const { lines, logger } = recording();
    for (let times = 0; times < 5; times += 1) logger.warn({ times }, 'too slow');
    vi.advanceTimersByTime(MINUTE - 1);
    logger.warn({ times: 5 }, 'too slow');
    vi.advanceTimersByTime(1);
    logger.warn({ times: 6 }, 'too slow');
    logger.warn({ times: 7 }, 'too slow');
    vi.advanceTimersByTime(MINUTE);
    logger.warn({ times: 8 }, 'too slow');
    expect(lines).toEqual([
      ['warn', { times: 0 }, 'too slow'],
      ['warn', { times: 6, leftOut: 5 }, 'too slow'],
      ['warn', { times: 8, leftOut: 1 }, 'too slow'],
    ]);
  });

  it('keeps no other from being said, and nothing that is no warning', () => {
    const { lines, logger } = recording();
    for (const name of ['one', 'other', 'one']) logger.warn({}, name);
    for (const level of ['debug', 'info', 'error', 'error'] as const) logger[level]({}, 'same');
    expect(lines.map(([level, , message]) => [level, message])).toEqual([
      ['warn', 'one'],
      ['warn', 'other'],
      ['debug', 'same'],
      ['info', 'same'],
      ['error', 'same'],
      ['error', 'same'],
    ]);
  });
});
