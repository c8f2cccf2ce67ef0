import { err, ok, type Result } from 'neverthrow';
import type { ConfigError } from './errors.ts';

/** What a variable is set to, if it is. */
export type ReadVariable<Variable extends string> = (name: Variable) => string | undefined;

export const invalidVariable = (name: string, message: string): Result<never, ConfigError> =>
  err({ type: 'Config', key: name, message });

export function flag<Variable extends string>(
  read: ReadVariable<Variable>,
  name: Variable,
): Result<boolean | undefined, ConfigError> {
  const value = read(name);
  if (value === undefined) return ok(undefined);
  if (/^(1|true|yes|on)$/i.test(value)) return ok(true);
  if (/^(0|false|no|off)$/i.test(value)) return ok(false);
  return invalidVariable(name, 'must be true or false');
}
