import { beforeAll, describe, expect, it } from 'vitest';
import { createSlotwise } from '../../src/index.ts';
import { HEARTBEAT_LIMIT_MS } from '../../src/infrastructure/cache/limits.ts';
import { seedBoard } from '../../src/testing/seeds/seed-board.ts';
import { ChildWorker } from '../support/child-process.ts';
import { ScratchDatabase } from '../support/scratch-database.ts';
import { ScratchPrefix } from '../support/scratch-prefix.ts';
import { describeWithServers } from '../support/services.ts';
import type { History } from './coherence/history.ts';
import { judgeHistories, type Judgement } from './coherence/judge-histories.ts';
import { openPlayer } from './coherence/open-player.ts';
import { playOnBoard, type Play, type SharedBoard } from './coherence/play-on-board.ts';
import type { Player } from './coherence/player.ts';

const CHILDREN = 2;
const CANDIDATES_EACH = 4;
const play: Play = { milliseconds: 7000, readers: 5, writers: 2 };
const RUN_TIMEOUT_MS = 60_000;

interface Run {
  readonly histories: readonly History[];
  readonly judgement: Judgement;
}

/** Three processes on the same few rows, one PostgreSQL and one Redis. */
async function run({ broken = false, memory = false } = {}): Promise<Run> {
  await using stack = new AsyncDisposableStack();
  const database = stack.use(new ScratchDatabase());
  const cache = {
    ...stack.use(new ScratchPrefix()).options,
    ...(memory ? {} : { l1: false as const }),
  };
  const options = { database: { ...database.options, pool: { max: 10 } }, cache };

  const plain = stack.use((await createSlotwise({ ...options, cache: false }))._unsafeUnwrap());
  (await plain.migrate())._unsafeUnwrap();
  const candidates = CANDIDATES_EACH * (CHILDREN + 1);
  const seeded = (
    await seedBoard(plain, { recruiters: 3, slotsPerRecruiter: 2, candidates })
  )._unsafeUnwrap();
  const boardOf = (player: number): SharedBoard => ({
    cityId: seeded.city.id,
    recruiterIds: seeded.recruiters.map(({ id }) => id),
    slots: seeded.slots.map(({ id, recruiterId }) => ({ id, recruiterId })),
    candidateIds: seeded.candidates
      .slice(player * CANDIDATES_EACH, (player + 1) * CANDIDATES_EACH)
      .map(({ id }) => id),
  });

  const children = Array.from({ length: CHILDREN }, () =>
    stack.use(new ChildWorker<Player>(new URL('coherence/player.ts', import.meta.url))),
  );
  await Promise.all(children.map((child) => child.call('open', { options, broken })));
  const own = stack.use(await openPlayer({ options, broken }));
  const histories = await Promise.all([
    playOnBoard(own, boardOf(0), play),
    ...children.map((child, index) => child.call('play', { board: boardOf(index + 1), play })),
  ]);
  await Promise.all(children.map((child) => child.call('close', undefined)));
  return { histories, judgement: judgeHistories(histories) };
}

function print(name: string, { histories, judgement }: Run): void {
  const sum = (count: (history: History) => number): number =>
    histories.reduce((total, history) => total + count(history), 0);
  const hits = sum(({ stats }) => stats.l1Hits + stats.l2Hits);
  const misses = sum(({ stats }) => stats.misses + stats.bypassed);
  const { commits, reads, observations, violations, longestStalenessMs } = judgement;
  console.log(
    `${name}: ${reads} reads with ${observations} observations, hits ${hits} (${((100 * hits) / (hits + misses)).toFixed(1)} %), ` +
      `commits ${commits.applied} applied + ${commits.deferred} deferred, refusals ${sum((history) => history.refusals)}, ` +
      `violations ${violations.length}, longest staleness ${longestStalenessMs.toFixed(2)} ms`,
  );
}

describeWithServers('three processes that read and write the same rows', () => {
  describe.each([
    { through: 'Redis', memory: false, boundMs: 0 },
    { through: 'memory in front of Redis', memory: true, boundMs: HEARTBEAT_LIMIT_MS },
  ])('through $through', ({ through, memory, boundMs }) => {
    let finished: Run;

    beforeAll(async () => {
      finished = await run({ memory });
      print(`coherence through ${through}`, finished);
    }, RUN_TIMEOUT_MS);

    it(`never read anything older than a commit acknowledged as applied ${boundMs} ms before`, () => {
      expect(finished.judgement.violations.filter(({ lateByMs }) => lateByMs > boundMs)).toEqual([]);
    });

    it('get nothing but answers and the refusals of the domain', () => {
      expect(finished.histories.flatMap(({ failures }) => failures)).toEqual([]);
    });

    it('did enough for that to mean something', () => {
      const { judgement, histories } = finished;
      expect(judgement.observations).toBeGreaterThan(5000);
      expect(judgement.commits.applied).toBeGreaterThan(100);
      for (const { stats } of histories) expect(memory ? stats.l1Hits : stats.l2Hits).toBeGreaterThan(200);
    });
  });

  describe('through a cache that stamps what it stores after the load', () => {
    it('are caught reading old values by the same judge', { timeout: RUN_TIMEOUT_MS }, async () => {
      const broken = await run({ broken: true });
      print('coherence, deliberately broken', broken);
      expect(broken.judgement.violations.length).toBeGreaterThan(0);
    });
  });
});
