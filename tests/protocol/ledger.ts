import { HEARTBEAT_LIMIT_MS } from '../../src/infrastructure/cache/limits.ts';
import { time } from './virtual-time.ts';

/** From now on, whoever is meant must not be answered anything older. */
interface Floor {
  readonly key: string;
  /** Place in the history of the key. */
  readonly index: number;
  readonly since: number;
  /** Whose reads are meant; everybody's when left out. */
  readonly node?: string | undefined;
  /** Who has made the commit, and has no memory that may lag behind it. */
  readonly writer?: string | undefined;
}

export interface Reading {
  readonly node: string;
  readonly key: string;
  readonly startedAt: number;
  readonly floors: readonly Floor[];
}

/** What a commit has changed: keys with their places in their histories. */
export type Changes = ReadonlyMap<string, number>;

/** Knows what was committed and acknowledged when, and judges what readers are answered. */
export class Ledger {
  readonly violations: string[] = [];
  readonly #history = new Map<string, string[]>();
  readonly #floors: Floor[] = [];
  /** To anybody, applied or deferred. */
  readonly #acknowledged: (readonly [key: string, index: number])[] = [];
  reads = 0;

  /** The committed state; answers what is new in it. */
  committed(facts: ReadonlyMap<string, string>): Changes {
    const changes = new Map<string, number>();
    for (const [key, value] of facts) {
      const history = this.#history.get(key) ?? [];
      this.#history.set(key, history);
      if (history.at(-1) !== value) changes.set(key, history.push(value) - 1);
    }
    return changes;
  }

  /** A commit was answered with `applied`, or with `deferred`, which binds nobody but the writer's own process. */
  acknowledged(writer: string, changes: Changes, invalidation: 'applied' | 'deferred'): void {
    const node = invalidation === 'applied' ? undefined : writer;
    this.#raise(changes, { writer, node });
    this.#acknowledged.push(...changes);
  }

  /** A process has learned that there is something newer, or has made up for what it missed. */
  knows(node: string, keys: Iterable<string> = this.#history.keys()): void {
    this.#raise(this.#latest(keys), { node, writer: node });
  }

  /** Nobody may see the old value any more although nothing was acknowledged. */
  visible(changes: Changes): void {
    this.#raise(changes, {});
  }

  /** Everything acknowledged so far holds for this process at once. */
  reconnected(node: string): void {
    for (const change of this.#acknowledged) this.#raise([change], { node, writer: node });
  }

  start(node: string, key: string): Reading {
    this.reads += 1;
    const floors = this.#floors.filter(
      (floor) => floor.key === key && (floor.node === undefined || floor.node === node),
    );
    return { node, key, startedAt: time.now, floors };
  }

  finish(reading: Reading, value: string, source: string): void {
    const { node, key, floors, startedAt } = reading;
    const history = this.#history.get(key) ?? [];
    const index = history.lastIndexOf(value);
    if (index === -1)
      return this.violated(`${node} was answered ${key} = ${value}, which nobody has committed`);
    const broken = floors.find(
      (floor) => index < floor.index && !(source === 'l1' && mayLag(floor, node, startedAt)),
    );
    if (broken !== undefined)
      this.violated(
        `${node} was answered ${key} = ${value} (${source}) although ${history[broken.index] ?? ''} had been acknowledged ${startedAt - broken.since} ms before`,
      );
  }

  /** When everything has been delivered and time has passed, nobody may be answered anything but the latest. */
  settled(reading: Reading, value: string): void {
    const latest = this.#history.get(reading.key)?.at(-1);
    if (value !== latest)
      this.violated(
        `${reading.node} is answered ${reading.key} = ${value} for ever, and ${latest ?? ''} is true`,
      );
  }

  violated(what: string): void {
    this.violations.push(what);
  }

  #latest(keys: Iterable<string>): Changes {
    return new Map([...keys].map((key) => [key, (this.#history.get(key)?.length ?? 0) - 1]));
  }

  #raise(changes: Iterable<readonly [string, number]>, whom: Pick<Floor, 'node' | 'writer'>): void {
    for (const [key, index] of changes) this.#floors.push({ key, index, since: time.now, ...whom });
  }
}

/** Memory may be behind what another process has committed, for as long as a heartbeat may be late. */
const mayLag = ({ writer, since }: Floor, node: string, startedAt: number): boolean =>
  writer !== node && startedAt - since <= HEARTBEAT_LIMIT_MS;
