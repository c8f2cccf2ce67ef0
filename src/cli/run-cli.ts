import { CommanderError } from 'commander';
import type { Result, ResultAsync } from 'neverthrow';
import { explain, usage, withoutPasswords, type CliError } from './cli-error.ts';
import type { CliCommand, CommandContext, Given, Report } from './command.ts';
import { commands } from './commands.ts';
import { exitCodeOf, exitCodes, type ExitCode } from './exit-codes.ts';
import { OpenSdks } from './open-sdks.ts';
import { Output, type Stream } from './output.ts';
import { buildProgram } from './program.ts';
import { settingsOf, type Env, type GlobalOptions } from './settings.ts';

/** The process around the command line. */
export interface CliHost {
  readonly env: Env;
  readonly stdout: Stream;
  readonly stderr: Stream;
  /** Aborted when the process is asked to end. */
  readonly signal: AbortSignal;
}

/** Runs what the arguments say, and answers how the process is to end. */
export async function runCli(args: readonly string[], host: CliHost): Promise<ExitCode> {
  const output = new Output(host.stdout, host.stderr);
  let exitCode: ExitCode = exitCodes.ok;
  const program = buildProgram(commands, output, async (command, global, given) => {
    exitCode = await runCommand(command, global, given, output, host);
  });
  try {
    await program.parseAsync(args, { from: 'user' });
    return exitCode;
  } catch (cause) {
    if (!(cause instanceof CommanderError)) throw cause;
    // It has said what is wrong. Help and the version that were asked for end with 0.
    if (cause.exitCode === 0) return exitCodes.ok;
    if (args.includes('--json')) await writeError(usage(messageOf(cause)), output);
    return exitCodes.usage;
  }
}

async function runCommand(
  command: CliCommand,
  global: GlobalOptions,
  given: Given<object>,
  output: Output,
  { env, signal }: CliHost,
): Promise<ExitCode> {
  const settings = settingsOf(env, global);
  if (settings.isErr()) return tellError(settings.error, global, output);
  const sdks = new OpenSdks(settings.value, output);
  const { namesRedis } = settings.value;
  const context: CommandContext = {
    open: (options) => sdks.open(options),
    namesRedis,
    output,
    json: global.json === true,
    signal,
  };
  const outcome = await unlessAborted(command.run(context, given), signal);
  await sdks.close();
  if (outcome === 'aborted' && command.writes === 'views') return exitCodes.ok;
  if (outcome === 'aborted') {
    output.note(`slotwise: interrupted by ${String(signal.reason)}`);
    return exitCodes.interrupted;
  }
  return outcome.match(
    (report) => tell(report, command, global, output),
    (error) => tellError(error, global, output),
  );
}

/** What a command does when it is interrupted ends with the SDKs it uses. */
function unlessAborted(
  running: ResultAsync<Report, CliError>,
  signal: AbortSignal,
): Promise<Result<Report, CliError> | 'aborted'> {
  return new Promise((resolve, reject) => {
    const abort = (): void => resolve('aborted');
    if (signal.aborted) return abort();
    signal.addEventListener('abort', abort, { once: true });
    void running.then(resolve, reject);
  });
}

async function tell(
  { data, text, exitCode = exitCodes.ok }: Report,
  { writes = 'report' }: CliCommand,
  { json }: GlobalOptions,
  output: Output,
): Promise<ExitCode> {
  if (writes === 'views') return exitCode;
  if (writes === 'lines') {
    output.note(json ? JSON.stringify(data) : text);
    return exitCode;
  }
  const written = await (json ? output.json(data) : output.write(`${text}\n`));
  return written.isOk() ? exitCode : exitCodes.failed;
}

async function tellError(error: CliError, { json }: GlobalOptions, output: Output): Promise<ExitCode> {
  output.note(`slotwise: ${explain(error)}`);
  if (json) await writeError(error, output);
  return exitCodeOf(error);
}

/** Whoever does not read the answer reads the exit code. */
const writeError = (error: CliError, output: Output): Promise<void> =>
  output.json({ error: { type: error.type, message: explain(error) } }).unwrapOr(undefined);

/** Where a command is missing, commander prints the help in place of a message. */
const messageOf = ({ code, message }: CommanderError): string =>
  code === 'commander.help' ? 'a command is missing' : withoutPasswords(message.replace(/^error: /, ''));
