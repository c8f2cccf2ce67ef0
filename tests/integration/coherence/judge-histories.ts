import type { Commit, EntityName, History, Read } from './history.ts';

/** A read that started after a commit was acknowledged as applied and still showed what was before it. */
export interface Violation {
  readonly entity: EntityName;
  /** `undefined`: a free slot was not in the list. */
  readonly version: number | undefined;
  readonly shouldBeAtLeast: number;
  readonly lateByMs: number;
}

export interface Judgement {
  readonly commits: { readonly applied: number; readonly deferred: number };
  readonly reads: number;
  readonly observations: number;
  readonly violations: readonly Violation[];
  /** The longest time between an acknowledgement, applied or deferred, and a read that did not show it. */
  readonly longestStalenessMs: number;
}

/** Judges what several processes did on the same rows by the times of one clock. */
export function judgeHistories(histories: readonly History[]): Judgement {
  const commits = histories.flatMap((history) => history.commits);
  const reads = histories.flatMap((history) => history.reads);
  const entities = new Set(commits.map(({ entity }) => entity));
  const timelines = new Map(
    [...entities].map((entity) => [
      entity,
      new Timeline(commits.filter((commit) => commit.entity === entity)),
    ]),
  );

  const violations: Violation[] = [];
  let longestStalenessMs = 0;
  const judge = (read: Read, entity: EntityName, version: number | undefined): void => {
    const timeline = timelines.get(entity);
    if (timeline === undefined) return;
    const missed = timeline.missedBy(read, version);
    for (const commit of missed)
      longestStalenessMs = Math.max(longestStalenessMs, read.startedAt - commit.acknowledgedAt);
    const broken = missed.findLast(({ applied }) => applied);
    if (broken === undefined) return;
    const lateByMs = read.startedAt - broken.acknowledgedAt;
    violations.push({ entity, version, shouldBeAtLeast: broken.version, lateByMs });
  };
  let observations = 0;
  for (const read of reads) {
    for (const [entity, version] of read.seen) judge(read, entity, version);
    for (const entity of read.absent) judge(read, entity, undefined);
    observations += read.seen.length + read.absent.length;
  }
  const applied = commits.filter((commit) => commit.applied).length;
  return {
    commits: { applied, deferred: commits.length - applied },
    reads: reads.length,
    observations,
    violations,
    longestStalenessMs,
  };
}

/** The commits of one entity by version; there is exactly one for each version after the first. */
class Timeline {
  readonly #commits: readonly Commit[];

  constructor(commits: readonly Commit[]) {
    this.#commits = commits.toSorted((a, b) => a.version - b.version);
  }

  /** Commits that were acknowledged before the read started and that what it answered cannot be reconciled with. */
  missedBy(read: Read, version: number | undefined): readonly Commit[] {
    const known = version ?? this.#newestInWhichItWasTaken(read);
    return this.#commits.filter((commit) => commit.version > known && commit.acknowledgedAt < read.startedAt);
  }

  /** A slot is rightly absent if it was not free in any version that was on its way before the read ended. */
  #newestInWhichItWasTaken(read: Read): number {
    return this.#commits.findLast((commit) => !commit.free && commit.startedAt < read.endedAt)?.version ?? 0;
  }
}
