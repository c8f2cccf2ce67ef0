/** What a promise becomes, or `undefined` when it is rejected or takes longer. */
export function within<T>(limitMs: number, promise: Promise<T>): Promise<T | undefined> {
  return new Promise<T | undefined>((resolve) => {
    const finish = (value?: T): void => {
      clearTimeout(timer);
      resolve(value);
    };
    const timer = setTimeout(finish, limitMs);
    promise.then(finish, () => finish());
  });
}
