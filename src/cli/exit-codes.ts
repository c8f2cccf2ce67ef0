import type { CliError } from './cli-error.ts';

/** How the process ends, and what that means. */
export const exitCodes = {
  ok: 0,
  failed: 1,
  usage: 2,
  away: 3,
  interrupted: 130,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

export const exitCodeMeanings: Readonly<Record<keyof typeof exitCodes, string>> = {
  ok: 'done; a cache that is away is no failure where the database answers',
  failed: 'not done, or not all of it',
  usage: 'the command, its options or the environment are wrong; nothing was done',
  away: 'PostgreSQL, or Redis where the command is about it, cannot be reached or does not answer',
  interrupted: 'ended by SIGINT or SIGTERM',
};

/** States of PostgreSQL in which it takes no connections, or has ended them. */
const AWAY = /^(08|57P|53300)/;

export function exitCodeOf(error: CliError): ExitCode {
  switch (error.type) {
    case 'Usage':
    case 'Config':
    case 'Validation':
    case 'UnknownFamily':
    case 'InvalidTimeZone':
      return exitCodes.usage;
    case 'DatabaseUnreachable':
    case 'CacheUnavailable':
      return exitCodes.away;
    case 'Timeout':
      return error.waitedFor === 'connection' ? exitCodes.away : exitCodes.failed;
    case 'Database':
      return error.sqlState === undefined || AWAY.test(error.sqlState) ? exitCodes.away : exitCodes.failed;
    default:
      return exitCodes.failed;
  }
}
