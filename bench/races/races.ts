import { setTimeout as sleep } from 'node:timers/promises';
import type { Stage } from './stage.ts';
import { watch, type Sightings } from './watch.ts';

/** Names that a recruiter has one after the other. */
const OLD = 'Before';
const NEW = 'After';

export interface Race {
  readonly letter: string;
  readonly story: string;
  /** Lets it happen to one recruiter, who is called `Before`, and looks at what is read afterwards. */
  readonly run: (stage: Stage, id: number) => Promise<Sightings>;
}

/** Longer than a lost connection takes to be noticed and replaced. */
const WATCH_MS = 3_000;
/** Longer than clients keep a command for a server that is away: ioredis gives up after 20 attempts, or 10.5 s. */
const OUTAGE_MS = 12_000;
/** Clients come back up to 2 s after the server. */
const AFTER_OUTAGE_MS = 4_000;

export const races: readonly Race[] = [
  {
    letter: 'a',
    story: 'a reader loads before the commit and stores after the invalidation',
    async run({ writer, reader, observer }, id) {
      const since = await observer.now();
      reader.database.swallow(['answers']);
      const reading = reader.read(id);
      await observer.readBy(reader.name, since);
      await writer.rename(id, NEW);
      await observer.named(id, NEW);
      reader.database.heal();
      await reading;
      return watch([writer, reader], id, NEW, WATCH_MS);
    },
  },
  {
    letter: 'b',
    story: 'a connection breaks while the message to the other process is on its way',
    async run(stage, id) {
      const { writer, reader, observer } = stage;
      await stage.warmUp([id]);
      reader.redis.swallow();
      await writer.rename(id, NEW);
      await observer.named(id, NEW);
      reader.redis.cut();
      reader.redis.heal();
      return watch([writer, reader], id, NEW, WATCH_MS);
    },
  },
  {
    letter: 'c',
    story: 'the writer dies between the commit and the invalidation',
    async run(stage, id) {
      const { writer, reader, observer } = stage;
      await stage.warmUp([id]);
      writer.redis.swallow();
      const renaming = writer.rename(id, NEW);
      await observer.named(id, NEW);
      await writer.kill();
      await renaming;
      writer.redis.cut();
      writer.redis.heal();
      return watch([reader], id, NEW, WATCH_MS);
    },
  },
  {
    letter: 'd',
    story: `Redis stops answering, then a write; Redis is away for ${OUTAGE_MS / 1000} s and comes back with what it had`,
    async run(stage, id) {
      const { writer, reader, observer, redis } = stage;
      await stage.warmUp([id]);
      const snapshot = await redis.snapshot();
      for (const node of [writer, reader]) node.redis.swallow();
      await writer.rename(id, NEW);
      await observer.named(id, NEW);
      await redis.kill();
      for (const node of [writer, reader]) node.redis.heal();
      const watching = watch([writer, reader], id, NEW, OUTAGE_MS + AFTER_OUTAGE_MS);
      await sleep(OUTAGE_MS);
      await redis.restart(snapshot);
      return watching;
    },
  },
  {
    letter: 'e',
    story: 'a transaction changes, invalidates, reads back, and is rolled back',
    async run(stage, id) {
      const { writer, reader } = stage;
      await stage.warmUp([id]);
      await writer.renameAndRollBack(id, NEW);
      return watch([writer, reader], id, OLD, WATCH_MS);
    },
  },
];

export { OLD as NAME_BEFORE };
