import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import type { Result, ResultAsync } from 'neverthrow';

/** Anything that answers a Result: a use case, a repository call, a unit of work. */
export type Outcome<T, E> = Result<T, E> | ResultAsync<T, E> | Promise<Result<T, E>>;

interface Tagged {
  readonly type: string;
}

/** The value of an `Ok`; fails the test on an `Err` and shows it. */
export async function expectOk<T>(outcome: Outcome<T, unknown>): Promise<T> {
  const result = await outcome;
  if (result.isErr()) assert.fail(`expected Ok, got Err ${inspect(result.error, { depth: 4 })}`);
  return result.value;
}

/** The error of an `Err` of this type, with these fields; fails the test on anything else and shows it. */
export async function expectErr<E extends Tagged, Type extends E['type']>(
  outcome: Outcome<unknown, E>,
  type: Type,
  fields: Partial<Extract<E, { readonly type: Type }>> = {},
): Promise<Extract<E, { readonly type: Type }>> {
  const result = await outcome;
  if (result.isOk()) assert.fail(`expected ${type}, got Ok ${inspect(result.value, { depth: 4 })}`);
  const error = result.error as Extract<E, { readonly type: Type }>;
  assert.equal(error.type, type, inspect(error, { depth: 4 }));
  for (const [name, value] of Object.entries(fields))
    assert.deepEqual(error[name as keyof typeof error], value, `${type}.${name}`);
  return error;
}

/** Compares what two objects hold, whatever made them. */
export function assertSame(actual: unknown, expected: unknown): void {
  assert.deepEqual(plain(actual), plain(expected));
}

const plain = (value: unknown): unknown =>
  value === undefined ? undefined : (JSON.parse(JSON.stringify(value)) as unknown);
