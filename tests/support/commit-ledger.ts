/** A commit that was acknowledged, as a later read can be judged by it. */
export interface Acknowledged {
  readonly version: number;
  readonly at: number;
  readonly applied: boolean;
}

/** A read that answered an older version than one acknowledged before it started. */
export interface StaleRead {
  readonly id: number;
  readonly startedAt: number;
  /** When the oldest commit it should have shown was acknowledged. */
  readonly missed: Acknowledged;
}

/** What was committed to which entity and when its writer was told so, in this process. */
export class CommitLedger {
  readonly #commits = new Map<number, Acknowledged[]>();

  acknowledge(id: number, commit: Acknowledged): void {
    const commits = this.#commits.get(id);
    if (commits === undefined) this.#commits.set(id, [commit]);
    else commits.push(commit);
  }

  newest(id: number): Acknowledged | undefined {
    return this.#commits.get(id)?.at(-1);
  }

  /** The oldest commit that a read, started at this moment and answered with this version, should have shown. */
  missedBy(id: number, startedAt: number, version: number): StaleRead | undefined {
    const missed = (this.#commits.get(id) ?? []).filter(
      (commit) => commit.version > version && commit.at < startedAt,
    );
    const [oldest] = missed.filter(({ applied }) => applied).concat(missed);
    return oldest === undefined ? undefined : { id, startedAt, missed: oldest };
  }
}
