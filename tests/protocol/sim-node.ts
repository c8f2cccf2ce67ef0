import type { Result, ResultAsync } from 'neverthrow';
import { silentLogger } from '../../src/application/ports/logger.ts';
import type { ReadSource } from '../../src/application/ports/instrumentation.ts';
import type { UnitOfWork, UnitOfWorkOptions } from '../../src/application/ports/unit-of-work.ts';
import type { City } from '../../src/domain/city/city.ts';
import { Instant } from '../../src/domain/shared/instant.ts';
import type { RedisTarget } from '../../src/infrastructure/cache/redis/redis-target.ts';
import { composeCache, type CacheParts } from '../../src/infrastructure/compose-cache.ts';
import type { ParsedCache, ParsedDatabase } from '../../src/infrastructure/config/parse-options.ts';
import { signalsOf, type Signals } from '../../src/infrastructure/observability/signals.ts';
import { MikroOrmUnitOfWork } from '../../src/infrastructure/persistence/mikro-orm-unit-of-work.ts';
import { mikroOrmRepositories } from '../../src/infrastructure/persistence/repositories/mikro-orm-repositories.ts';
import { AutocommitSession } from '../../src/infrastructure/persistence/session.ts';
import { cityFromRecord } from '../../src/infrastructure/records/city-record.ts';
import type { Connected, DatabaseUser, FakeDatabase } from './fake-database.ts';
import type { FakeRedisClient } from './fake-redis-client.ts';
import { textOf, type Key } from './facts.ts';
import type { Ledger } from './ledger.ts';
import { time } from './virtual-time.ts';

interface SimNodeOptions {
  readonly user: DatabaseUser;
  readonly database: FakeDatabase;
  readonly ledger: Ledger;
  /** Without one, processes hear of each other through the database. */
  readonly redis: FakeRedisClient | undefined;
  readonly memory: boolean;
  readonly strict: boolean;
}

const EPOCH_MS = 1_700_000_000_000;
const clock = { now: () => Instant.fromEpochMilliseconds(EPOCH_MS + time.now) };

const databaseOptions: ParsedDatabase = {
  kind: 'server',
  url: 'postgresql://nowhere',
  replicaUrls: [],
  maxReplicaLagMs: false,
  schema: 'slotwise',
  acquireTimeoutMs: 5000,
  rows: [],
  pool: { min: 0, max: 1, idleTimeoutMs: 1, maxLifetimeMs: 1, checkAfterIdleMs: 1 },
  connectTimeoutMs: 1,
  statementTimeoutMs: 1,
};

const cacheOptions = (redis: RedisTarget | undefined, memory: boolean, strict: boolean): ParsedCache => ({
  redis,
  l1: memory ? { maxEntries: 10 } : false,
  strict,
  connections: 1,
  keepAliveMs: 1,
  pingIntervalMs: 30_000,
  connectTimeoutMs: 1000,
  prefix: 'p',
  ttl: {},
  codec: 'json',
  compressAboveBytes: false,
  consistencyCheck: 0,
  families: [],
  warmOnStart: undefined,
  maxLoads: 10,
  commandTimeoutMs: 50,
  invalidationTimeoutMs: 500,
  breaker: { failures: 5, probeIntervalMs: 1000 },
});

/** One process: the engine as the SDK composes it, with everything it reads and commits written in the ledger. */
export class SimNode {
  readonly name: string;
  readonly redis: FakeRedisClient | undefined;
  readonly cache: CacheParts;
  readonly #options: SimNodeOptions;
  readonly #signals: Signals;
  #source: ReadSource = 'database';

  private constructor(options: SimNodeOptions, cache: CacheParts, signals: Signals) {
    this.name = options.user.name;
    this.redis = options.redis;
    this.cache = cache;
    this.#options = options;
    this.#signals = signals;
  }

  static async open(options: SimNodeOptions): Promise<SimNode> {
    const { user, database, redis, memory, strict } = options;
    const signals = signalsOf({
      cacheRead: ({ source }) => {
        node.#source = source;
      },
    });
    const session = new AutocommitSession(database.connect(user).database, signalsOf());
    const target = redis === undefined ? undefined : ({ kind: 'client', client: redis } as const);
    const composed = await composeCache(cacheOptions(target, memory, strict), {
      database: databaseOptions,
      outside: mikroOrmRepositories({ session, onWrite: () => undefined }, 'slotwise', clock),
      outbox: database.outbox(user),
      listen: () => database.listen(user),
      clock,
      logger: silentLogger,
      signals,
      wrapStore: (store) => store,
    });
    const node: SimNode = new SimNode(options, composed._unsafeUnwrap(), signals);
    return node;
  }

  /** Reads as a host does, outside any unit of work. */
  async read(key: Key): Promise<void> {
    const { ledger } = this.#options;
    const reading = ledger.start(this.name, key);
    ledger.finish(reading, ...(await this.#answer(key)));
  }

  /** The last read of all. */
  async readLast(key: Key): Promise<void> {
    const { ledger } = this.#options;
    const reading = ledger.start(this.name, key);
    const [value] = await this.#answer(key);
    ledger.settled(reading, value);
  }

  /** Runs a unit of work, which an `Err` rolls back; answers what became of its commit, or the error's type. */
  async transaction<T, E extends { readonly type: string }>(
    work: (uow: UnitOfWork, connected: Connected) => PromiseLike<Result<T, E>>,
    options?: UnitOfWorkOptions,
  ): Promise<string> {
    const { user, database, ledger } = this.#options;
    const connected = database.connect(user);
    const uow = new MikroOrmUnitOfWork(
      {
        database: connected.database,
        replicas: connected.replica,
        caching: this.cache.caching,
        invalidation: this.cache.invalidation,
        clock,
        logger: silentLogger,
        signals: this.#signals,
        publisher: { publish: () => Promise.resolve() },
      },
      options,
    );
    const worked = await work(uow, connected);
    if (worked.isErr()) {
      await uow[Symbol.asyncDispose]();
      return worked.error.type;
    }
    const committed = await uow.commit();
    if (committed.isErr()) return 'failed';
    ledger.acknowledged(this.name, connected.changes(), committed.value.invalidation);
    return committed.value.invalidation;
  }

  /** Changes a city as it is in the database. */
  rename(id: number): Promise<string> {
    return this.transaction((uow) => uow.cities.update(this.stored(id)));
  }

  /** The row, past everything. */
  stored(id: number): City {
    return cityFromRecord(this.#options.database.row('city', id))._unsafeUnwrap();
  }

  /** Where the answer of a read comes from is told while it is being asked, or just before it is answered. */
  async #answer(key: Key): Promise<[value: string, source: string]> {
    this.#source = 'database';
    const asked = this.#ask(key);
    // Memory answers before anything else can happen; only that must be told apart.
    const fromMemory = (this.#source as ReadSource) === 'l1';
    const answer = await asked;
    const source = fromMemory ? 'l1' : 'not from memory';
    return answer.isOk() ? [textOf(answer.value), source] : [`an error: ${answer.error.type}`, source];
  }

  #ask(key: Key): ResultAsync<Parameters<typeof textOf>[0], { readonly type: string }> {
    const { cities, candidates } = this.cache.caching.read;
    if (key === 'cities:active') return cities.getActive();
    const id = Number(key.slice(key.indexOf(':') + 1));
    return key.startsWith('city:') ? cities.find(id) : candidates.findByTelegramId(id);
  }
}
