/** Whether an error says that the database could not answer, rather than what it answered. */
export const isOutage = (error: unknown): boolean => {
  if (typeof error !== 'object' || error === null) return false;
  const { type, retryable } = error as { readonly type?: unknown; readonly retryable?: unknown };
  return retryable === true || type === 'Database' || type === 'Timeout';
};
