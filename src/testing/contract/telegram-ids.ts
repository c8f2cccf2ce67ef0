import { randomInt } from 'node:crypto';

/** Beyond what a JavaScript integer can hold, as Telegram's documentation allows. */
const LARGE = 2n ** 60n;

let count = 0n;

/** A Telegram id that nobody has: positive like a user's, or negative like a group's. */
export function telegramId({ group = false } = {}): string {
  count += 1n;
  const id = LARGE + BigInt(randomInt(2 ** 47)) * 1_000n + count;
  return String(group ? -id : id);
}
