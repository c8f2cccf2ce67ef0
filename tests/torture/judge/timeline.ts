import type { ListName } from '../history.ts';
import type { Commit } from './commits.ts';

/** A read as far as it decides what must be shown. */
export interface Reader {
  readonly startedAt: number;
  readonly endedAt: number;
  readonly node: number;
  /** Whether the answer may have come from L1. */
  readonly maybeL1: boolean;
}

/** The committed versions of one row, in their order. */
export class Timeline {
  readonly #commits: readonly Commit[];
  readonly #byVersion: ReadonlyMap<number, Commit>;
  readonly #due: Staircase;
  readonly #dueInL1: Staircase;
  readonly #ownDue: ReadonlyMap<number, Staircase>;
  readonly #acknowledged: Staircase;
  readonly #byList = new Map<ListName, Timeline>();

  constructor(commits: readonly Commit[]) {
    this.#commits = commits.toSorted((a, b) => a.version - b.version);
    this.#byVersion = new Map(commits.map((commit) => [commit.version, commit]));
    this.#due = new Staircase(commits, ({ due }) => due);
    this.#dueInL1 = new Staircase(commits, ({ dueInL1 }) => dueInL1);
    this.#acknowledged = new Staircase(commits, ({ acknowledgedAt }) => acknowledgedAt);
    // A process that was told that it committed must show it itself at once, whatever became of the others.
    const nodes = new Set(commits.flatMap(({ node }) => (node === undefined ? [] : [node])));
    this.#ownDue = new Map(
      [...nodes].map((node) => [
        node,
        new Staircase(
          commits.filter((commit) => commit.node === node),
          ({ acknowledgedAt }) => acknowledgedAt,
        ),
      ]),
    );
  }

  /**
   * Only what a list had to be told of: commits that put the row in, took it out, or changed it while it was there. A
   * later commit of the same row says nothing about a list that the row had left before.
   */
  in(list: ListName): Timeline {
    const known = this.#byList.get(list);
    if (known !== undefined) return known;
    const told = this.#commits.filter(
      ({ lists }, index) => lists.includes(list) || (this.#commits[index - 1]?.lists.includes(list) ?? true),
    );
    const timeline = new Timeline(told);
    this.#byList.set(list, timeline);
    return timeline;
  }

  at(version: number): Commit | undefined {
    return this.#byVersion.get(version);
  }

  /** The oldest version this read may show; 0 when the row need not even exist yet. */
  oldestAllowed({ startedAt, node, maybeL1 }: Reader): number {
    const others = (maybeL1 ? this.#dueInL1 : this.#due).before(startedAt);
    return Math.max(others, this.#ownDue.get(node)?.before(startedAt) ?? 0);
  }

  /** Since when a read of this kind should have shown more than this version. */
  dueFor(version: number, { node, maybeL1 }: Reader): number {
    const dues = this.#commits
      .filter((commit) => commit.version > version)
      .map((commit) => dueOn(commit, node, maybeL1));
    return Math.min(Number.POSITIVE_INFINITY, ...dues);
  }

  /** The newest version in which the row was not in the list, among those that existed before the read ended. */
  newestOutside(list: ListName, { endedAt }: Reader): number {
    const outside = this.#commits.findLast(
      ({ lists, startedAt }) => startedAt < endedAt && !lists.includes(list),
    );
    return outside?.version ?? 0;
  }

  /** Commits that were acknowledged before the read started and are newer than what it showed, oldest first. */
  missed(version: number, { startedAt }: Reader): readonly Commit[] {
    if (this.#acknowledged.before(startedAt) <= version) return [];
    return this.#commits.filter((commit) => commit.version > version && commit.acknowledgedAt < startedAt);
  }
}

const dueOn = (commit: Commit, node: number, maybeL1: boolean): number => {
  if (commit.node === node) return commit.acknowledgedAt;
  return maybeL1 ? commit.dueInL1 : commit.due;
};

/** Which is the newest version among those that were due before a moment. */
class Staircase {
  readonly #steps: readonly { readonly at: number; readonly version: number }[];

  constructor(commits: readonly Commit[], due: (commit: Commit) => number) {
    const inTime = commits
      .map((commit) => ({ at: due(commit), version: commit.version }))
      .toSorted((a, b) => a.at - b.at);
    let newest = 0;
    this.#steps = inTime.map(({ at, version }) => {
      newest = Math.max(newest, version);
      return { at, version: newest };
    });
  }

  before(moment: number): number {
    let low = 0;
    let high = this.#steps.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#steps[middle]?.at ?? moment) < moment) low = middle + 1;
      else high = middle;
    }
    return this.#steps[low - 1]?.version ?? 0;
  }
}
