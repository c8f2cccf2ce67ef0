import { describeError, type SlotwiseError, type StartupError } from '../index.ts';

/** What was asked for cannot be understood, or lacks something that the environment or an option must name. */
export interface UsageError {
  readonly type: 'Usage';
  readonly message: string;
}

/** A command that would do harm, or that there is nothing to do for. */
export interface RefusedError {
  readonly type: 'Refused';
  readonly message: string;
}

export type CliError = SlotwiseError | StartupError | UsageError | RefusedError;

export const usage = (message: string): UsageError => ({ type: 'Usage', message });
export const refused = (message: string): RefusedError => ({ type: 'Refused', message });

/** SQLSTATEs of a schema, table or column that is not there. */
const NOT_MIGRATED = new Set(['3F000', '42P01', '42703']);

/** One sentence for whoever called the command; never a password. */
export function explain(error: CliError): string {
  if (error.type === 'Usage' || error.type === 'Refused') return error.message;
  if (error.type === 'CacheUnavailable') return 'Redis cannot be reached or does not answer';
  const sentence = withoutPasswords(describeError(error));
  return error.type === 'Database' && NOT_MIGRATED.has(error.sqlState ?? '')
    ? `${sentence}; has \`slotwise migrate up\` been run?`
    : sentence;
}

/** A driver may put a whole URL into its message. */
export const withoutPasswords = (text: string): string =>
  text.replaceAll(/(:\/\/[^:/@\s]*:)[^@\s]*@/g, '$1***@');
