import { err, ok, type Result } from 'neverthrow';
import type { Brand } from './brand.ts';

/** An IANA time zone id such as `Europe/Berlin`, in its current spelling. */
export type TimeZoneId = Brand<string, 'TimeZoneId'>;

/** The text names no time zone that this runtime's time-zone data knows. */
export interface InvalidTimeZone {
  readonly type: 'InvalidTimeZone';
  readonly field: string;
  readonly value: string;
}

/**
 * ICU keeps some ids under the name they had decades ago; IANA calls these the current ones. Normalising here makes two
 * runtimes with different ICU releases store the same text.
 */
const currentNames: Readonly<Record<string, string>> = {
  'Africa/Asmera': 'Africa/Asmara',
  'America/Buenos_Aires': 'America/Argentina/Buenos_Aires',
  'America/Godthab': 'America/Nuuk',
  'America/Indianapolis': 'America/Indiana/Indianapolis',
  'America/Louisville': 'America/Kentucky/Louisville',
  'Asia/Calcutta': 'Asia/Kolkata',
  'Asia/Katmandu': 'Asia/Kathmandu',
  'Asia/Rangoon': 'Asia/Yangon',
  'Asia/Saigon': 'Asia/Ho_Chi_Minh',
  'Atlantic/Faeroe': 'Atlantic/Faroe',
  'Etc/GMT': 'UTC',
  'Etc/UTC': 'UTC',
  'Europe/Kiev': 'Europe/Kyiv',
  GMT: 'UTC',
  'Pacific/Enderbury': 'Pacific/Kanton',
  'Pacific/Ponape': 'Pacific/Pohnpei',
  'Pacific/Truk': 'Pacific/Chuuk',
};

/** Building a formatter is slow and the set of zones is finite, so every answer is kept, by name in lower case. */
const known = new Map<string, TimeZoneId>();

/** Accepts any IANA id or alias in any case; fixed offsets such as `+03:00` are refused, they have no rules. */
export function parseTimeZone(input: string, field = 'timeZone'): Result<TimeZoneId, InvalidTimeZone> {
  // What is no text need not have a form as text either.
  const value = typeof input === 'string' ? input.slice(0, 64) : typeof input;
  // Without a name `Intl` would answer the zone of the machine.
  if (typeof input !== 'string' || !/^[A-Za-z].{0,63}$/s.test(input))
    return err({ type: 'InvalidTimeZone', field, value });
  const key = value.toLowerCase();
  const hit = known.get(key);
  if (hit !== undefined) return ok(hit);
  try {
    const canonical = new Intl.DateTimeFormat('en', { timeZone: input }).resolvedOptions().timeZone;
    const zone = (currentNames[canonical] ?? canonical) as TimeZoneId;
    known.set(key, zone);
    return ok(zone);
  } catch {
    return err({ type: 'InvalidTimeZone', field, value });
  }
}
