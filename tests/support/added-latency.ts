const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;

/** Milliseconds, as medians of the same number of calls. */
export interface AddedLatency {
  readonly plainMs: number;
  readonly addedMs: number;
}

/** How much longer `subject` takes than `plain`, measured in turns, so that a noisy machine disturbs both alike. */
export async function addedLatency(
  subject: () => Promise<unknown>,
  plain: () => Promise<unknown>,
  rounds = 300,
): Promise<AddedLatency> {
  const times = { subject: [] as number[], plain: [] as number[] };
  const measure = async (call: () => Promise<unknown>, into: number[]): Promise<void> => {
    const startedAt = performance.now();
    await call();
    into.push(performance.now() - startedAt);
  };
  for (let round = 0; round < rounds; round += 1) {
    await measure(subject, times.subject);
    await measure(plain, times.plain);
  }
  const plainMs = median(times.plain);
  return { plainMs, addedMs: median(times.subject) - plainMs };
}
