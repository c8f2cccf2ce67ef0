import type { Source } from '../history.ts';

/** What the protocol promises, in milliseconds. */
export const bounds = {
  /** How long L1 may go on without having heard from the backplane. */
  heartbeat: 1000,
  /** How long a commit that answered `deferred` may stay unseen once a relay can reach Redis. */
  relay: 1500,
} as const;

/** What holds for a kind of cache. */
export interface Rules {
  /** Whether processes have memory of their own. */
  readonly memory: boolean;
  /** Where answers come from that must show everything that was acknowledged before the read started. */
  readonly strict: readonly Source[];
  /** Whether what nobody acknowledged waits for a process that can relay it. */
  readonly relayed: boolean;
}

/** Every read that memory does not answer asks Redis for the present versions. */
export const besideRedis: Rules = { memory: true, strict: ['l2', 'stale', 'database'], relayed: true };

export const redisAlone: Rules = { ...besideRedis, memory: false };

/** The versions are in memory themselves, so that also who joins a load knows only what this process has heard of. */
export const toldByDatabase: Rules = { memory: true, strict: [], relayed: false };
