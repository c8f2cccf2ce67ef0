/** Tells a callback of the host's how far work has come; one that throws keeps nothing from being done. */
export function tellHost<T>(listener: ((told: T) => void) | undefined, told: T): void {
  try {
    listener?.(told);
  } catch {
    // The work is what was asked for.
  }
}
