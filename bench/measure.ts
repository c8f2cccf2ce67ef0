import type { Contender } from './contenders/contender.ts';

export interface Plan {
  readonly rounds: number;
  /** Milliseconds each contender runs for in each round. */
  readonly sliceMs: number;
  readonly ids: readonly number[];
  readonly callers: number;
}

/** Reads per second of one contender, round by round. */
export type Rates = ReadonlyMap<Contender, readonly number[]>;

/** Looking at the clock for each read would be part of what is measured. */
const READS_BETWEEN_LOOKS = 16;

/**
 * Lets the contenders take turns, so that whatever else the machine does hits all of them. Each round begins with
 * another one, because the first after a pause is at a disadvantage.
 */
export async function measure(contenders: readonly Contender[], plan: Plan): Promise<Rates> {
  const rates = new Map<Contender, number[]>(contenders.map((contender) => [contender, []]));
  for (const contender of contenders) await run(contender, { ...plan, sliceMs: plan.sliceMs / 2 });
  for (let round = 0; round < plan.rounds; round += 1)
    for (let turn = 0; turn < contenders.length; turn += 1) {
      const contender = contenders[(round + turn) % contenders.length];
      if (contender !== undefined) rates.get(contender)?.push(await run(contender, plan));
    }
  return rates;
}

async function run(contender: Contender, { ids, callers, sliceMs }: Plan): Promise<number> {
  const startedAt = performance.now();
  let reads = 0;
  const caller = async (): Promise<void> => {
    do {
      for (let read = 0; read < READS_BETWEEN_LOOKS; read += 1) {
        const id = ids[reads % ids.length] ?? 0;
        reads += 1;
        await contender.read(id);
      }
    } while (performance.now() - startedAt < sliceMs);
  };
  await Promise.all(Array.from({ length: callers }, caller));
  return (reads / (performance.now() - startedAt)) * 1000;
}

export interface Spread {
  readonly median: number;
  readonly lowest: number;
  readonly highest: number;
}

export function spreadOf(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b);
  return {
    median: sorted[Math.floor(sorted.length / 2)] ?? 0,
    lowest: sorted[0] ?? 0,
    highest: sorted.at(-1) ?? 0,
  };
}

/** How many times as fast the first is, round by round: what slowed one round down slowed both. */
export const ratioOf = (rates: Rates, fast: Contender, slow: Contender): Spread =>
  spreadOf((rates.get(fast) ?? []).map((rate, round) => rate / (rates.get(slow)?.[round] ?? Number.NaN)));
