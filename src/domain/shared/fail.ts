import { err, type Err } from 'neverthrow';

/** An `Err` of a plain error object whose `type` stays a literal type, so that it fits its union. */
export const fail = <const E extends { readonly type: string }>(error: E): Err<never, E> => err(error);
