import { setTimeout as sleep } from 'node:timers/promises';
import type { TcpProxy } from '../support/tcp-proxy.ts';
import { monotonicNow } from './history.ts';
import { oneOf, type Random } from './random.ts';
import type { Stage, StageNode } from './stage.ts';

/** Which processes can reach Redis while the fault is on: `others` than those it is done to. */
export type Reach = 'all' | 'others' | 'none';

export interface NamedFault {
  readonly name: string;
  /** Completes "while ...". */
  readonly description: string;
  readonly reach: Reach;
  /** Nothing stands in the way of memory. */
  readonly calm?: true;
}

/** Something that may happen to what a run stands on. */
export interface Fault<On extends Stage = Stage> extends NamedFault {
  /** Brings the fault about, keeps it up for so long, and heals it. */
  readonly act: (stage: On, milliseconds: number, random: Random) => Promise<Outcome | void>;
}

export interface Outcome {
  /** What was hit: keys that were lost, connections that were killed. Nothing hit, nothing shown. */
  readonly hits?: number;
  /** When the last writer that was killed was dead. */
  readonly diedAt?: number;
}

/** The processes that a fault for `others` is done to: one that writes and one that only reads; never the second. */
const WRITER = 0;
const READER = 2;
export const victims: readonly number[] = [WRITER, READER];

/** Longer than memory may go without having heard of anything. */
const SUSPENSION_MS = 1600;
/** A round trip takes nearly as long as memory may go without having heard of anything. */
const ANNOUNCEMENT_DELAY_MS = 400;
/** A round trip takes longer than the quarter of a second after which an answer past its lifetime is given. */
const STATEMENT_DELAY_MS = 150;
/** Long enough for lifetimes to end meanwhile, though everybody waits; how often nobody else renews them is chance. */
const SLOW_MS = { least: 3000, most: 20_000 } as const;
const LOOK_MS = 200;
const STORM_GUST_MS = { shortest: 100, longest: 1500 } as const;

const nodeAt = ({ nodes }: Stage, number: number): StageNode => {
  const node = nodes[number];
  if (node === undefined) throw new Error(`there is no process ${number}`);
  return node;
};

export const proxies = ({ nodes }: Stage): readonly TcpProxy[] => nodes.map(({ proxy }) => proxy);

/** Does something over and over until the time is over; answers the sum of what it answered. */
export async function again(
  milliseconds: number,
  pauseMs: number,
  act: (times: number) => number | void | Promise<number | void>,
): Promise<number> {
  const until = monotonicNow() + milliseconds;
  let sum = 0;
  for (let times = 0; ; times += 1) {
    sum += (await act(times)) ?? 0;
    if (monotonicNow() + pauseMs > until) return sum;
    await sleep(pauseMs);
  }
}

/** First to a process that writes, then to one that only reads; answers the sum of what it answered. */
export async function toEachVictim(
  stage: Stage,
  milliseconds: number,
  act: (proxy: TcpProxy, shareMs: number) => Promise<number | void>,
): Promise<number> {
  let sum = 0;
  for (const victim of victims)
    sum += (await act(nodeAt(stage, victim).proxy, milliseconds / victims.length)) ?? 0;
  return sum;
}

const listeners = (stage: Stage): number =>
  proxies(stage).reduce((sum, { listeningPorts }) => sum + listeningPorts.length, 0);

/** What is announced is held up. */
export async function silenceListeners(stage: Stage, milliseconds: number): Promise<Outcome> {
  const hits = listeners(stage);
  for (const proxy of proxies(stage)) proxy.swallow(undefined, 'listening');
  await sleep(milliseconds);
  for (const proxy of proxies(stage)) proxy.heal();
  return { hits };
}

/** What is announced arrives late, but does arrive. */
export async function delayListeners(stage: Stage, milliseconds: number): Promise<Outcome> {
  const hits = listeners(stage);
  for (const proxy of proxies(stage)) proxy.delay(ANNOUNCEMENT_DELAY_MS, 'listening');
  await sleep(milliseconds);
  for (const proxy of proxies(stage)) proxy.heal();
  return { hits };
}

/** What all others are compared with. */
export const calm: Fault = {
  name: 'nothing',
  description: 'nothing fails',
  reach: 'all',
  calm: true,
  act: (_stage, milliseconds) => sleep(milliseconds),
};

/** Answers that only outlived their lifetime stand in for those that the database owes. */
export const slowDatabase: Fault = {
  name: 'slow-database',
  description: 'a process that only reads waits for the database longer than for an answer past its lifetime',
  reach: 'others',
  async act(stage, milliseconds) {
    const { process: reader, database } = nodeAt(stage, READER);
    const served = async (): Promise<number> => (await reader.call('standing', undefined)).staleServed;
    const before = await served();
    const startedAt = monotonicNow();
    database.delay(STATEMENT_DELAY_MS);
    await sleep(Math.max(milliseconds, SLOW_MS.least));
    while ((await served()) === before && monotonicNow() - startedAt < SLOW_MS.most) await sleep(LOOK_MS);
    database.heal();
    return { hits: (await served()) - before };
  },
};

/** The same, where another one is called so. */
export const renamed = (fault: Fault, name: string): Fault => ({ ...fault, name });

export const stopReader: Fault = {
  name: 'stop-reader',
  description: 'a process that only reads is stopped (SIGSTOP) for longer than the heartbeat limit',
  reach: 'others',
  act: async (stage, milliseconds) => ({
    hits: await again(milliseconds, 300, async () => {
      const { process: reader } = nodeAt(stage, READER);
      const { hits } = await reader.call('standing', undefined);
      reader.pause();
      await sleep(SUSPENSION_MS);
      reader.resume();
      // One that had nothing in its cache would not show what it does with it.
      return hits > 0 ? 1 : 0;
    }),
  }),
};

export const stormOf = <On extends Stage>(name: string, faults: readonly Fault<On>[]): Fault<On> => ({
  name,
  description: 'any of these happens, one after the other, before anything has recovered',
  reach: 'none',
  async act(stage, milliseconds, random) {
    const { shortest, longest } = STORM_GUST_MS;
    let outcome: Outcome = {};
    await again(milliseconds, 0, async () => {
      const { act } = oneOf(random, faults);
      const { diedAt } = (await act(stage, shortest + random() * (longest - shortest), random)) ?? {};
      if (diedAt !== undefined) outcome = { diedAt };
    });
    return outcome;
  },
});
