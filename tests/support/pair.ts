import { randomBytes } from 'node:crypto';
import { createSlotwise, type CacheOptions, type Recruiter, type Slotwise } from '../../src/index.ts';
import { seedBoard } from '../../src/testing/seeds/seed-board.ts';
import { ScratchDatabase } from './scratch-database.ts';
import { rename } from './traffic.ts';
import { until } from './until.ts';

const LIMIT_MS = 5000;
/** How long memory may answer what is no longer so. */
const MEMORY_LAG_MS = 1000;

/** Two SDKs on one database and one Redis, with a recruiter whom both read. */
export class Pair {
  readonly writer: Slotwise;
  readonly reader: Slotwise;
  readonly recruiter: Recruiter;

  private constructor(writer: Slotwise, reader: Slotwise, recruiter: Recruiter) {
    this.writer = writer;
    this.reader = reader;
    this.recruiter = recruiter;
  }

  static async open(stack: AsyncDisposableStack, cache: CacheOptions): Promise<Pair> {
    const database = stack.use(new ScratchDatabase());
    const options = { prefix: `pair:${randomBytes(6).toString('hex')}`, ...cache };
    const open = async (): Promise<Slotwise> =>
      stack.use((await createSlotwise({ database: database.options, cache: options }))._unsafeUnwrap());
    const [writer, reader] = [await open(), await open()];
    (await writer.migrate())._unsafeUnwrap();
    const { recruiter } = (await seedBoard(writer))._unsafeUnwrap();
    return new Pair(writer, reader, recruiter);
  }

  /** As the reader sees it. */
  async name(): Promise<string> {
    return (await this.reader.read.recruiters.get(this.recruiter.id))._unsafeUnwrap().name;
  }

  /** Waits until the reader is answered by the cache. */
  async hits(kind: 'l1Hits' | 'l2Hits', limitMs = LIMIT_MS): Promise<void> {
    await until(`one of the ${kind}`, limitMs, async () => {
      const before = this.reader.cache.stats()[kind];
      await this.name();
      return this.reader.cache.stats()[kind] > before;
    });
  }

  /** Waits for a commit that answers `applied`, and until the reader shows it. */
  async tells(name: string, limitMs = LIMIT_MS): Promise<void> {
    await until('a commit that is applied', limitMs, async () => {
      return (await rename(this.writer, this.recruiter.id, name)).invalidation === 'applied';
    });
    await until('the new name', MEMORY_LAG_MS, async () => (await this.name()) === name);
  }
}
