import { ACKNOWLEDGEMENTS, DATABASE, EVERYTHING, isReady, type Action } from './action.ts';
import { factsOf, type Key } from './facts.ts';
import { FakeDatabase, type DatabaseUser } from './fake-database.ts';
import { FakeRedisClient } from './fake-redis-client.ts';
import { FakeRedisServer } from './fake-redis-server.ts';
import type { Lane } from './lane.ts';
import { Ledger } from './ledger.ts';
import { SimNode } from './sim-node.ts';
import { time } from './virtual-time.ts';

type Step = () => unknown;

interface Actor {
  readonly name: string;
  /** Whose end is also its own. */
  readonly user: DatabaseUser | undefined;
  readonly touches: readonly string[];
  readonly steps: readonly Step[];
  next: number;
  busy: boolean;
}

interface NodeOptions {
  /** Whether it commits anything. */
  readonly writes?: boolean;
  /** Whether it keeps copies of its own; it does when left out. */
  readonly memory?: boolean;
  readonly strict?: boolean;
  /** `false`: it hears of others through the database. */
  readonly redis?: false;
  /** Its client sends what was not answered once more after a reconnect. */
  readonly resends?: boolean;
}

interface Member {
  readonly node: SimNode;
  readonly user: { -readonly [Name in keyof DatabaseUser]: DatabaseUser[Name] };
}

/** Processes, a database and a Redis, and everything that can happen next. */
export class World {
  readonly ledger = new Ledger();
  readonly #lanes: Lane[] = [];
  #posted: Action[] = [];
  readonly #actors: Actor[] = [];
  readonly #members: Member[] = [];
  readonly #keys = new Set<Key>();
  readonly #checks: (() => void)[] = [];
  readonly database: FakeDatabase;
  /** Where new connections lead. */
  redis = new FakeRedisServer('redis');

  constructor() {
    time.reset();
    this.database = new FakeDatabase({
      ledger: this.ledger,
      post: (action) => this.#posted.push(action),
      register: (lane) => this.#lanes.push(lane),
      facts: factsOf,
    });
    for (const id of [1, 2])
      this.database.insert('city', {
        id,
        name: `City ${id}`,
        time_zone: 'UTC',
        active: true,
        policy: {},
        version: 1,
      });
  }

  /** Starts a process and waits until it is ready. */
  async node(name: string, options: NodeOptions = {}): Promise<SimNode> {
    const { writes = false, memory = true, strict = false, resends = false } = options;
    // Whatever happens to who commits may be an acknowledgement, or a statement of its transaction.
    const places = writes ? [name, DATABASE, ACKNOWLEDGEMENTS] : [name];
    const user = { name, places, dead: false };
    const redis =
      options.redis === false
        ? undefined
        : new FakeRedisClient({
            name,
            places,
            server: () => this.redis,
            register: (lane) => this.#lanes.push(lane),
            resends,
          });
    const { ledger, database } = this;
    await redis?.connect();
    await time.quiet();
    redis?.on('ready', () => ledger.reconnected(name));
    const node = await SimNode.open({ user, database, ledger, redis, memory, strict });
    this.#members.push({ node, user });
    void node.cache.start();
    await this.settle();
    return node;
  }

  /** Steps one after the other, each of which may come at any moment after the one before has ended. */
  actor(name: string, at: SimNode, ...steps: readonly Step[]): void {
    const { user } = this.#member(at);
    this.#play(`${name} on ${user.name}`, user.places, steps, user);
  }

  /** The same in several processes. */
  traveller(name: string, at: readonly SimNode[], ...steps: readonly Step[]): void {
    this.#play(name, [...new Set(at.flatMap((node) => this.#member(node).user.places))], steps);
  }

  /** Something that befalls everybody, or time that passes. */
  fate(name: string, ...steps: readonly Step[]): void {
    this.#play(name, [EVERYTHING], steps);
  }

  /** Something that befalls Redis. */
  redisFate(name: string, ...steps: readonly Step[]): void {
    this.#play(name, [this.redis.name], steps);
  }

  #play(name: string, touches: readonly string[], steps: readonly Step[], user?: DatabaseUser): void {
    this.#actors.push({ name, user, touches, steps, next: 0, busy: false });
  }

  /** The process is gone, in the middle of whatever it did. */
  kill(node: SimNode): void {
    const { user } = this.#member(node);
    user.dead = true;
    const { redis } = node;
    for (const client of redis === undefined ? [] : [redis, ...redis.duplicates]) client.disconnect();
  }

  /** Time passes for everybody, and nothing arrives meanwhile. */
  advance(ms: number): Promise<void> {
    return time.advance(ms);
  }

  /** Time passes, and timers do not run before `wake`. */
  suspend(ms: number): void {
    time.suspend(ms);
  }

  wake(): Promise<void> {
    return time.wake();
  }

  /** A replica becomes the master; these processes send their commands to it, and still listen where they did. */
  promote(name: string, nodes: readonly SimNode[]): void {
    this.redis = new FakeRedisServer(name, this.redis.contents);
    for (const { redis } of nodes) redis?.disconnect(true);
  }

  /** Looks at what has become of everything. */
  atEnd(check: () => void): void {
    this.#checks.push(check);
  }

  /** These are read everywhere at the end. */
  watch(...keys: readonly Key[]): void {
    for (const key of keys) this.#keys.add(key);
  }

  /** What can happen next. */
  enabled(): readonly Action[] {
    return [...this.#messages(), ...this.#steps()];
  }

  /** Delivers everything that is on its way. */
  async settle(): Promise<void> {
    for (;;) {
      await time.quiet();
      const [next] = this.#messages();
      if (next === undefined) return;
      await next.run();
    }
  }

  /** Lets time pass while everything arrives at once. */
  pass(ms: number): Promise<void> {
    return time.advance(ms, () => this.settle());
  }

  /** Everything arrives, time passes, and then nobody may be wrong any more. */
  async finish(): Promise<void> {
    for (const lane of this.#lanes) lane.held = false;
    await this.settle();
    await this.pass(AFTERMATH_MS);
    for (const { name, user, busy } of this.#actors)
      if (busy && user?.dead !== true) this.ledger.violated(`${name} is never answered`);
    for (const check of this.#checks) check();
    for (const { node, user } of this.#members)
      if (!user.dead)
        for (const key of this.#keys) {
          void node.readLast(key);
          await this.settle();
        }
  }

  #messages(): readonly Action[] {
    const next = this.#lanes.flatMap((lane) => lane.next ?? []);
    const posted = this.#posted.filter(isReady).map((action) => ({
      ...action,
      run: () => {
        this.#posted = this.#posted.filter((other) => other !== action);
        return action.run();
      },
    }));
    return [...next, ...posted];
  }

  #steps(): readonly Action[] {
    return this.#actors
      .filter(({ busy, next, steps, user }) => !busy && next < steps.length && user?.dead !== true)
      .map((actor) => ({
        label: `${actor.name}: step ${actor.next + 1}`,
        touches: actor.touches,
        observes: [ACKNOWLEDGEMENTS],
        run: () => this.#step(actor),
      }));
  }

  /** Time passes before anything else can happen; everything else is waited for by the next step only. */
  async #step(actor: Actor): Promise<void> {
    const step = actor.steps[actor.next];
    Object.assign(actor, { busy: true, next: actor.next + 1 });
    const ended = Promise.resolve(step?.()).then(() => {
      Object.assign(actor, { busy: false });
    });
    if (actor.touches.includes(EVERYTHING)) await ended;
  }

  #member(node: SimNode): Member {
    const member = this.#members.find((one) => one.node === node);
    if (member === undefined) throw new Error(`${node.name} is not of this world`);
    return member;
  }
}

/** Longer than memory may be behind, and than a relay takes to look. */
const AFTERMATH_MS = 1500;
