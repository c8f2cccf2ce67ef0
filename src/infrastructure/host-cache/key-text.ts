import { createHash } from 'node:crypto';

/** Longer keys are cut, and what was cut off is replaced by a digest of the whole. */
const MAX_KEY_LENGTH = 200;
const MAX_SEGMENT_LENGTH = 100;

/** Everything but letters and digits of any script, `_`, `.` and `-`; the rest has a meaning in keys or none at all. */
const SPECIAL = /[^\p{L}\p{N}_.-]/gu;

/**
 * Writes a text so that it cannot reach outside its place in a key: code units in hexadecimal behind `%`, of four digits
 * behind `%u`. Different texts are written differently; lone surrogates too, of which UTF-8 would make one.
 */
export const escaped = (text: string): string =>
  text.replaceAll(SPECIAL, (character) =>
    Array.from({ length: character.length }, (_, index) => hexadecimal(character.charCodeAt(index))).join(''),
  );

const hexadecimal = (unit: number): string =>
  unit < 0x100 ? `%${unit.toString(16).padStart(2, '0')}` : `%u${unit.toString(16).padStart(4, '0')}`;

/** A key that stays below the limit and still starts with its first segment. */
export function boundedKey(key: string): string {
  const colon = key.indexOf(':');
  if (colon === -1) return bounded(key, MAX_SEGMENT_LENGTH);
  return bounded(`${bounded(key.slice(0, colon), MAX_SEGMENT_LENGTH)}${key.slice(colon)}`, MAX_KEY_LENGTH);
}

/** `~` is never written otherwise, so what was cut equals nothing that was not. */
function bounded(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const digest = createHash('sha256').update(text).digest('base64url');
  const head = text.slice(0, limit - digest.length - 1);
  return `${head.isWellFormed() ? head : head.slice(0, -1)}~${digest}`;
}
