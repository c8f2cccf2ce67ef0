import { calm, type Fault } from './fault.ts';
import type { Flaw } from './flaws.ts';
import { notifyFaults } from './notify-faults.ts';
import { redisAloneFaults, redisFaults } from './redis-faults.ts';
import { playRound, type Pace, type Round } from './round.ts';
import {
  openNotifyStage,
  openRedisAloneStage,
  openRedisStage,
  type OpenStage,
  type RedisStage,
  type Servers,
  type Stage,
} from './stage.ts';

/** A kind of cache, and what may happen to it. */
export interface Setting<On extends Stage> {
  readonly title: string;
  readonly open: OpenStage<On>;
  readonly faults: readonly Fault<On>[];
}

export const besideRedis: Setting<RedisStage> = {
  title: 'memory in front of Redis',
  open: openRedisStage,
  faults: redisFaults,
};

export const redisAlone: Setting<RedisStage> = {
  title: 'Redis alone',
  open: openRedisAloneStage,
  faults: redisAloneFaults,
};

export const toldByDatabase: Setting<Stage> = {
  title: 'memory without Redis, told by PostgreSQL',
  open: openNotifyStage,
  faults: notifyFaults,
};

/** A deliberate mistake, and the circumstances under which it must be noticed. */
export interface Proof {
  readonly flaw: Flaw;
  readonly title: string;
  readonly play: (servers: Servers, seed: number, around: AsyncDisposableStack) => Promise<Round>;
}

/** Longer than memory may be late. */
const proofPace: Pace = { faultMs: 2500, calmMs: 300 };

const proof = <On extends Stage>({ title, open, faults }: Setting<On>, name: string, flaw: Flaw): Proof => ({
  flaw,
  title: `${flaw}, ${title}`,
  play: async (servers, seed, around) => {
    const fault = faults.find((one) => one.name === name);
    if (fault === undefined) throw new Error(`there is no fault ${name}`);
    const stage = await open(servers, flaw, around);
    const round = await playRound(stage, fault, proofPace, seed);
    await stage.close();
    return round;
  },
});

export const proofs: readonly Proof[] = [
  proof(besideRedis, calm.name, 'stamp-after-load'),
  proof(redisAlone, 'alone-nothing', 'stamp-after-load'),
  proof(besideRedis, calm.name, 'bump-forgotten'),
  proof(besideRedis, calm.name, 'bump-before-commit'),
  proof(besideRedis, calm.name, 'announcements-ignored'),
  proof(toldByDatabase, 'notify-nothing', 'announcements-ignored'),
  proof(toldByDatabase, 'notify-silent', 'heartbeat-ignored'),
];
