import type { Stage } from './stage.ts';

export const HERD = { callersPerProcess: 1_000, processes: 4 } as const;

/** A load takes long enough for everybody to ask while it runs. */
const DATABASE_DELAY_MS = 10;
/** All processes have got their orders by then. */
const LEAD_MS = 500;

/** Lets all callers of all processes ask for one cold recruiter at once; answers how many loads that took. */
export async function herd({ nodes }: Stage, id: number, others: readonly number[]): Promise<number> {
  // Opens connections, which would take turns otherwise.
  for (const node of nodes) await Promise.all(others.map((other) => node.read(other)));
  for (const node of nodes) node.database.delay(DATABASE_DELAY_MS);
  const at = Date.now() + LEAD_MS;
  const loads = await Promise.all(nodes.map((node) => node.herd(id, HERD.callersPerProcess, at)));
  for (const node of nodes) node.database.heal();
  return loads.reduce((sum, count) => sum + count, 0);
}
