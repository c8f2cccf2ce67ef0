import type { AsyncLocalStorage } from 'node:async_hooks';
import type { ReadSource, Slotwise } from '../../src/index.ts';
import {
  monotonicNow,
  type Acknowledgement,
  type History,
  type LinkSample,
  type ListName,
  type Read,
  type Sighting,
  type Source,
} from './history.ts';

/** The sources that instrumentation named while a read was going on. */
export type SourcesOfRead = AsyncLocalStorage<Set<ReadSource>>;

/** What one process may answer another about the same row; none of them changes anything. */
const refusals = new Set([
  'StaleVersion',
  'SlotTaken',
  'DuplicateBooking',
  'CandidateBusy',
  'InvalidTransition',
]);

/** Answered by transactions that undo themselves on purpose. */
export const UNDONE = 'Undone';

const LINK_SAMPLE_MS = 10;

export interface TypedError {
  readonly type: string;
}

/** Writes down what one process does and sees. */
export class Recorder {
  readonly #sdk: Slotwise;
  readonly #sources: SourcesOfRead;
  readonly #before: ReturnType<Slotwise['cache']['stats']>;
  readonly #acknowledgements: Acknowledgement[] = [];
  readonly #reads: Read[] = [];
  readonly #sightings = new Map<string, Sighting>();
  readonly #link: LinkSample[] = [];
  readonly #failures: string[] = [];
  readonly #sampling: NodeJS.Timeout;
  #rollbacks = 0;
  #refusals = 0;

  constructor(sdk: Slotwise, sources: SourcesOfRead) {
    this.#sdk = sdk;
    this.#sources = sources;
    this.#before = sdk.cache.stats();
    this.#sampling = setInterval(() => this.#sample(), LINK_SAMPLE_MS);
  }

  error({ type, ...rest }: TypedError): void {
    if (type === UNDONE) this.#rollbacks += 1;
    else if (refusals.has(type)) this.#refusals += 1;
    else this.#failures.push(`${type} ${JSON.stringify(rest)}`);
  }

  acknowledged(commits: readonly Acknowledgement[]): void {
    this.#acknowledgements.push(...commits);
  }

  /** Runs a read and writes down what it answered, and where from; answers nothing when it failed. */
  async read(
    ask: () => PromiseLike<readonly Sighting[] | TypedError>,
    list?: ListName,
  ): Promise<readonly Sighting[]> {
    const sources = new Set<ReadSource>();
    const startedAt = monotonicNow();
    const answer = await this.#sources.run(sources, ask);
    const endedAt = monotonicNow();
    if ('type' in answer) {
      this.error(answer);
      return [];
    }
    const source = loosest(sources);
    const seen = answer.map((sighting) => {
      this.#saw(sighting);
      return [sighting.entity, sighting.version] as const;
    });
    const read = { startedAt, endedAt, source, seen };
    this.#reads.push(list === undefined ? read : { ...read, list });
    return answer;
  }

  /** Writes down what the memory of this process held at a moment, if anything. */
  look(look: () => readonly Sighting[]): Promise<void> {
    const startedAt = monotonicNow();
    const found = look();
    for (const sighting of found) this.#saw(sighting);
    const seen = found.map(({ entity, version }) => [entity, version] as const);
    if (seen.length > 0) this.#reads.push({ startedAt, endedAt: monotonicNow(), source: 'l1', seen });
    return Promise.resolve();
  }

  /** Ends the recording. */
  finish(inTheEnd: readonly Sighting[], unhandled: readonly unknown[]): History {
    clearInterval(this.#sampling);
    this.#sample();
    const { l1Hits, l2Hits, misses, bypassed } = this.#sdk.cache.stats();
    return {
      acknowledgements: this.#acknowledgements,
      reads: this.#reads,
      sightings: [...this.#sightings.values()],
      inTheEnd,
      link: this.#link,
      rollbacks: this.#rollbacks,
      refusals: this.#refusals,
      failures: this.#failures,
      unhandled: unhandled.map(String),
      lookups: {
        l1Hits: l1Hits - this.#before.l1Hits,
        l2Hits: l2Hits - this.#before.l2Hits,
        misses: misses - this.#before.misses,
        bypassed: bypassed - this.#before.bypassed,
      },
    };
  }

  #saw(sighting: Sighting): void {
    const { entity, version, value } = sighting;
    const name = `${entity}@${version}: ${value}`;
    if (!this.#sightings.has(name)) this.#sightings.set(name, sighting);
  }

  #sample(): void {
    this.#link.push({ at: monotonicNow(), up: this.#sdk.cache.stats().state === 'up' });
  }
}

/** A read that several sources took part in is held to the loosest bound among theirs. */
function loosest(sources: ReadonlySet<ReadSource>): Source {
  const order: readonly ReadSource[] = ['l1', 'stale', 'l2', 'database'];
  return order.find((source) => sources.has(source)) ?? 'unknown';
}
