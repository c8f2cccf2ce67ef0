import type { Result } from 'neverthrow';
import { parseBody } from '../../domain/message-template/template-body.ts';
import { parseTelegramId, type TelegramId } from '../../domain/shared/telegram-id.ts';
import { parseText, textLimits } from '../../domain/shared/text.ts';
import { parseTimeZone, type InvalidTimeZone, type TimeZoneId } from '../../domain/shared/time-zone.ts';
import type { ValidationError } from '../../domain/shared/validation-error.ts';

/**
 * Whether what somebody has typed can be stored. Each answers the value as it would be stored. `field` is what an error
 * calls it; the name of the check when left out.
 */
export interface ValidateFields {
  /** Text of 1 to 200 characters. */
  name(input: string, field?: string): Result<string, ValidationError>;
  /** Text of 1 to 64 characters. */
  username(input: string, field?: string): Result<string, ValidationError>;
  /** Text of 1 to 32 characters; what a phone number looks like differs from country to country. */
  phone(input: string, field?: string): Result<string, ValidationError>;
  /** Text of 1 to 1,000 characters. */
  reason(input: string, field?: string): Result<string, ValidationError>;
  /** A user's id; answers its decimal digits. */
  telegramId(input: string | number | bigint, field?: string): Result<TelegramId, ValidationError>;
  /** Any IANA id or alias, in any case; answers the current name. */
  timeZone(input: string, field?: string): Result<TimeZoneId, InvalidTimeZone>;
  /** A template's body, with placeholders that are none mistyped. */
  templateBody(input: string, field?: string): Result<string, ValidationError>;
}

const text =
  (limit: 'name' | 'username' | 'phone' | 'reason') =>
  (input: string, field: string = limit): Result<string, ValidationError> =>
    parseText(input, field, textLimits[limit]);

export const validateFields: ValidateFields = {
  name: text('name'),
  username: text('username'),
  phone: text('phone'),
  reason: text('reason'),
  telegramId: (input, field) => parseTelegramId(input, field),
  timeZone: (input, field) => parseTimeZone(input, field),
  templateBody: (input, field) => parseBody(input, field),
};
