import { setTimeout as sleep } from 'node:timers/promises';
import { monotonicNow } from './history.ts';
import { NODES, type Stage } from './stage.ts';

const LIMIT_MS = 5000;

/**
 * Lets a process of its own commit something while its way to Redis is silent, and kills it as soon as the database has
 * it. Nobody was told of this commit; answers when the process was dead.
 */
export async function renameAndDie(stage: Stage): Promise<number> {
  await using stack = new AsyncDisposableStack();
  const { process: writer, proxy } = await stage.startNode(NODES, stack);
  await until(async () => (await writer.call('standing', undefined)).up);
  proxy.swallow();
  const name = `Committed at ${Math.round(monotonicNow())}, and nobody was told`;
  const renaming = writer.call('rename', { id: stage.board.silentRecruiter, name });
  const cutShort = renaming.then(
    () => false,
    () => true,
  );
  await until(() => stage.ledger.hasRecruiter(name));
  await writer.kill();
  const diedAt = monotonicNow();
  if (!(await cutShort)) throw new Error('the writer could finish before it was killed');
  return diedAt;
}

async function until(isSo: () => Promise<boolean>): Promise<void> {
  const deadline = monotonicNow() + LIMIT_MS;
  while (!(await isSo())) {
    if (monotonicNow() > deadline) throw new Error('the writer did not come so far');
    await sleep(5);
  }
}
