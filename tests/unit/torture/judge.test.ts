import { describe, expect, it } from 'vitest';
import type { Read, Source } from '../../torture/history.ts';
import {
  asBaseline,
  settleCommits,
  type Commit,
  type NodeAcknowledgement,
} from '../../torture/judge/commits.ts';
import { toldByDatabase } from '../../torture/judge/bounds.ts';
import { judge, type Judgement, type Violation } from '../../torture/judge/judge.ts';
import type { Interval } from '../../torture/judge/relay-reach.ts';

const WRITER = 0;
const OTHER = 1;
const ANN = 'recruiter:1';
const ACTIVE = 'recruiters:active';

const state = (version: number, { active = true } = {}) => ({
  entity: ANN,
  version,
  value: `Ann ${version}`,
  lists: active ? [ANN, ACTIVE] : [ANN],
});

/** Version 1 has always been there; version 2 was acknowledged at 1000 by the first process. */
function story({
  invalidation = 'applied',
  active = true,
  reach = [],
  acknowledged = true,
  diedAt,
}: {
  readonly invalidation?: NodeAcknowledgement['invalidation'];
  readonly active?: boolean;
  readonly reach?: readonly (readonly Interval[])[];
  readonly acknowledged?: boolean;
  readonly diedAt?: number;
} = {}): readonly Commit[] {
  const told: NodeAcknowledgement = {
    entity: ANN,
    version: 2,
    startedAt: 990,
    acknowledgedAt: 1000,
    invalidation,
    node: WRITER,
  };
  const acknowledgements = acknowledged ? [told] : [];
  const settled = settleCommits({ states: [state(2, { active })], acknowledgements, reach, diedAt });
  return [asBaseline(state(1)), ...settled];
}

const readAt = (startedAt: number, source: Source, version: number, endedAt = startedAt + 1): Read => ({
  startedAt,
  endedAt,
  source,
  seen: [[ANN, version]],
});

const listAt = (
  startedAt: number,
  source: Source,
  versions: readonly number[],
  endedAt = startedAt + 1,
): Read => ({
  startedAt,
  endedAt,
  source,
  list: ACTIVE,
  seen: versions.map((version) => [ANN, version] as const),
});

/** Where processes have no Redis and tell each other through the database. */
const told = (commits: readonly Commit[], read: Read, node = OTHER): readonly Violation[] =>
  judge(commits, [{ node, reads: [read], sightings: [] }], toldByDatabase).violations;

const judged = (commits: readonly Commit[], read: Read, node = OTHER): Judgement =>
  judge(commits, [{ node, reads: [read], sightings: [] }]);
const violations = (commits: readonly Commit[], read: Read, node = OTHER): readonly Violation[] =>
  judged(commits, read, node).violations;
const late = (commits: readonly Commit[], read: Read, node = OTHER): readonly number[] =>
  violations(commits, read, node).map((found) => (found.kind === 'stale' ? found.lateByMs : Number.NaN));

describe('a commit that was acknowledged as applied', () => {
  const commits = story();

  it('must be shown by reads through Redis and from the database that start afterwards', () => {
    expect(late(commits, readAt(1005, 'l2', 1))).toEqual([5]);
    expect(late(commits, readAt(1005, 'database', 1))).toEqual([5]);
  });

  it('must be shown by an answer past its lifetime as by one from Redis', () => {
    expect(late(commits, readAt(1005, 'stale', 1))).toEqual([5]);
  });

  it('need not be shown by a read that started before, however late that was answered', () => {
    expect(violations(commits, readAt(999, 'l2', 1, 5000))).toEqual([]);
    expect(violations(commits, readAt(1000, 'l2', 1))).toEqual([]);
  });

  it('may be shown before it was acknowledged', () => {
    expect(violations(commits, readAt(500, 'l2', 2))).toEqual([]);
  });

  it('must be shown from L1 once the heartbeat limit is over', () => {
    expect(violations(commits, readAt(2000, 'l1', 1))).toEqual([]);
    expect(late(commits, readAt(2005, 'l1', 1))).toEqual([5]);
  });

  it('is held to the bound of L1 where a read did not tell its source, and that is counted', () => {
    expect(judged(commits, readAt(2000, 'unknown', 1))).toMatchObject({ violations: [], unattributed: 1 });
    expect(late(commits, readAt(2005, 'unknown', 1))).toEqual([5]);
  });

  it('must be shown at once by the process that made it, also from L1', () => {
    expect(late(commits, readAt(1005, 'l1', 1), WRITER)).toEqual([5]);
  });

  it('is measured by the time between its acknowledgement and the last read that did not show it', () => {
    expect(judged(commits, readAt(1700, 'l1', 1)).staleness).toEqual({ l1: 700, shared: 0, deferred: 0 });
    expect(judged(commits, readAt(1005, 'l2', 1)).staleness).toEqual({ l1: 0, shared: 5, deferred: 0 });
    expect(judged(commits, readAt(1700, 'l1', 2)).staleness).toEqual({ l1: 0, shared: 0, deferred: 0 });
  });
});

describe('a commit that was acknowledged as deferred', () => {
  const commits = story({ invalidation: 'deferred', reach: [[{ from: 3000, to: 9000 }]] });

  it('may stay unseen until some process has been able to relay for as long as the protocol takes', () => {
    expect(violations(commits, readAt(4500, 'l2', 1))).toEqual([]);
    expect(late(commits, readAt(4505, 'l2', 1))).toEqual([5]);
    expect(late(commits, readAt(4505, 'l1', 1))).toEqual([5]);
  });

  it('may stay unseen for ever while nobody can relay', () => {
    expect(violations(story({ invalidation: 'deferred' }), readAt(90_000, 'l2', 1))).toEqual([]);
  });

  it('must be shown at once by the process that made it', () => {
    expect(late(commits, readAt(1005, 'l2', 1), WRITER)).toEqual([5]);
  });

  it('is measured from the moment it could be relayed', () => {
    expect(judged(commits, readAt(3200, 'l2', 1)).staleness.deferred).toBe(200);
  });
});

describe('a commit whose writer died before it could tell anybody', () => {
  const commits = story({ acknowledged: false, diedAt: 2000, reach: [[{ from: 0, to: 9000 }]] });

  it('must be shown when somebody could have relayed it since', () => {
    expect(violations(commits, readAt(3500, 'l2', 1))).toEqual([]);
    expect(late(commits, readAt(3505, 'l2', 1))).toEqual([5]);
  });

  it('may be shown any time', () => {
    expect(violations(commits, readAt(0, 'l2', 2))).toEqual([]);
  });
});

describe('without Redis', () => {
  const commits = story();

  it('a commit must be shown by every read once the heartbeat limit is over, wherever it is answered from', () => {
    expect(told(commits, readAt(2000, 'l1', 1))).toEqual([]);
    expect(told(commits, readAt(2000, 'database', 1))).toEqual([]);
    expect(told(commits, readAt(2005, 'l1', 1))).toMatchObject([{ lateByMs: 5 }]);
    expect(told(commits, readAt(2005, 'database', 1))).toMatchObject([{ lateByMs: 5 }]);
  });

  it('a commit must be shown at once by the process that made it', () => {
    expect(told(commits, readAt(1005, 'l1', 1), WRITER)).toMatchObject([{ lateByMs: 5 }]);
  });

  it('a commit whose writer died is not waited for until somebody can relay it', () => {
    const died = settleCommits({
      states: [state(2)],
      acknowledgements: [],
      reach: [],
      diedAt: 1000,
      rules: toldByDatabase,
    });
    const all = [asBaseline(state(1)), ...died];
    expect(told(all, readAt(2000, 'l1', 1))).toEqual([]);
    expect(told(all, readAt(2005, 'l1', 1))).toMatchObject([{ lateByMs: 5 }]);
  });
});

describe('a list', () => {
  const archived = story({ active: false });

  it('must no longer show a row after the commit that took it out', () => {
    expect(late(archived, listAt(1005, 'l2', [1]))).toEqual([5]);
    expect(violations(archived, listAt(999, 'l2', [1]))).toEqual([]);
  });

  it('may leave out a row from the moment its removal was under way', () => {
    expect(violations(archived, listAt(900, 'l2', [], 995))).toEqual([]);
    expect(violations(archived, listAt(1005, 'l2', []))).toEqual([]);
  });

  it('must show a row that nobody has taken out yet', () => {
    expect(violations(archived, listAt(900, 'l2', [], 980))).toMatchObject([
      { kind: 'stale', entity: ANN, list: ACTIVE, version: 0, shouldBeAtLeast: 1 },
    ]);
  });

  it('must show a row that was put back in', () => {
    const restored = settleCommits({
      states: [state(2)],
      acknowledgements: [
        {
          entity: ANN,
          version: 2,
          startedAt: 990,
          acknowledgedAt: 1000,
          invalidation: 'applied',
          node: WRITER,
        },
      ],
      reach: [],
      diedAt: undefined,
    });
    const commits = [asBaseline(state(1, { active: false })), ...restored];
    expect(violations(commits, listAt(1000, 'l2', []))).toEqual([]);
    expect(late(commits, listAt(1005, 'l2', []))).toEqual([5]);
  });

  it('is not held to later commits of a row that had left it before', () => {
    const acknowledged = (
      version: number,
      invalidation: NodeAcknowledgement['invalidation'],
    ): NodeAcknowledgement => ({
      entity: ANN,
      version,
      startedAt: 980 + version,
      acknowledgedAt: 1000,
      invalidation,
      node: WRITER,
    });
    const left = settleCommits({
      states: [state(2, { active: false }), state(3, { active: false })],
      // Nobody could be acknowledged that the row has left; what came afterwards is of no interest to the list.
      acknowledgements: [acknowledged(2, 'deferred'), acknowledged(3, 'applied')],
      reach: [],
      diedAt: undefined,
    });
    const commits = [asBaseline(state(1)), ...left];
    expect(violations(commits, listAt(1005, 'l2', [1]))).toEqual([]);
    expect(late(commits, readAt(1005, 'l2', 1))).toEqual([5]);
  });

  it('must not show a row in a version that does not belong into it', () => {
    expect(violations(archived, listAt(1005, 'l2', [2]))).toEqual([
      { kind: 'misplaced', node: OTHER, entity: ANN, version: 2, list: ACTIVE },
    ]);
  });
});

describe('what was seen', () => {
  const sighted = (version: number, value: string): readonly Violation[] =>
    judge(story(), [{ node: OTHER, reads: [], sightings: [{ entity: ANN, version, value }] }]).violations;

  it('must have been committed, in this version and with this content', () => {
    expect(sighted(2, 'Ann 2')).toEqual([]);
    expect(sighted(2, 'rolled back')).toMatchObject([{ kind: 'phantom', entity: ANN, version: 2 }]);
    expect(sighted(3, 'Ann 3')).toMatchObject([{ kind: 'phantom', version: 3 }]);
  });

  it('must not be a row that never existed', () => {
    const sighting = { entity: 'slot:9', version: 1, value: 'free' };
    expect(judge(story(), [{ node: OTHER, reads: [], sightings: [sighting] }]).violations).toHaveLength(1);
  });
});
