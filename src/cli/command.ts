import type { Command } from 'commander';
import type { ResultAsync } from 'neverthrow';
import type { Instrumentation, Slotwise } from '../index.ts';
import type { CliError } from './cli-error.ts';
import type { ExitCode } from './exit-codes.ts';
import type { Output } from './output.ts';

/** What a command has to say in the end. */
export interface Report {
  /** For `--json`. */
  readonly data: unknown;
  /** For people. */
  readonly text: string;
  /** 0 when left out. */
  readonly exitCode?: ExitCode;
}

export interface OpenOptions {
  /** Refuses to go on where no Redis is named, or where it does not answer. */
  readonly redis?: true;
  /** `none` reads from the database alone, `redis` does without the memory of this process. */
  readonly cache?: 'none' | 'redis';
  readonly instrumentation?: Instrumentation;
}

/** What a command works with. */
export interface CommandContext {
  /** An SDK on what the options and the environment name. It is closed when the command has ended. */
  readonly open: (options?: OpenOptions) => ResultAsync<Slotwise, CliError>;
  /** Whether the options and the environment name a Redis. */
  readonly namesRedis: boolean;
  readonly output: Output;
  /** Whether `--json` was given, for what does not end with a report. */
  readonly json: boolean;
  /** Aborted by SIGINT and SIGTERM. */
  readonly signal: AbortSignal;
}

/** What was given on the command line. */
export interface Given<Options> {
  readonly options: Options;
  readonly args: readonly string[];
}

/** One command. A new one is a file in `commands/` and a line in `commands.ts`. */
export interface CliCommand<Options = object> {
  /** The words it is called by: `cache warm`. */
  readonly name: string;
  /** One line for the list of commands. */
  readonly summary: string;
  /** More for its own `--help`: what it changes, what it needs. */
  readonly details?: string;
  /**
   * `report` when left out. `lines`: stdout is JSON lines in any case, and the report goes to stderr. `views`: it shows one thing after
   * the other, there is no report, and being interrupted is how it ends.
   */
  readonly writes?: 'report' | 'lines' | 'views';
  /** Declares its own options and arguments. */
  readonly configure?: (command: Command) => Command;
  readonly run: (context: CommandContext, given: Given<Options>) => ResultAsync<Report, CliError>;
}

/** A command among others, whatever its options are: they come from its own declarations. */
export const defineCommand = <Options extends object>(command: CliCommand<Options>): CliCommand =>
  command as CliCommand<never> as CliCommand;
