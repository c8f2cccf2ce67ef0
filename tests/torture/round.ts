import { setTimeout as sleep } from 'node:timers/promises';
import { victims, type Fault, type NamedFault, type Outcome } from './fault.ts';
import { monotonicNow, type History, type Sighting } from './history.ts';
import { asBaseline, isDeletion, settleCommits, type Commit, type CommittedState } from './judge/commits.ts';
import { judge, type Judgement } from './judge/judge.ts';
import { timesInReach, type Interval } from './judge/relay-reach.ts';
import { bounds, type Rules } from './judge/bounds.ts';
import { seededRandom } from './random.ts';
import { READERS, untilHits, WRITERS, type Stage } from './stage.ts';

export interface Pace {
  /** Of the fault; milliseconds. */
  readonly faultMs: number;
  /** Before the fault, and after everything has recovered from it; milliseconds. */
  readonly calmMs: number;
}

/** What a round showed. */
export interface Round {
  readonly fault: NamedFault;
  readonly outcome: Outcome;
  readonly rules: Rules;
  readonly histories: readonly History[];
  readonly judgement: Judgement;
  /** Rows that somebody still did not see as they are when everything was over. */
  readonly wrongInTheEnd: readonly string[];
  /** Commits that no rule said anything about, because nobody acknowledged them or could relay them. */
  readonly unjudged: number;
  /** Milliseconds from the end of the fault until the cache of every process, memory if it has any, answered again. */
  readonly recoveredAfterMs: number;
}

/** Probes are up to five seconds apart, and a connection may have to be replaced first. */
export const RECOVERY_LIMIT_MS = 12_000;

/** Lets all processes play, brings a fault about meanwhile, and judges what they saw. */
export async function playRound<On extends Stage>(
  stage: On,
  fault: Fault<On>,
  { faultMs, calmMs }: Pace,
  seed: number,
): Promise<Round> {
  const { nodes, board } = stage;
  await Promise.all(
    nodes.map(({ number, process: player }) =>
      player.call('play', { node: number, board, seed, readers: READERS, writers: WRITERS[number] ?? 0 }),
    ),
  );
  await sleep(calmMs);
  const from = monotonicNow();
  const outcome = (await fault.act(stage, faultMs, seededRandom(seed))) ?? {};
  const to = monotonicNow();
  const recoveredAfterMs = await untilHits(stage, RECOVERY_LIMIT_MS);
  await sleep(calmMs);
  await Promise.all(nodes.map((node) => node.process.call('stopWriting', undefined)));
  // Reads go on until the last commit must be seen by everybody.
  await sleep(100 + (stage.rules.relayed ? bounds.relay : bounds.heartbeat));
  const histories = await Promise.all(nodes.map((node) => node.process.call('finish', undefined)));

  const { judgement, unjudged } = await judgeRound(stage, histories, blockedBy(fault, { from, to }), outcome);
  const wrongInTheEnd = wrongRows(await stage.ledger.present(), histories);
  return {
    fault,
    outcome,
    rules: stage.rules,
    histories,
    judgement,
    wrongInTheEnd,
    unjudged,
    recoveredAfterMs,
  };
}

/** Which processes the fault keeps from Redis, and when. */
const blockedBy =
  ({ reach }: NamedFault, during: Interval) =>
  (node: number): readonly Interval[] =>
    reach === 'none' || (reach === 'others' && victims.includes(node)) ? [during] : [];

async function judgeRound(
  stage: Stage,
  histories: readonly History[],
  blocked: (node: number) => readonly Interval[],
  { diedAt }: Outcome,
): Promise<{ readonly judgement: Judgement; readonly unjudged: number }> {
  const commits = settleCommits({
    states: await stage.ledger.news(),
    acknowledgements: histories.flatMap(({ acknowledgements }, node) =>
      acknowledgements.map((one) => ({ ...one, node })),
    ),
    reach: histories.map(({ link }, node) => timesInReach(link, blocked(node))),
    diedAt,
    rules: stage.rules,
  });
  const witnesses = histories.map(({ reads, sightings }, node) => ({ node, reads, sightings }));
  const judgement = judge([...stage.commits, ...commits], witnesses, stage.rules);
  stage.commits = asBaselines([...stage.commits, ...commits]);
  return { judgement, unjudged: commits.filter(({ due }) => due === Number.POSITIVE_INFINITY).length };
}

/** The next round begins when all of these have to be seen. What was deleted is not looked for any more. */
function asBaselines(commits: readonly Commit[]): readonly Commit[] {
  const deleted = new Set(commits.filter(isDeletion).map(({ entity }) => entity));
  return commits.filter(({ entity }) => !deleted.has(entity)).map(asBaseline);
}

function wrongRows(present: readonly CommittedState[], histories: readonly History[]): readonly string[] {
  const rows = new Map(present.map((state) => [state.entity, state]));
  const isRight = ({ entity, version, value }: Sighting): boolean => {
    const row = rows.get(entity);
    return row?.version === version && row.value === value;
  };
  return histories.flatMap(({ inTheEnd }, node) =>
    inTheEnd
      .filter((sighting) => !isRight(sighting))
      .map(({ entity, version }) => {
        const right = rows.get(entity)?.version ?? 'none';
        return `process ${node} sees ${entity} in version ${version} instead of ${right}`;
      }),
  );
}
