import type { Standing } from './standing.ts';

/** Up to here the primary's log went at that moment of this process's monotonic clock, or further. */
interface Mark {
  readonly position: bigint;
  readonly at: number;
}

/** At one a second, an hour. */
const MOST_MARKS = 3600;

/**
 * Where the log of the primary was, and when: whoever has replayed it up to a mark knows everything that was committed
 * before that moment. Takes no clock but this process's own, so clocks that differ do not matter, and neither does a
 * standby that has lost its primary and believes to have everything.
 */
export class PrimaryLog {
  #system: string | undefined;
  #timeline: string | undefined;
  #marks: readonly Mark[] = [];

  /** @param askedAt when the question was sent, milliseconds of `performance.now()` */
  record({ system, timeline, position, inRecovery }: Standing, askedAt: number): void {
    // A standby under the primary's name can be behind, and proves nothing.
    if (inRecovery) return;
    // Positions of another history mean something else.
    const known = this.#system === system && this.#timeline === timeline ? this.#marks : [];
    this.#system = system;
    this.#timeline = timeline;
    const before = known.at(-1)?.position === position ? known.slice(0, -1) : known;
    this.#marks = [...before, { position, at: askedAt }].slice(-MOST_MARKS);
  }

  /** Where it was last. */
  get position(): bigint {
    return this.#marks.at(-1)?.position ?? 0n;
  }

  /** Why what a server answers is not the primary's data; `undefined` when it may be. */
  objectionTo({ system, timeline, inRecovery }: Standing): string | undefined {
    if (this.#system !== undefined && system !== this.#system) return 'belongs to another database cluster';
    if (!inRecovery && timeline !== this.#timeline) return 'takes writes of its own';
    return undefined;
  }

  /** The last moment at which the primary had written no more than this; `undefined` when it is too long ago to know. */
  lastAt(position: bigint): number | undefined {
    return this.#marks.findLast((mark) => mark.position <= position)?.at;
  }
}
