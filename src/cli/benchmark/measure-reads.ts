import type { ResultAsync } from 'neverthrow';
import { err, ok, safeTry } from 'neverthrow';
import type { Instrumentation, ReadSource, RecruiterId, Slotwise } from '../../index.ts';
import type { CliError } from '../cli-error.ts';
import { percentilesOf, type Percentiles } from './percentiles.ts';

/** Who answered how many of the reads. */
export type Answered = Readonly<Record<ReadSource, number>>;

/** One way to read, and what was seen of it. */
export class Place {
  readonly name: string;
  readonly sdk: Slotwise;
  readonly #sources: SourceCounter;
  readonly #durationsMs: number[] = [];

  constructor(name: string, sdk: Slotwise, sources: SourceCounter) {
    this.name = name;
    this.sdk = sdk;
    this.#sources = sources;
  }

  get reads(): number {
    return this.#durationsMs.length;
  }

  get percentiles(): Percentiles {
    return percentilesOf(this.#durationsMs);
  }

  get answered(): Answered {
    return this.#sources.counts;
  }

  /** Forgets what came before: the reads that make it warm. */
  begin(): void {
    this.#sources.reset();
  }

  async read(id: RecruiterId): Promise<CliError | undefined> {
    const startedAt = performance.now();
    const answer = await this.sdk.read.recruiters.find(id);
    this.#durationsMs.push(performance.now() - startedAt);
    return answer.isErr() ? answer.error : undefined;
  }
}

/** Told by an SDK where its answers came from. */
export class SourceCounter {
  #counts = { l1: 0, l2: 0, stale: 0, database: 0 };

  readonly instrumentation: Instrumentation = {
    cacheRead: ({ source }) => {
      // Counted by its statement, which is there also without a cache.
      if (source !== 'database') this.#counts[source] += 1;
    },
    statement: ({ operation }) => {
      if (operation.startsWith('recruiters.')) this.#counts.database += 1;
    },
  };

  get counts(): Answered {
    return { ...this.#counts };
  }

  reset(): void {
    this.#counts = { l1: 0, l2: 0, stale: 0, database: 0 };
  }
}

interface Plan {
  readonly ids: readonly RecruiterId[];
  readonly reads: number;
  readonly limitMs: number;
  readonly signal: AbortSignal;
}

const ROUNDS = 10;

/** Lets the places take turns, one read at a time, so that what disturbs the machine disturbs all of them. */
export const measureReads = (
  places: readonly Place[],
  { ids, reads, limitMs, signal }: Plan,
): ResultAsync<void, CliError> =>
  safeTry<void, CliError>(async function* () {
    for (const { sdk } of places) for (const id of ids) yield* sdk.read.recruiters.find(id);
    for (const place of places) place.begin();
    const deadline = performance.now() + limitMs;
    const enough = (): boolean => signal.aborted || performance.now() > deadline;
    const perRound = Math.ceil(reads / ROUNDS);
    for (let round = 0; round < ROUNDS; round += 1)
      for (const place of places)
        for (let read = 0; read < perRound && place.reads < reads && !enough(); read += 1) {
          const failure = await place.read(ids[place.reads % ids.length] as RecruiterId);
          if (failure !== undefined) return err(failure);
        }
    return ok();
  });
