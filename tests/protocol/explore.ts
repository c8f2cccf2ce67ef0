import { dependent, type Action } from './action.ts';
import { time } from './virtual-time.ts';
import { World } from './world.ts';

/** Sets a world up; what its actors do afterwards is interleaved. */
export interface Scenario {
  readonly name: string;
  readonly play: (world: World) => Promise<void>;
}

interface Finding {
  readonly violation: string;
  /** What happened, in order. */
  readonly interleaving: readonly string[];
}

export interface Explored {
  interleavings: number;
  steps: number;
  reads: number;
  /** Whether every order was tried in which it matters. */
  exhaustive: boolean;
  finding: Finding | undefined;
}

/** One place on the way through the tree of interleavings. */
interface Fork {
  readonly enabled: readonly Action[];
  /** Labels of what was tried in an earlier branch, and commutes with everything since. */
  readonly asleep: ReadonlySet<string>;
  readonly tried: Set<string>;
  chosen: string;
}

type Choose = (enabled: readonly Action[], depth: number) => Action | undefined;

/** One interleaving from start to end; `undefined` when it was given up because its like was tried before. */
async function run(scenario: Scenario, choose: Choose, explored: Explored): Promise<boolean> {
  const world = new World();
  await scenario.play(world);
  const interleaving: string[] = [];
  for (let depth = 0; ; depth += 1) {
    await time.quiet();
    const enabled = world.enabled();
    if (enabled.length === 0) break;
    const next = choose(enabled, depth);
    if (next === undefined) return false;
    interleaving.push(next.label);
    explored.steps += 1;
    await next.run();
  }
  await world.finish();
  explored.interleavings += 1;
  explored.reads += world.ledger.reads;
  const [violation] = world.ledger.violations;
  if (violation !== undefined) explored.finding ??= { violation, interleaving };
  return true;
}

/** Walks through a scenario at random. */
export async function* wander(
  scenario: Scenario,
  explored: Explored,
  random: () => number,
): AsyncGenerator<undefined> {
  for (;;) {
    await run(scenario, (enabled) => enabled[Math.floor(random() * enabled.length)], explored);
    yield;
  }
}

/**
 * Tries all interleavings that differ in more than the order of independent steps: the sleep sets of Godefroid,
 * "Partial-Order Methods for the Verification of Concurrent Systems" (1996). The world cannot be copied, so every
 * interleaving is played from the start.
 */
export async function* exhaust(scenario: Scenario, explored: Explored): AsyncGenerator<undefined> {
  const forks: Fork[] = [];
  const choose: Choose = (enabled, depth) => {
    const fork = forks[depth];
    if (fork !== undefined) return find(enabled, fork.chosen);
    const before = forks[depth - 1];
    const asleep = before === undefined ? new Set<string>() : stillAsleep(before);
    const first = enabled.find(({ label }) => !asleep.has(label));
    if (first !== undefined) forks.push({ enabled, asleep, tried: new Set(), chosen: first.label });
    return first;
  };
  do {
    if (await run(scenario, choose, explored)) yield;
  } while (advance(forks));
  explored.exhaustive = true;
}

/** Moves on to the next branch; `false` when there is none. */
function advance(forks: Fork[]): boolean {
  for (;;) {
    const fork = forks.at(-1);
    if (fork === undefined) return false;
    fork.tried.add(fork.chosen);
    const next = fork.enabled.find(({ label }) => !fork.tried.has(label) && !fork.asleep.has(label));
    if (next !== undefined) {
      fork.chosen = next.label;
      return true;
    }
    forks.pop();
  }
}

function stillAsleep({ enabled, asleep, tried, chosen }: Fork): ReadonlySet<string> {
  const taken = find(enabled, chosen);
  return new Set(
    enabled
      .filter((action) => asleep.has(action.label) || tried.has(action.label))
      .filter((action) => !dependent(action, taken))
      .map(({ label }) => label),
  );
}

function find(enabled: readonly Action[], label: string): Action {
  const found = enabled.find((action) => action.label === label);
  if (found === undefined) throw new Error(`the same steps led elsewhere: no ${label}`);
  return found;
}
