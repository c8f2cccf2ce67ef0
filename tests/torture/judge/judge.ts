import type { EntityName, ListName, Read, Sighting, Source } from '../history.ts';
import type { Commit } from './commits.ts';
import { besideRedis, bounds, type Rules } from './bounds.ts';
import { Timeline, type Reader } from './timeline.ts';

/** A read that started too late to show what it showed. */
export interface StaleRead {
  readonly kind: 'stale';
  readonly node: number;
  readonly source: Source;
  readonly entity: EntityName;
  /** The list that was asked for. */
  readonly list: ListName | undefined;
  /** Whether the row was not in it. */
  readonly missing: boolean;
  /** What was seen; of a row that was missing, the newest version that was not in the list. */
  readonly version: number;
  readonly shouldBeAtLeast: number;
  /** Milliseconds between the moment the newer version had to be seen and the start of the read. */
  readonly lateByMs: number;
}

type Observation = Pick<StaleRead, 'source' | 'entity' | 'version' | 'list' | 'missing'>;

/** Somebody saw what nobody ever committed. */
export interface Phantom extends Sighting {
  readonly kind: 'phantom';
  readonly node: number;
}

/** A list showed a row in a version that does not belong into it. */
export interface Misplaced {
  readonly kind: 'misplaced';
  readonly node: number;
  readonly entity: EntityName;
  readonly version: number;
  readonly list: ListName;
}

export type Violation = StaleRead | Phantom | Misplaced;

/** Milliseconds between an acknowledgement and the start of the last read that did not show it. */
export interface Staleness {
  /** Of `applied` commits, through L1 or where the source is not known. */
  readonly l1: number;
  /** Of `applied` commits, through Redis or the database. */
  readonly shared: number;
  /** Of `deferred` commits, since some process could relay them. */
  readonly deferred: number;
}

export interface Judgement {
  readonly reads: number;
  /** Rows seen in reads, and rows that were missing from lists. */
  readonly observations: number;
  /** Reads that did not say where their answer came from, and were held to the looser bound. */
  readonly unattributed: number;
  readonly violations: readonly Violation[];
  readonly staleness: Staleness;
}

/** What one process saw. */
export interface Witness {
  readonly node: number;
  readonly reads: readonly Read[];
  readonly sightings: readonly Sighting[];
}

/** Judges what several processes saw of the same rows, by the times of one clock. */
export function judge(
  commits: readonly Commit[],
  witnesses: readonly Witness[],
  rules: Rules = besideRedis,
): Judgement {
  const board = new JudgedBoard(commits, rules);
  for (const { node, reads, sightings } of witnesses) {
    for (const sighting of sightings) board.sighting(node, sighting);
    for (const read of reads) board.read(node, read);
  }
  return board.judgement;
}

class JudgedBoard {
  readonly #timelines: ReadonlyMap<EntityName, Timeline>;
  readonly #members: ReadonlyMap<ListName, readonly EntityName[]>;
  readonly #rules: Rules;
  readonly #violations: Violation[] = [];
  readonly #staleness = { l1: 0, shared: 0, deferred: 0 };
  #reads = 0;
  #observations = 0;
  #unattributed = 0;

  constructor(commits: readonly Commit[], rules: Rules) {
    this.#rules = rules;
    this.#timelines = timelines(commits);
    this.#members = everIn(commits);
  }

  get judgement(): Judgement {
    return {
      reads: this.#reads,
      observations: this.#observations,
      unattributed: this.#unattributed,
      violations: this.#violations,
      staleness: this.#staleness,
    };
  }

  sighting(node: number, sighting: Sighting): void {
    const committed = this.#timelines.get(sighting.entity)?.at(sighting.version);
    if (committed?.value !== sighting.value) this.#violations.push({ kind: 'phantom', node, ...sighting });
  }

  read(node: number, { startedAt, endedAt, source, list, seen }: Read): void {
    const maybeL1 = !this.#rules.strict.includes(source);
    const reader = { startedAt, endedAt, node, maybeL1 };
    this.#reads += 1;
    if (source === 'unknown') this.#unattributed += 1;
    for (const [entity, version] of seen) {
      this.#observe(reader, { source, entity, version, list, missing: false });
      if (list !== undefined) this.#belongs(node, list, entity, version);
    }
    if (list === undefined) return;
    const shown = new Set(seen.map(([entity]) => entity));
    for (const entity of this.#members.get(list) ?? []) {
      if (shown.has(entity)) continue;
      const version = this.#timelines.get(entity)?.newestOutside(list, reader) ?? 0;
      this.#observe(reader, { source, entity, version, list, missing: true });
    }
  }

  #belongs(node: number, list: ListName, entity: EntityName, version: number): void {
    const committed = this.#timelines.get(entity)?.at(version);
    // What was never committed is a phantom already.
    if (committed !== undefined && !committed.lists.includes(list))
      this.#violations.push({ kind: 'misplaced', node, entity, version, list });
  }

  #observe(reader: Reader, seen: Observation): void {
    this.#observations += 1;
    const { entity, version, list } = seen;
    const all = this.#timelines.get(entity);
    const timeline = list === undefined ? all : all?.in(list);
    if (timeline === undefined) return;
    for (const missed of timeline.missed(version, reader)) this.#measure(missed, reader);
    const shouldBeAtLeast = timeline.oldestAllowed(reader);
    if (version >= shouldBeAtLeast) return;
    const { node, startedAt } = reader;
    const lateByMs = startedAt - timeline.dueFor(version, reader);
    this.#violations.push({ kind: 'stale', node, ...seen, shouldBeAtLeast, lateByMs });
  }

  #measure({ applied, acknowledgedAt, due }: Commit, { startedAt, maybeL1 }: Reader): void {
    const way = applied ? (maybeL1 ? 'l1' : 'shared') : 'deferred';
    const since = applied ? acknowledgedAt : Math.max(acknowledgedAt, due - bounds.relay);
    this.#staleness[way] = Math.max(this.#staleness[way], startedAt - since);
  }
}

function timelines(commits: readonly Commit[]): ReadonlyMap<EntityName, Timeline> {
  const byEntity = new Map<EntityName, Commit[]>();
  for (const commit of commits) {
    const own = byEntity.get(commit.entity);
    if (own === undefined) byEntity.set(commit.entity, [commit]);
    else own.push(commit);
  }
  return new Map([...byEntity].map(([entity, own]) => [entity, new Timeline(own)]));
}

/** Every row that was in a list at some time; it has to be looked for when it is not there. */
function everIn(commits: readonly Commit[]): ReadonlyMap<ListName, readonly EntityName[]> {
  const members = new Map<ListName, Set<EntityName>>();
  for (const { entity, lists } of commits)
    for (const list of lists) members.set(list, (members.get(list) ?? new Set()).add(entity));
  return new Map([...members].map(([list, entities]) => [list, [...entities]]));
}
