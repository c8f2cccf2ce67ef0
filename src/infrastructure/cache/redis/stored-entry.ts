/**
 * The text an entry is stored as: `<stamp>|<stored at>|<lifetime>|<load time>|<payload>`, times in milliseconds. The
 * stamp comes first, so that a hit is decided before anything is parsed.
 */
export interface StoredEntry {
  readonly storedAt: number;
  readonly lifetimeMs: number;
  readonly loadMs: number;
  readonly payload: string;
}

export const writeEntry = (stamp: string, { storedAt, lifetimeMs, loadMs, payload }: StoredEntry): string =>
  `${stamp}|${storedAt}|${lifetimeMs}|${Math.round(loadMs)}|${payload}`;

/** Nothing when the entry was stored under another stamp, or is not an entry at all. */
export function readEntry(text: string, stamp: string): StoredEntry | undefined {
  if (!text.startsWith(stamp) || text[stamp.length] !== '|') return undefined;
  const storedAt = stamp.length + 1;
  const lifetimeAt = text.indexOf('|', storedAt) + 1;
  const loadAt = text.indexOf('|', lifetimeAt) + 1;
  const payloadAt = text.indexOf('|', loadAt) + 1;
  if (lifetimeAt === 0 || loadAt === 0 || payloadAt === 0) return undefined;
  return {
    storedAt: Number(text.slice(storedAt, lifetimeAt - 1)),
    lifetimeMs: Number(text.slice(lifetimeAt, loadAt - 1)),
    loadMs: Number(text.slice(loadAt, payloadAt - 1)),
    payload: text.slice(payloadAt),
  };
}
