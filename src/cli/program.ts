import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { withoutPasswords } from './cli-error.ts';
import type { CliCommand, Given } from './command.ts';
import { exitCodeMeanings, exitCodes } from './exit-codes.ts';
import type { Output } from './output.ts';
import type { GlobalOptions } from './settings.ts';

type Run = (command: CliCommand, global: GlobalOptions, given: Given<object>) => Promise<void>;

const SUMMARY = 'Operates a Slotwise database and its cache.';

const NOTES = `
Servers are named by the environment that the SDK reads (DATABASE_URL, REDIS_URL and the others), or by the options
above. Prefer the environment: options can be seen by everybody on the machine.

With --json, stdout is one JSON document, also when a command fails: { "error": { "type", "message" } }. What streams
writes JSON lines. Notes and errors go to stderr.

Exit codes:
${Object.entries(exitCodes)
  .map(([name, code]) => `  ${String(code).padEnd(4)} ${exitCodeMeanings[name as keyof typeof exitCodes]}`)
  .join('\n')}`;

/** The commands as commander understands them. Throws a `CommanderError` for what it does not understand. */
export function buildProgram(commands: readonly CliCommand[], output: Output, run: Run): Command {
  const program = new Command('slotwise')
    .description(SUMMARY)
    .version(packageVersion(), '-V, --version', 'print the version')
    .option('--database-url <url>', 'PostgreSQL server; DATABASE_URL when left out')
    .option('--redis-url <url>', 'Redis server; REDIS_URL or the other Redis variables when left out')
    .option('--schema <name>', 'PostgreSQL schema; SLOTWISE_SCHEMA, or slotwise, when left out')
    .option(
      '--prefix <text>',
      'first part of keys in Redis; SLOTWISE_CACHE_PREFIX, or slotwise, when left out',
    )
    .option('--json', 'answer in JSON')
    .helpOption('-h, --help', 'print what there is to know')
    .helpCommand(false)
    .addHelpText('after', NOTES)
    .configureHelp({
      showGlobalOptions: true,
      visibleCommands: commandsUnder,
      subcommandTerm: (command) =>
        [pathOf(command), command.usage().replace('[options]', '').trim()].join(' '),
    })
    .configureOutput({
      // dropped: help that nobody reads is no failure
      writeOut: (text) => void output.write(text).unwrapOr(undefined),
      // An argument in the wrong place may be a URL.
      writeErr: (text) => output.note(withoutPasswords(text.trimEnd())),
      outputError: (text, write) => write(text.replace(/^error: /, 'slotwise: ')),
    })
    .exitOverride();
  for (const command of commands) declare(command, program, run);
  return program;
}

function declare(command: CliCommand, program: Command, run: Run): void {
  const { name, summary, details, configure = (own: Command) => own } = command;
  const words = name.split(' ');
  const parent = words.slice(0, -1).reduce(group, program);
  const declared = parent
    .command(words.at(-1) ?? name)
    .summary(summary)
    .description([sentence(summary), ...(details === undefined ? [] : [oneLine(details)])].join(' '))
    .allowExcessArguments(false);
  configure(declared).action(() =>
    run(command, declared.optsWithGlobals<GlobalOptions>(), {
      options: declared.opts(),
      args: declared.args,
    }),
  );
}

/** Commands that begin with the same word. */
const group = (parent: Command, word: string): Command =>
  parent.commands.find((command) => command.name() === word) ?? parent.command(word);

/** Only what does something: a reader of the help need not ask each group. */
const commandsUnder = (command: Command): Command[] =>
  command.commands.flatMap((one) => (one.commands.length === 0 ? [one] : commandsUnder(one)));

const pathOf = (command: Command): string =>
  command.parent?.parent ? `${pathOf(command.parent)} ${command.name()}` : command.name();

const sentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;

/** Wrapped by whoever prints it. */
const oneLine = (text: string): string => text.replaceAll(/\s+/g, ' ');

function packageVersion(): string {
  const manifest = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(manifest) as { readonly version: string }).version;
}
