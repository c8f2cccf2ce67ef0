import type { TcpProxy } from '../support/tcp-proxy.ts';
import { until } from '../support/until.ts';
import { monotonicNow } from './history.ts';
import { NODES, type Stage } from './stage.ts';

const LIMIT_MS = 5000;

/**
 * Lets a process of its own commit something that it cannot tell anybody, and kills it as soon as the database has it.
 * Answers when the process was dead.
 *
 * @param silence keeps it from being told that it has committed, or from telling others
 */
export async function renameAndDie(stage: Stage, silence: (proxy: TcpProxy) => void): Promise<number> {
  await using stack = new AsyncDisposableStack();
  const { process: writer, proxy } = await stage.startNode(NODES, stack);
  await until(
    'the cache of the writer is up',
    LIMIT_MS,
    async () => (await writer.call('standing', undefined)).up,
  );
  silence(proxy);
  const name = `Committed at ${Math.round(monotonicNow())}, and nobody was told`;
  const renaming = writer.call('rename', { id: stage.board.silentRecruiter, name });
  const cutShort = renaming.then(
    () => false,
    () => true,
  );
  await until('the writer commits', LIMIT_MS, () => stage.ledger.hasRecruiter(name));
  await writer.kill();
  const diedAt = monotonicNow();
  if (!(await cutShort)) throw new Error('the writer could finish before it was killed');
  return diedAt;
}
