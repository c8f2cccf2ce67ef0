/** Keys that are made once, so that no library pays for a text that its user may have at hand. */
export function knownKeys(keyOf: (id: number) => string): (id: number) => string {
  const keys: string[] = [];
  return (id) => (keys[id] ??= keyOf(id));
}
