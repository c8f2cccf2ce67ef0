import {
  createSlotwise,
  type CacheOptions,
  type CacheReadEvent,
  type Logger,
  type Recruiter,
  type ReadSource,
  type ServerDatabaseOptions,
  type Slotwise,
} from '../../src/index.ts';
import type { VersionedStore } from '../../src/infrastructure/cache/versioned-store.ts';
import { openSlotwise } from '../../src/infrastructure/create-slotwise.ts';
import { seedBoard, type Board, type SeedBoard } from '../../src/testing/seeds/seed-board.ts';
import { ScratchDatabase } from './scratch-database.ts';
import { ScratchPrefix } from './scratch-prefix.ts';
import { postgresUrl, redisUrl } from './services.ts';
import { TcpProxy } from './tcp-proxy.ts';
import { until } from './until.ts';

/** A process of a scenario, and what was seen of it since it was opened. */
export interface SceneNode {
  readonly sdk: Slotwise;
  /** Where its reads were answered, the latest last. */
  readonly reads: CacheReadEvent[];
  /** What it asked the database, but for the outbox. */
  readonly statements: string[];
}

export interface NodeOptions {
  /** Beside the scene's Redis and prefix, and a budget for reads that is larger than usual. */
  readonly cache?: CacheOptions;
  /** `false` leaves Redis out. */
  readonly redis?: false;
  readonly database?: Partial<ServerDatabaseOptions>;
  readonly wrapStore?: (store: VersionedStore) => VersionedStore;
  readonly logger?: Logger;
}

const READY_LIMIT_MS = 5000;

/**
 * A budget for reads that only a Redis which is away runs out of: with the one it has by default, so does a machine that
 * is busy, and then the database answers.
 */
const PATIENT_MS = 2000;

/** Several processes on one PostgreSQL schema and one part of Redis, with a board whose rows nobody has read yet. */
export class Scene implements AsyncDisposable {
  readonly #stack = new AsyncDisposableStack();
  readonly database: ScratchDatabase;
  readonly prefix: ScratchPrefix;
  readonly board: Board;
  /** Has no cache: its commits answer `deferred`, its reads are the truth. */
  readonly plain: Slotwise;

  private constructor(stack: AsyncDisposableStack, prefix: ScratchPrefix, parts: Parts) {
    this.#stack = stack;
    this.prefix = prefix;
    ({ database: this.database, board: this.board, plain: this.plain } = parts);
  }

  static async open(amounts: SeedBoard = {}): Promise<Scene> {
    await using stack = new AsyncDisposableStack();
    const database = stack.use(new ScratchDatabase());
    const prefix = stack.use(new ScratchPrefix());
    const plain = stack.use(
      (await createSlotwise({ database: database.options, cache: false }))._unsafeUnwrap(),
    );
    (await plain.migrate())._unsafeUnwrap();
    const board = (await seedBoard(plain, amounts))._unsafeUnwrap();
    // Nodes have nothing to make up for when they start.
    await database.rows('truncate $schema.invalidation');
    return new Scene(stack.move(), prefix, { database, board, plain });
  }

  /** A process whose cache is ready to be used. */
  async node({ cache, redis, database, wrapStore, logger }: NodeOptions = {}): Promise<SceneNode> {
    const reads: CacheReadEvent[] = [];
    const statements: string[] = [];
    const opened = await openSlotwise(
      {
        database: { ...this.database.options, ...database },
        cache: {
          ...(redis === false ? {} : { ...this.prefix.options, commandTimeoutMs: PATIENT_MS }),
          ...cache,
        },
        instrumentation: {
          cacheRead: (event) => reads.push(event),
          statement: ({ operation }) => {
            if (!operation.startsWith('invalidation.')) statements.push(operation);
          },
        },
        ...(logger === undefined ? {} : { logger }),
      },
      wrapStore === undefined ? {} : { wrapStore },
    );
    const sdk = this.#stack.use(opened._unsafeUnwrap());
    await until('the cache is up', READY_LIMIT_MS, () => isUp(sdk));
    return { sdk, reads, statements };
  }

  /** A network of its own between a node and Redis; give the node its URL. */
  async wayToRedis(): Promise<{ readonly proxy: TcpProxy; readonly url: string }> {
    return this.#wayTo(redisUrl());
  }

  /** The same between a node and PostgreSQL. */
  async wayToDatabase(): Promise<{ readonly proxy: TcpProxy; readonly url: string }> {
    return this.#wayTo(postgresUrl());
  }

  /** Meanwhile no statement on the table gets an answer, neither a read nor a write. */
  async whileLocked<T>(table: string, work: () => Promise<T>): Promise<T> {
    return this.database.during(async (run) => {
      await run(`lock table $schema.${table} in access exclusive mode`);
      return work();
    });
  }

  /** Until so many statements wait for a lock on the scene's tables. */
  async waiting(statements: number): Promise<void> {
    await until(`${statements} statements wait`, READY_LIMIT_MS, async () => {
      const [row] = await this.database.rows<{ waiting: number }>(
        `select count(distinct pid)::int as waiting from pg_locks
         where not granted and relation in (select oid from pg_class where relnamespace = '$schema'::regnamespace)`,
      );
      return row?.waiting === statements;
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stack.disposeAsync();
  }

  async #wayTo(url: string): Promise<{ readonly proxy: TcpProxy; readonly url: string }> {
    const proxy = this.#stack.use(await TcpProxy.startBefore(url));
    return { proxy, url: proxy.through(url) };
  }
}

type Parts = Pick<Scene, 'database' | 'board' | 'plain'>;

const isUp = ({ cache }: Slotwise): boolean => {
  const { state, memory } = cache.stats();
  return state === 'up' && memory !== 'untrusted';
};

export const recruiterOf = async ({ sdk }: SceneNode, id: number): Promise<Recruiter> =>
  (await sdk.read.recruiters.get(id))._unsafeUnwrap();

export const nameOf = async (node: SceneNode, id: number): Promise<string> =>
  (await recruiterOf(node, id)).name;

/** Where the last read of a node was answered. */
export const lastSource = ({ reads }: SceneNode): ReadSource | undefined => reads.at(-1)?.source;

/** Reads until the answer comes from where it is expected. */
export async function readUntil(
  node: SceneNode,
  source: ReadSource,
  read: () => Promise<unknown>,
): Promise<void> {
  await until(`an answer from ${source}`, READY_LIMIT_MS, async () => {
    await read();
    return lastSource(node) === source;
  });
}
