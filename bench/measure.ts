/** One way to read in a process of its own. */
export interface Contender {
  readonly name: string;
  /** Reads for so long; answers reads per second. */
  readonly run: (sliceMs: number) => Promise<number>;
}

export interface Plan {
  readonly rounds: number;
  /** Milliseconds each contender runs for in each round. */
  readonly sliceMs: number;
}

/** Reads per second of each contender, round by round. */
export type Rates = ReadonlyMap<Contender, readonly number[]>;

/**
 * Lets the contenders take turns, so that whatever else the machine does hits all of them. Each round begins with
 * another one, because the first after a pause is at a disadvantage.
 */
export async function measure(contenders: readonly Contender[], { rounds, sliceMs }: Plan): Promise<Rates> {
  const rates = new Map<Contender, number[]>(contenders.map((contender) => [contender, []]));
  for (const contender of contenders) await contender.run(sliceMs);
  for (let round = 0; round < rounds; round += 1)
    for (let turn = 0; turn < contenders.length; turn += 1) {
      const contender = contenders[(round + turn) % contenders.length];
      if (contender !== undefined) rates.get(contender)?.push(await contender.run(sliceMs));
    }
  return rates;
}

export interface Spread {
  readonly median: number;
  readonly lowest: number;
  readonly highest: number;
}

export function spreadOf(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b);
  return {
    median: sorted[Math.floor(sorted.length / 2)] ?? Number.NaN,
    lowest: sorted[0] ?? Number.NaN,
    highest: sorted.at(-1) ?? Number.NaN,
  };
}

/** One value over the other, round by round: what slowed one round down slowed both. */
export const ratioOf = (over: readonly number[], under: readonly number[]): Spread =>
  spreadOf(over.map((value, round) => value / (under[round] ?? Number.NaN)));
