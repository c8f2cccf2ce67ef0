import { setTimeout as sleep } from 'node:timers/promises';
import type { RaceNode } from './race-node.ts';

/** What was read after a write had been acknowledged. */
export interface Sightings {
  readonly answered: number;
  readonly unanswered: number;
  readonly stale: number;
  /** When the last stale answer was asked for, in milliseconds after the acknowledgement. */
  readonly lastStaleMs: number;
  /** Whether a node still gave stale answers at the end. */
  readonly stillStale: boolean;
  /** Whether a process that should have gone on has ended. */
  readonly died: boolean;
}

const PAUSE_MS = 100;

/** Reads on every node again and again, and compares each answer with what is committed. */
export async function watch(
  nodes: readonly RaceNode[],
  id: number,
  committed: string,
  forMs: number,
): Promise<Sightings> {
  const startedAt = performance.now();
  const reads: Promise<{ readonly atMs: number; readonly name: string | undefined }>[] = [];
  for (let atMs = 0; atMs < forMs; atMs = performance.now() - startedAt) {
    const askedAt = atMs;
    for (const node of nodes) reads.push(node.read(id).then((name) => ({ atMs: askedAt, name })));
    await sleep(PAUSE_MS);
  }
  const seen = await Promise.all(reads);
  const stale = seen.filter(({ name }) => name !== undefined && name !== committed);
  const unanswered = seen.filter(({ name }) => name === undefined).length;
  return {
    answered: seen.length - unanswered,
    unanswered,
    stale: stale.length,
    lastStaleMs: stale.at(-1)?.atMs ?? 0,
    died: nodes.some(({ alive }) => !alive),
    stillStale: seen.slice(-nodes.length).some(({ name }) => name !== undefined && name !== committed),
  };
}
