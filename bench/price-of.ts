import { measure, ratioOf, spreadOf, type Contender } from './measure.ts';

interface Compared {
  /** What is counted, and without what: `reads per second without metrics`. */
  readonly unit: string;
  readonly on: Contender;
  readonly off: Contender;
  /** The same as `off` once more: shows how far apart the same thing can be. */
  readonly alsoOff: Contender;
  /** Share that `on` may take. */
  readonly target: number;
  readonly quick: boolean;
}

/** Measures in turns what something costs, and prints ratios, their spread and the target. */
export async function priceOf({ unit, on, off, alsoOff, target, quick }: Compared): Promise<void> {
  const plan = quick ? { rounds: 9, sliceMs: 100 } : { rounds: 31, sliceMs: 200 };
  const rates = await measure([off, alsoOff, on], plan);
  const ratesOf = (contender: Contender): readonly number[] => rates.get(contender) ?? [];
  const ratio = ratioOf(ratesOf(on), ratesOf(off));
  const noise = ratioOf(ratesOf(alsoOff), ratesOf(off));
  console.log(`\n${on.name}: ${spreadOf(ratesOf(off)).median.toFixed(0)} ${unit}`);
  for (const [name, { median, lowest, highest }] of [
    ['with it      ', ratio],
    ['without again', noise],
  ] as const)
    console.log(`  ${name} ${median.toFixed(3)} [${lowest.toFixed(3)} – ${highest.toFixed(3)}] of that`);
  const cost = 1 - ratio.median;
  // No difference can be told that is smaller than the one between two that are the same.
  const within = cost <= Math.abs(1 - noise.median);
  const verdict = cost <= target ? 'met' : within ? 'within the spread' : 'missed';
  console.log(`  target: at most ${target * 100} % less (${verdict})`);
}
