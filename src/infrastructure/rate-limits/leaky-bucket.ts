/** What a limiter allows; the same for all its keys. */
export interface BucketRule {
  readonly limit: number;
  readonly perMs: number;
  readonly burst: number;
}

export interface Pour {
  readonly name: string;
  /** Of the key. */
  readonly hash: string;
  readonly rule: BucketRule;
  readonly cost: number;
}

/** What has been taken and has not come back, after a decision. */
export interface Poured {
  readonly allowed: boolean;
  readonly level: number;
  /** Milliseconds since 1970, by the clock of whoever decided. */
  readonly atMs: number;
}

/** Where limiters count. `undefined` when the place could not be asked. */
export interface Buckets {
  pour(into: Pour): Promise<Poured | undefined>;
}

/** Sums of fractions come out a little more or less than they are. */
export const ROUNDING = 1e-9;

/**
 * The continuous-state leaky bucket of ITU-T I.371 (Annex A, Figure A.1), which decides like its virtual scheduling, the
 * generic cell rate algorithm: a bucket loses `limit` every `perMs`, and what would not fit is not poured in.
 */
export function pour(before: Poured | undefined, { rule, cost }: Pour, atMs: number): Poured {
  const { limit, perMs, burst } = rule;
  // A clock that goes back lets nothing out, neither then nor when it comes to the same time again.
  const leaked = before === undefined ? 0 : (Math.max(0, atMs - before.atMs) * limit) / perMs;
  const level = Math.max(0, (before?.level ?? 0) - leaked);
  const allowed = level + cost <= burst + ROUNDING;
  return { allowed, level: allowed ? level + cost : level, atMs: Math.max(atMs, before?.atMs ?? atMs) };
}

/** How long a bucket takes to lose this much. */
export const leakMs = (amount: number, { limit, perMs }: BucketRule): number =>
  Math.max(0, Math.ceil(((amount - ROUNDING) * perMs) / limit));
