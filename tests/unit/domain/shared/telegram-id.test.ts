import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseTelegramId } from '../../../../src/domain/shared/telegram-id.ts';

const group = { allowNegative: true };

describe('a Telegram id', () => {
  it('is the same text, whatever form it came in', () => {
    for (const input of ['1234567890', 1_234_567_890, 1_234_567_890n])
      expect(parseTelegramId(input)._unsafeUnwrap()).toBe('1234567890');
  });

  it('keeps every digit of what fits 64 bits', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 1n, max: 2n ** 63n - 1n }), (id) => {
        expect(parseTelegramId(id)._unsafeUnwrap()).toBe(String(id));
        expect(parseTelegramId(String(id))._unsafeUnwrap()).toBe(String(id));
        expect(parseTelegramId(-id, 'chat', group)._unsafeUnwrap()).toBe(String(-id));
      }),
    );
  });

  it('is positive unless it may be a group', () => {
    expect(parseTelegramId(-5)._unsafeUnwrapErr()).toEqual({
      type: 'Validation',
      field: 'telegramId',
      message: 'must be positive',
    });
    expect(parseTelegramId(-5, 'chat', group)._unsafeUnwrap()).toBe('-5');
  });

  it.each(['', ' 1', '1 ', '01', '+1', '-0', '1.0', '1e3', '0x10', '１２', 'me', '1\n', null, undefined])(
    'is not %j',
    (input) => {
      expect(parseTelegramId(input as string, 'telegramId', group).isErr()).toBe(true);
    },
  );

  it.each([0, 0n, '0', 2n ** 63n, -(2n ** 63n), '99999999999999999999', 1.5, Number.NaN, Infinity])(
    'is not %s',
    (input) => {
      expect(parseTelegramId(input, 'telegramId', group).isErr()).toBe(true);
    },
  );

  const bare: unknown = Object.create(null);
  const hostile = { toString: () => ({}) };
  it.each([[bare], [hostile], [['5']], [{ toString: () => '5' }], [Symbol('5')], [true]])(
    'is not an object, whatever its text: case %#',
    (input) => {
      expect(parseTelegramId(input as string)._unsafeUnwrapErr()).toEqual({
        type: 'Validation',
        field: 'telegramId',
        message: 'must be a decimal Telegram id',
      });
    },
  );

  it('is not a number that has lost digits on the way', () => {
    // What `1234567890123456789` becomes as a number.
    expect(parseTelegramId(1_234_567_890_123_456_800).isErr()).toBe(true);
    expect(parseTelegramId(Number.MAX_SAFE_INTEGER).isOk()).toBe(true);
  });
});
