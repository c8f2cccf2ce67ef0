import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** Absolute path of the repository, whatever the working directory is. */
export const projectRoot = fileURLToPath(new URL('..', import.meta.url));

export interface ToolRun {
  readonly status: number;
  readonly output: string;
}

/**
 * Runs an installed command-line tool, shows what it prints and hands the text back, so that a gate can read
 * from it how much was looked at.
 */
export function runTool(
  command: string,
  args: readonly string[],
  options: { cwd?: string; quiet?: boolean } = {},
): ToolRun {
  const run = spawnSync(command, args, {
    cwd: options.cwd ?? projectRoot,
    encoding: 'utf8',
    maxBuffer: 256 * 1024 * 1024,
    env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: undefined },
  });
  if (run.error !== undefined) throw new Error(`${command} did not start: ${run.error.message}`);
  const output = `${run.stdout}${run.stderr}`;
  if (options.quiet !== true) process.stdout.write(output);
  return { status: run.status ?? 1, output };
}

/** Ends a gate: prints the count, and fails the process when the tool failed or looked at nothing. */
export function conclude(gate: string, looked: { count: number; of: string }, passed: boolean): void {
  const verdict = looked.count === 0 ? 'looked at nothing' : passed ? 'ok' : 'failed';
  console.log(`${gate}: ${looked.count} ${looked.of}, ${verdict}`);
  if (verdict !== 'ok') process.exitCode = 1;
}
