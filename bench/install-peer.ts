import { execFile } from 'node:child_process';
import { stat } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);

/**
 * Installs what a peer's lock file says, unless it is there already. Every peer has packages of its own, because some
 * of them cannot be installed together. Answers what went wrong.
 */
export async function installPeer(name: string): Promise<string | undefined> {
  const folder = fileURLToPath(new URL(`./peers/${name}/`, import.meta.url));
  const [wanted, installed] = await Promise.all(
    ['package-lock.json', 'node_modules/.package-lock.json'].map((file) => changedAt(folder + file)),
  );
  if ((installed ?? 0) >= (wanted ?? 0)) return undefined;
  console.log(`installing bench/peers/${name}`);
  try {
    await run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: folder });
    return undefined;
  } catch (cause) {
    return cause instanceof Error
      ? (cause.message.trim().split('\n').at(-1) ?? cause.message)
      : String(cause);
  }
}

const changedAt = (file: string): Promise<number | undefined> =>
  stat(file).then(
    ({ mtimeMs }) => mtimeMs,
    () => undefined,
  );
