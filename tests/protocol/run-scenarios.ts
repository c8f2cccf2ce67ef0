import { parseArgs } from 'node:util';
import { seededRandom } from '../torture/random.ts';
import { exhaust, wander, type Explored, type Scenario } from './explore.ts';
import { scenarios } from './scenarios/scenarios.ts';
import { time } from './virtual-time.ts';

// Plays every scenario in every order that makes a difference, as far as the limit goes, and at random.
//   --limit <n>      interleavings of one scenario (default 1500)
//   --random <n>     of which are random (default 300)
//   --seed <n>       of the random ones
//   --only <text>    scenarios with this in their name
//   --first          stops at the first violation
// Exit code 0: nothing was violated. 1: something was. Anything else: the program itself failed.

const { values } = parseArgs({
  options: {
    limit: { type: 'string', default: '1500' },
    random: { type: 'string', default: '300' },
    seed: { type: 'string', default: '1' },
    only: { type: 'string', default: '' },
    first: { type: 'boolean', default: false },
  },
});
const limit = Number(values.limit);
const random = Number(values.random);

/** How many interleavings a scenario plays before the next one has its turn. */
const TURN = 25;

interface Course {
  readonly scenario: Scenario;
  readonly explored: Explored;
  readonly wandering: AsyncGenerator<undefined>;
  readonly exhausting: AsyncGenerator<undefined>;
}

function course(scenario: Scenario): Course {
  const explored = { interleavings: 0, steps: 0, reads: 0, exhaustive: false, finding: undefined };
  const wandering = wander(scenario, explored, seededRandom(Number(values.seed)));
  return { scenario, explored, wandering, exhausting: exhaust(scenario, explored) };
}

/** Plays a few more interleavings; `false` when there is nothing left to play. */
async function turn({ explored, wandering, exhausting }: Course): Promise<boolean> {
  for (let played = 0; played < TURN; played += 1) {
    if (explored.finding !== undefined || explored.exhaustive || explored.interleavings >= limit)
      return false;
    await (explored.interleavings < random ? wandering : exhausting).next();
  }
  return true;
}

time.install();
const courses = scenarios.filter(({ name }) => name.includes(values.only)).map(course);
if (courses.length === 0) throw new Error(`there is no scenario with "${values.only}" in its name`);
const found = (): boolean => courses.some(({ explored }) => explored.finding !== undefined);
let open: readonly Course[] = courses;
while (open.length > 0 && !(values.first && found())) {
  const left: Course[] = [];
  for (const one of open) {
    if (await turn(one)) left.push(one);
    if (values.first && found()) break;
  }
  open = left;
}

for (const { scenario, explored } of courses) {
  const { interleavings, exhaustive, reads, steps, finding } = explored;
  if (values.first && finding === undefined) continue;
  console.log(
    `${finding === undefined ? 'holds' : 'FAILS'}  ${scenario.name}: ${interleavings} interleavings${exhaustive ? ' (all there are)' : ''}, ${steps} steps, ${reads} reads`,
  );
  if (finding === undefined) continue;
  console.log(`       ${finding.violation}`);
  for (const step of finding.interleaving) console.log(`         ${step}`);
}
const sum = (of: (explored: Explored) => number): number =>
  courses.reduce((total, { explored }) => total + of(explored), 0);
console.log(
  `${courses.length} scenarios, ${sum((one) => one.interleavings)} interleavings, ${sum((one) => one.steps)} steps, ${sum((one) => one.reads)} reads, ${sum((one) => (one.finding === undefined ? 0 : 1))} violated`,
);
process.exitCode = found() ? 1 : 0;
