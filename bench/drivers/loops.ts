import type { Host } from './host.ts';

/** Looking at the clock for each read would be part of what is measured. */
const READS_BETWEEN_LOOKS = 16;
const PEEKS_BETWEEN_LOOKS = 1024;

export interface Slice {
  readonly ids: readonly number[];
  readonly sliceMs: number;
}

/** Reads per second of callers who each wait for one answer before they ask for the next. */
export async function rateOfReads(
  read: Host['read'],
  { ids, sliceMs, callers }: Slice & { readonly callers: number },
): Promise<number> {
  const startedAt = performance.now();
  let reads = 0;
  const caller = async (): Promise<void> => {
    do {
      for (let done = 0; done < READS_BETWEEN_LOOKS; done += 1) {
        const id = ids[reads % ids.length] ?? 0;
        reads += 1;
        await read(id);
      }
    } while (performance.now() - startedAt < sliceMs);
  };
  await Promise.all(Array.from({ length: callers }, caller));
  return perSecond(reads, startedAt);
}

/** The same without waiting; every look has to find something. */
export function rateOfPeeks(peek: (id: number) => unknown, { ids, sliceMs }: Slice): number {
  const startedAt = performance.now();
  let peeks = 0;
  let found = 0;
  do {
    for (let look = 0; look < PEEKS_BETWEEN_LOOKS; look += 1) {
      const answer = peek(ids[peeks % ids.length] ?? 0);
      peeks += 1;
      if (answer !== undefined && answer !== null) found += 1;
    }
  } while (performance.now() - startedAt < sliceMs);
  if (found < peeks) throw new Error(`${peeks - found} of ${peeks} looks found nothing`);
  return perSecond(peeks, startedAt);
}

const perSecond = (count: number, startedAt: number): number =>
  (count / (performance.now() - startedAt)) * 1000;
