import { ok, type Result } from 'neverthrow';
import type { Brand } from './brand.ts';
import { invalid, type ValidationError } from './validation-error.ts';

/** A Telegram user or chat id as a decimal string: it does not always fit a JavaScript integer. */
export type TelegramId = Brand<string, 'TelegramId'>;

const LIMIT = 2n ** 63n;

/** Users have positive ids; group chats may have negative ones, which `allowNegative` accepts. */
export function parseTelegramId(
  input: string | number | bigint,
  field = 'telegramId',
  { allowNegative = false } = {},
): Result<TelegramId, ValidationError> {
  // A larger number has lost digits before it came here, and would name somebody else.
  if (typeof input === 'number' && !Number.isSafeInteger(input))
    return invalid(field, 'must be a bigint or text when a number cannot hold it');
  const text = ['string', 'number', 'bigint'].includes(typeof input) ? String(input) : '';
  if (!/^-?[1-9]\d{0,18}$/.test(text)) return invalid(field, 'must be a decimal Telegram id');
  const value = BigInt(text);
  if (value >= LIMIT || value <= -LIMIT) return invalid(field, 'must fit 64 bits');
  if (value < 0n && !allowNegative) return invalid(field, 'must be positive');
  return ok(text as TelegramId);
}
