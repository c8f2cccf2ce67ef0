import type { Tables } from './fake-tables.ts';

/** Something that is read through the cache. */
export type Key = `city:${number}` | 'cities:active' | `telegram:${number}`;

/** Telegram ids that are asked for; nobody has them at first. */
export const TELEGRAM_IDS = [100, 200] as const;

interface Versioned {
  readonly id: number;
  readonly version?: unknown;
}

/** How an answer is written down: which row it is, in which state. */
export const textOf = (answer: Versioned | readonly Versioned[] | undefined): string =>
  answer === undefined
    ? 'nobody'
    : Array.isArray(answer)
      ? (answer as readonly Versioned[]).map(textOf).join('+')
      : `#${(answer as Versioned).id}/${String((answer as Versioned).version)}`;

/** What every key is answered with if nobody is wrong. */
export function factsOf(tables: Tables): ReadonlyMap<string, string> {
  const cities = [...(tables.get('city')?.values() ?? [])];
  const candidates = [...(tables.get('candidate')?.values() ?? [])];
  return new Map<Key, string>([
    ...cities.map((city) => [`city:${city.id}`, textOf(city)] as const),
    ['cities:active', textOf(cities.filter((city) => city['active'] === true))],
    ...TELEGRAM_IDS.map((id) => {
      const found = candidates.find((row) => row['telegram_id'] === String(id));
      return [`telegram:${id}`, textOf(found)] as const;
    }),
  ]);
}
