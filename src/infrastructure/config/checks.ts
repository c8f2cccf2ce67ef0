import { z } from 'zod';

/** With more, `setTimeout` fires at once. */
export const LONGEST_TIMER_MS = 2_147_483_647;

export const milliseconds = z.number().int().positive().max(LONGEST_TIMER_MS);

export const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;

export const isFunction = (value: unknown): boolean => typeof value === 'function';

export const hasMethod = (value: unknown, method: string): boolean =>
  isObject(value) && isFunction(value[method]);

/** An object of the host that is used as it is, so what counts is what it can do. */
export const capable = (...methods: readonly string[]): z.ZodType<object> =>
  z.custom<object>(
    (value) => methods.every((method) => hasMethod(value, method)),
    `must have the functions ${methods.join(', ')}`,
  );
