/** What work comes to, or something else when that takes longer; the work goes on, and nobody waits for it. */
export const within = <T>(limitMs: number, work: Promise<T>, instead: () => T): Promise<T> =>
  new Promise((resolve, reject) => {
    const timer = setTimeout(() => resolve(instead()), limitMs);
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
